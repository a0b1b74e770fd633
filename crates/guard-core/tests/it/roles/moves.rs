//! On the way of a plan: whoever crashes, repeats or runs beside somebody else, no moment is worse than the first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use guard_core::envelope::Envelope;
use guard_core::inventory::{BearerKind, Document};
use guard_core::roles::{
    Arrival, Conclusion, Mandate, Next, Observed, Plan, Reason, Ruling, judge, judge_text, lost,
    next, open,
};
use proptest::prelude::*;
use serde_json::json;

use super::case::{AGENT, CORE, FORBIDDEN, LOGGING, bearer, charter, logging_policy, mandate, now};

/// A role as IAM holds it, and what it was before each write.
#[derive(Debug, Clone)]
struct Role {
    attached: BTreeSet<&'static str>,
    n_writes: usize,
}

const ALL: [&str; 4] = [AGENT, CORE, FORBIDDEN, LOGGING];

fn known(arn: &str) -> &'static str {
    ALL.into_iter().find(|known| *known == arn).unwrap()
}

fn logging() -> Document {
    Document::Known(Arc::new(logging_policy()))
}

fn documents() -> BTreeMap<String, Document> {
    BTreeMap::from([(LOGGING.to_owned(), logging())])
}

/// Whether the role can write the log as well as one with all its policies can.
fn can_write(mandate: &Mandate, attached: &BTreeSet<&'static str>) -> bool {
    let mut with_all: Vec<&str> = attached.iter().copied().collect();
    with_all.retain(|arn| *arn != FORBIDDEN && *arn != LOGGING);
    let kept: BTreeSet<&str> = attached.iter().copied().collect();
    with_all.extend([FORBIDDEN, LOGGING]);
    let bearer = bearer(BearerKind::Role, &with_all, &logging());
    lost(&bearer, mandate.needs(), &|arn| !kept.contains(arn), &[]).is_empty()
}

fn observe(mandate: &Mandate, plan: &Plan, attached: &BTreeSet<&'static str>) -> Next {
    let attached: Vec<&str> = attached.iter().copied().collect();
    let (bearer, successors) = (bearer(BearerKind::Role, &attached, &logging()), documents());
    let observed = Observed {
        bearer: &bearer,
        successors: &successors,
    };
    next(
        mandate,
        &mandate.charter().forbidden()[0],
        plan,
        Some(observed),
        now(),
    )
}

impl Role {
    fn write(&mut self, next: &Next) {
        match next {
            Next::Attach(arn) => {
                self.attached.insert(known(arn));
                self.n_writes += 1;
            }
            Next::Detach(arn) => {
                self.attached.remove(arn.as_str());
                self.n_writes += 1;
            }
            Next::Done | Next::Stop(_) => {}
        }
    }
}

/// One thing that happens to the role.
#[derive(Debug, Clone, Copy)]
enum Turn {
    /// This run looks.
    Look(usize),
    /// It does what it made of what it saw, which may be long past.
    Act(usize),
    /// The call that it makes is refused.
    Refused(usize),
    /// It dies and begins again from nothing.
    Crash(usize),
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let turn = (0..4, 0..3usize).prop_map(|(kind, run)| match kind {
        0 => Turn::Look(run),
        1 => Turn::Act(run),
        2 => Turn::Refused(run),
        _ => Turn::Crash(run),
    });
    prop::collection::vec(turn, 0..40)
}

fn start() -> impl Strategy<Value = BTreeSet<&'static str>> {
    prop::sample::subsequence(vec![AGENT, CORE, LOGGING], 0..=3)
        .prop_map(|others| others.into_iter().chain([FORBIDDEN]).collect())
}

fn the_mandate(has_agent: bool) -> Mandate {
    let successors: &[&str] = if has_agent {
        &["logging", "agent"]
    } else {
        &["logging"]
    };
    let inputs = json!({ "cloudWatchLogGroupName": "/sessions" });
    mandate(&charter("revert", "replace", successors, ""), &inputs)
}

fn the_plan(mandate: &Mandate, attached: &BTreeSet<&'static str>) -> Plan {
    let attached: Vec<&str> = attached.iter().copied().collect();
    let (bearer, successors) = (bearer(BearerKind::Role, &attached, &logging()), documents());
    let observed = Observed {
        bearer: &bearer,
        successors: &successors,
    };
    let entry = &mandate.charter().forbidden()[0];
    match judge(mandate, entry, observed, now()).conclusion {
        Conclusion::Act(plan) => plan,
        Conclusion::Report { would } => would.unwrap_or_else(|| some_plan(&bearer)),
        Conclusion::Settled => panic!("{attached:?}"),
    }
}

fn some_plan(bearer: &guard_core::inventory::Bearer) -> Plan {
    Plan {
        kind: bearer.kind,
        name: bearer.name.clone(),
        id: bearer.id.clone(),
        arn: bearer.arn.clone(),
        forbidden: FORBIDDEN.to_owned(),
        attach: Vec::new(),
        keeps: Vec::new(),
    }
}

/// Runs a plan to its end and says how many writes that took.
fn finish(mandate: &Mandate, plan: &Plan, role: &mut Role) -> usize {
    let before = role.n_writes;
    for _ in 0..10 {
        match observe(mandate, plan, &role.attached) {
            Next::Done => return role.n_writes - before,
            Next::Stop(reasons) => panic!("{reasons:?}"),
            step @ (Next::Attach(_) | Next::Detach(_)) => role.write(&step),
        }
    }
    panic!("no end: {role:?}");
}

proptest! {
    #[test]
    fn no_moment_is_worse_than_the_first(start in start(), turns in turns(), has_agent in any::<bool>()) {
        let mandate = the_mandate(has_agent);
        let plan = the_plan(&mandate, &start);
        let allowed: BTreeSet<&str> = start.iter().copied().chain(plan.attach.iter().map(|arn| known(arn))).collect();
        let mut role = Role { attached: start.clone(), n_writes: 0 };
        let mut seen: [Option<Next>; 3] = [None, None, None];
        for turn in turns {
            match turn {
                Turn::Look(run) => seen[run] = Some(observe(&mandate, &plan, &role.attached)),
                Turn::Act(run) => if let Some(step) = seen[run].take() { role.write(&step) },
                Turn::Refused(run) | Turn::Crash(run) => seen[run] = None,
            }
            prop_assert!(can_write(&mandate, &role.attached), "{:?}", role);
            prop_assert!(role.attached.iter().all(|arn| allowed.contains(arn)), "{:?}", role);
            let is_whole = role.attached.contains(FORBIDDEN)
                || plan.attach.iter().all(|arn| role.attached.contains(arn.as_str()));
            prop_assert!(is_whole, "neither here nor there: {:?}", role);
        }
        finish(&mandate, &plan, &mut role);
        prop_assert!(!role.attached.contains(FORBIDDEN));
        prop_assert_eq!(finish(&mandate, &plan, &mut role), 0, "the second run writes");
    }

    #[test]
    fn nothing_is_attached_that_the_charter_does_not_name(added in prop::sample::select(vec![
        "arn:aws:iam::aws:policy/AdministratorAccess",
        "arn:aws:iam::aws:policy/AmazonSSMDirectoryServiceAccess",
        "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy",
        "arn:aws:iam::aws:policy/amazonssmmanagedinstancecore",
        "arn:aws:iam::123456789012:policy/AmazonSSMManagedInstanceCore",
        "arn:aws:iam::123456789012:policy/Session-Logging",
        "",
    ])) {
        let mandate = the_mandate(false);
        let role = BTreeSet::from([FORBIDDEN]);
        let mut plan = the_plan(&mandate, &role);
        plan.attach.insert(0, added.to_owned());
        let step = observe(&mandate, &plan, &role);
        prop_assert!(matches!(step, Next::Stop(_)), "{step:?}");
    }
}

#[test]
fn a_role_made_anew_under_the_name_is_left_alone() {
    let mandate = the_mandate(false);
    let role = BTreeSet::from([FORBIDDEN]);
    let mut plan = the_plan(&mandate, &role);
    plan.id = "AROAANOTHER".to_owned();
    assert!(matches!(observe(&mandate, &plan, &role), Next::Stop(_)));
    let entry = &mandate.charter().forbidden()[0];
    assert!(matches!(
        next(&mandate, entry, &plan, None, now()),
        Next::Stop(_)
    ));
}

#[test]
fn whoever_took_the_logging_policy_off_meanwhile_stops_the_plan() {
    let mandate = the_mandate(false);
    let mut plan = the_plan(&mandate, &BTreeSet::from([FORBIDDEN]));
    // A plan from before the charter named the logging policy.
    plan.attach.retain(|arn| arn != LOGGING);
    let step = observe(&mandate, &plan, &BTreeSet::from([FORBIDDEN, CORE]));
    assert!(matches!(step, Next::Stop(_)), "{step:?}");
}

#[test]
fn exemptions_hold_on_the_way_too() {
    let exempt = "[[exemption]]\nrole = \"arn:aws:iam::123456789012:role/web\"\nreason = \"x\"\n";
    let inputs = json!({ "cloudWatchLogGroupName": "/sessions" });
    let mandate = mandate(&charter("revert", "replace", &["logging"], exempt), &inputs);
    let role = BTreeSet::from([FORBIDDEN, CORE, LOGGING]);
    let plan = the_plan(&mandate, &role);
    assert!(matches!(observe(&mandate, &plan, &role), Next::Stop(_)));
}

fn arrival(source: &str, detail: &serde_json::Value) -> Arrival {
    let mandate = the_mandate(false);
    let envelope = Envelope {
        source: source.to_owned(),
        detail_type: "AWS API Call via CloudTrail".to_owned(),
        account: "123456789012".to_owned(),
        region: "us-east-1".to_owned(),
        detail: detail.clone(),
    };
    open(&envelope, mandate.scope(), mandate.charter()).unwrap()
}

fn attempt() -> serde_json::Value {
    json!({
        "eventID": "b1c2d3e4-1111-4222-8333-444455556666",
        "eventTime": "2026-01-15T02:03:04Z",
        "eventSource": "iam.amazonaws.com",
        "eventName": "AttachRolePolicy",
        "awsRegion": "us-east-1",
        "recipientAccountId": "123456789012",
        "userIdentity": { "type": "Root" },
        "errorCode": "LimitExceededException",
        "requestParameters": { "roleName": "web", "policyArn": FORBIDDEN },
    })
}

#[test]
fn a_failed_attempt_is_told_and_a_forged_source_is_not_opened() {
    match arrival("aws.iam", &attempt()) {
        Arrival::Change(change) => {
            let ruling = Ruling::of_failed(&change);
            let code = "LimitExceededException".to_owned();
            assert_eq!(ruling.reasons, [Reason::CallFailed { code }]);
            assert_eq!(ruling.conclusion, Conclusion::Report { would: None });
        }
        other @ Arrival::NotOurs(_) => panic!("{other:?}"),
    }
    for source in ["mallory", "aws.ssm", "aws.iam.x", ""] {
        assert!(
            matches!(arrival(source, &attempt()), Arrival::NotOurs(_)),
            "{source}"
        );
    }
}

#[test]
fn the_text_of_a_policy_is_judged_by_what_it_grants() {
    let mandate = the_mandate(false);
    let read = |statements: serde_json::Value| {
        Document::read(&json!({ "Version": "2012-10-17", "Statement": statements }).to_string())
    };
    let all = json!([{ "Effect": "Allow", "Action": ["s3:*", "ssmmessages:*"], "Resource": "*" }]);
    let copied = judge_text(&mandate, &read(all));
    assert!(
        matches!(
            copied.reasons.as_slice(),
            [Reason::Copied { statement: 0, .. }]
        ),
        "{copied:?}"
    );
    let one = json!([{ "Effect": "Allow", "Action": ["s3:*", "ssmmessages:*"], "Resource": "arn:aws:s3:::logs/*" }]);
    assert_eq!(
        judge_text(&mandate, &read(one)).conclusion,
        Conclusion::Settled
    );
    let unreadable = judge_text(
        &mandate,
        &Document::read("{\"Statement\":[{\"Action\":\"*\"}]}"),
    );
    assert!(
        matches!(unreadable.reasons.as_slice(), [Reason::Unreadable { .. }]),
        "{unreadable:?}"
    );
    let other = charter("revert", "replace", &["logging"], "")
        .replace("service-role/AmazonEC2RoleforSSM", "SecurityAudit");
    let other = mandate_of(&other);
    let all = json!([{ "Effect": "Allow", "Action": ["s3:*", "ssmmessages:*"], "Resource": "*" }]);
    assert_eq!(
        judge_text(&other, &read(all)).conclusion,
        Conclusion::Settled,
        "another list forbids nothing of it"
    );
}

fn mandate_of(charter: &str) -> Mandate {
    mandate(charter, &json!({ "cloudWatchLogGroupName": "/sessions" }))
}
