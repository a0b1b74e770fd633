//! What a plan for what is there already says, and that it can be carried out.

use std::collections::BTreeMap;
use std::sync::Arc;

use guard_core::charter::Forbidden;
use guard_core::inventory::{Bearer, BearerKind, Carried, Document, Source, Unknown};
use guard_core::migration::{
    Accessed, Around, Facts, Migration, Names, Reference, ReferenceKind, Service, Surroundings,
    attaching, plan,
};
use guard_core::roles::{Mandate, Next, Observed, Plan, Reason, next};
use jiff::Timestamp;
use serde_json::json;

use super::case::{
    AGENT, CORE, FORBIDDEN, LOGGING, bearer, carried, charter, document, logging_policy, mandate,
    now,
};

fn the_mandate(successors: &[&str], rest: &str) -> Mandate {
    let inputs = json!({ "cloudWatchLogGroupName": "/sessions" });
    mandate(&charter("revert", "report", successors, rest), &inputs)
}

fn logging() -> Document {
    Document::Known(Arc::new(logging_policy()))
}

/// What the access advisor says: these services were used, and the others of the policy were not.
fn used(services: &[&str]) -> Accessed {
    let all = [
        "ssm",
        "ssmmessages",
        "ec2messages",
        "cloudwatch",
        "ec2",
        "ds",
        "logs",
        "s3",
    ];
    let service = |namespace: &str| Service {
        namespace: namespace.to_owned(),
        last: services
            .contains(&namespace)
            .then(|| "2026-01-10T00:00:00Z".parse().unwrap()),
    };
    Accessed {
        since: "2024-12-11T00:00:00Z".parse::<Timestamp>().unwrap(),
        services: all.map(service).to_vec(),
    }
}

const NODE: [&str; 3] = ["ssm", "ssmmessages", "ec2messages"];

fn planned(
    mandate: &Mandate,
    bearer: &Bearer,
    accessed: Option<&Accessed>,
    surroundings: &Surroundings,
) -> Migration {
    let successors = BTreeMap::from([(LOGGING.to_owned(), logging())]);
    let observed = Observed {
        bearer,
        successors: &successors,
    };
    let facts = Facts {
        observed,
        accessed,
        surroundings,
        user_data: &[],
    };
    let forbidden = &mandate.charter().forbidden()[0];
    plan(mandate, forbidden, [facts], Around::default(), now())
}

fn of_role(successors: &[&str], attached: &[&str], accessed: Option<&Accessed>) -> Migration {
    let bearer = bearer(BearerKind::Role, attached, &logging());
    planned(
        &the_mandate(successors, ""),
        &bearer,
        accessed,
        &Surroundings::default(),
    )
}

fn attached_by(migration: &Migration) -> Vec<&str> {
    let plan = migration.entries[0]
        .plan
        .as_ref()
        .unwrap_or_else(|| panic!("{migration}"));
    plan.attach.iter().map(String::as_str).collect()
}

#[test]
fn a_role_of_instances_as_people_read_it() {
    let surroundings = Surroundings {
        instances: vec!["i-0123456789abcdef0".to_owned()],
        references: [
            (ReferenceKind::Stack, "eu-central-1/web", Names::Policy),
            (
                ReferenceKind::LaunchTemplate,
                "lt-0123456789abcdef0",
                Names::Role,
            ),
        ]
        .map(|(kind, name, names)| Reference {
            kind,
            name: name.to_owned(),
            names,
            new_version: None,
        })
        .to_vec(),
    };
    let bearer = bearer(BearerKind::Role, &["forbidden"], &logging());
    let mandate = the_mandate(&["logging"], "");
    let accessed = used(&[NODE.as_slice(), &["logs", "ec2"]].concat());
    let migration = planned(&mandate, &bearer, Some(&accessed), &surroundings);
    insta::assert_snapshot!(migration.to_string());
    let text = serde_json::to_string(&migration).unwrap();
    assert_eq!(serde_json::from_str::<Migration>(&text).unwrap(), migration);
    assert!(serde_json::from_str::<Migration>(&text.replacen("\"form\"", "\"from\"", 1)).is_err());
}

#[test]
fn a_service_never_used_is_not_granted() {
    let logs: Vec<&str> = [NODE.as_slice(), &["logs"]].concat();
    assert_eq!(
        attached_by(&of_role(
            &["logging", "agent"],
            &["forbidden"],
            Some(&used(&logs))
        )),
        [CORE, LOGGING, AGENT]
    );
    assert_eq!(
        attached_by(&of_role(
            &["logging", "agent"],
            &["forbidden"],
            Some(&used(&NODE))
        )),
        [CORE, LOGGING]
    );
    assert_eq!(
        attached_by(&of_role(
            &["logging", "agent"],
            &["forbidden"],
            Some(&used(&[]))
        )),
        [LOGGING]
    );
}

#[test]
fn a_service_that_is_used_keeps_the_policy_until_the_charter_names_a_successor() {
    for (service, remedy) in [
        ("s3", "purpose = \"buckets\""),
        ("ds", "directory-service"),
        ("cloudwatch", "cloudwatch-agent"),
    ] {
        let services = [NODE.as_slice(), &[service]].concat();
        let migration = of_role(&["logging"], &["forbidden"], Some(&used(&services)));
        let entry = &migration.entries[0];
        assert_eq!(entry.plan, None, "{migration}");
        assert!(
            entry.reasons.iter().any(|reason| reason.contains(remedy)),
            "{migration}"
        );
    }
    let services = [NODE.as_slice(), &["ec2"]].concat();
    let migration = of_role(&["logging"], &["forbidden"], Some(&used(&services)));
    assert!(
        migration.entries[0].plan.is_some(),
        "no instance needs what is lost of ec2: {migration}"
    );
}

#[test]
fn what_nobody_knows_counts_as_used() {
    let unasked = of_role(&["logging"], &["forbidden"], None);
    assert_eq!(unasked.entries[0].plan, None);
    let mut partial = used(&NODE);
    partial.services.retain(|service| service.namespace != "s3");
    let partial = of_role(&["logging"], &["forbidden"], Some(&partial));
    assert_eq!(partial.entries[0].plan, None, "{partial}");
    let empty = Accessed {
        services: Vec::new(),
        ..used(&[])
    };
    assert_eq!(
        of_role(&["logging"], &["forbidden"], Some(&empty)).entries[0].plan,
        None
    );
}

#[test]
fn exempt_reserved_and_bounded_ones_stay_with_their_reason() {
    let mut linked = bearer(BearerKind::Role, &["forbidden"], &logging());
    linked.path = "/aws-service-role/x/".to_owned();
    let exempt =
        "[[exemption]]\nrole = \"arn:aws:iam::123456789012:role/web\"\nreason = \"until spring\"\n";
    let mut bounded = bearer(BearerKind::Role, &["core"], &logging());
    bounded.boundary = Some(carried(FORBIDDEN, &logging()));
    for (bearer, rest, reason) in [
        (&linked, "", "Identity Center"),
        (
            &bearer(BearerKind::Role, &["forbidden"], &logging()),
            exempt,
            "until spring",
        ),
        (&bounded, "", "boundary"),
    ] {
        let mandate = the_mandate(&["logging"], rest);
        let migration = planned(
            &mandate,
            bearer,
            Some(&used(&NODE)),
            &Surroundings::default(),
        );
        let entry = &migration.entries[0];
        assert_eq!(entry.plan, None, "{migration}");
        assert!(
            entry.reasons.iter().any(|it| it.contains(reason)),
            "{migration}"
        );
    }
    let none = bearer(BearerKind::Role, &["core"], &logging());
    let migration = planned(&the_mandate(&[], ""), &none, None, &Surroundings::default());
    assert!(migration.entries.is_empty(), "{migration}");
}

#[test]
fn the_quota_on_the_way_is_a_surprise() {
    let others: Vec<String> = (0..8)
        .map(|it| format!("arn:aws:iam::123456789012:policy/p{it}"))
        .collect();
    let at = |number: usize| {
        let others = others.iter().take(number).map(String::as_str);
        let attached: Vec<&str> = others.chain(["forbidden"]).collect();
        of_role(&["logging"], &attached, Some(&used(&NODE))).entries[0]
            .surprises
            .len()
    };
    assert_eq!((at(7), at(8)), (0, 1));
}

#[test]
fn a_user_only_loses_it() {
    let bearer = bearer(BearerKind::User, &["forbidden"], &logging());
    let unused = planned(
        &the_mandate(&["logging"], ""),
        &bearer,
        Some(&used(&[])),
        &Surroundings::default(),
    );
    assert!(attached_by(&unused).is_empty());
    let uses = planned(
        &the_mandate(&["logging"], ""),
        &bearer,
        Some(&used(&["s3"])),
        &Surroundings::default(),
    );
    assert_eq!(uses.entries[0].plan, None, "{uses}");
}

#[test]
fn what_was_planned_is_carried_out_to_its_end() {
    let mandate = the_mandate(&["logging"], "");
    let migration = of_role(&["logging"], &["forbidden"], Some(&used(&NODE)));
    let plan = migration.entries[0].plan.clone().unwrap();
    let mut attached = vec![FORBIDDEN.to_owned()];
    let successors = BTreeMap::from([(LOGGING.to_owned(), logging())]);
    let mut n_writes = 0;
    loop {
        let names: Vec<&str> = attached.iter().map(String::as_str).collect();
        let bearer = bearer(BearerKind::Role, &names, &logging());
        let observed = Observed {
            bearer: &bearer,
            successors: &successors,
        };
        match next(
            &mandate,
            &mandate.charter().forbidden()[0],
            &plan,
            Some(observed),
            now(),
        ) {
            Next::Attach(arn) => attached.push(arn),
            Next::Detach(arn) => attached.retain(|it| *it != arn),
            Next::Done => break,
            Next::Stop(reasons) => panic!("{reasons:?}"),
        }
        n_writes += 1;
    }
    assert_eq!(
        (attached, n_writes),
        (vec![CORE.to_owned(), LOGGING.to_owned()], 3)
    );
}

/// What is used may be granted by another policy when the plan is made, and not any more when it is carried out.
#[test]
fn a_service_that_is_not_granted_any_more_keeps_the_policy_where_it_is() {
    let buckets = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
    let granting =
        document(&json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" }));
    let mut with_buckets = bearer(
        BearerKind::Role,
        &["forbidden", "core", "logging"],
        &logging(),
    );
    let other = |document: Document| Carried {
        source: Source::Managed {
            arn: buckets.to_owned(),
        },
        document,
    };
    let known = Document::Known(Arc::new(granting));
    with_buckets.policies.push(other(known));
    let mandate = the_mandate(&["logging"], "");
    let accessed = used(&[NODE.as_slice(), &["s3", "ec2"]].concat());
    let none = Surroundings::default();
    let migration = planned(&mandate, &with_buckets, Some(&accessed), &none);
    let plan = migration.entries[0].plan.clone().unwrap();
    assert_eq!(plan.keeps, ["ssm", "ssmmessages", "ec2messages", "s3"]);

    let successors = BTreeMap::from([(LOGGING.to_owned(), logging())]);
    let next_of = |bearer: &Bearer| {
        let observed = Observed {
            bearer,
            successors: &successors,
        };
        let entry = &mandate.charter().forbidden()[0];
        next(&mandate, entry, &plan, Some(observed), now())
    };
    assert_eq!(next_of(&with_buckets), Next::Detach(FORBIDDEN.to_owned()));
    let mut without = with_buckets.clone();
    without.policies.pop();
    let lost = Reason::ServiceLost {
        service: "s3".to_owned(),
    };
    assert_eq!(next_of(&without), Next::Stop(vec![lost.clone()]));
    // Nobody knows what the other policy says now.
    let unknown = Document::Unknown(Unknown::Unasked);
    without.policies.push(other(unknown));
    assert_eq!(next_of(&without), Next::Stop(vec![lost]));
}

/// What a launch template's user data become, for a role of instances of this name.
fn becomes(text: &str) -> Option<String> {
    let mandate = the_mandate(&["logging"], "");
    let successors = [CORE.to_owned(), LOGGING.to_owned()];
    let forbidden = &mandate.charter().forbidden()[0];
    attaching(text, "web", forbidden, &successors)
}

#[test]
fn a_line_that_attaches_the_policy_is_repeated_for_every_successor() {
    let attach = format!("aws iam attach-role-policy --role-name web --policy-arn {FORBIDDEN}");
    let text = format!("#!/bin/sh\nyum update\n{attach}\necho done");
    let line = |arn: &str| attach.replace(FORBIDDEN, arn);
    let expected = format!(
        "#!/bin/sh\nyum update\n{}\n{}\necho done",
        line(CORE),
        line(LOGGING)
    );
    assert_eq!(becomes(&text), Some(expected));
    // The last line without an end, and an entry of cloud-init's list.
    let last = format!("runcmd:\n  - {attach}");
    let expected = format!("runcmd:\n  - {}\n  - {}", line(CORE), line(LOGGING));
    assert_eq!(becomes(&last), Some(expected));
    let quoted = attach.replace(FORBIDDEN, &format!("\"{FORBIDDEN}\""));
    assert!(becomes(&quoted).is_some());
}

#[test]
fn user_data_that_name_the_policy_in_any_other_way_are_not_guessed_at() {
    let attach = format!("aws iam attach-role-policy --role-name web --policy-arn {FORBIDDEN}");
    for (text, why) in [
        (format!("POLICY={FORBIDDEN}\n"), "a variable"),
        (format!("# {attach}\n"), "a comment"),
        (attach.replace(" web ", " batch "), "another role"),
        (
            attach.replace(" web ", " $ROLE "),
            "a role that is a variable",
        ),
        (format!("if {attach}; then true; fi\n"), "a condition"),
        (format!("{attach} || exit 1\n"), "a command behind it"),
        (
            format!("{attach} \\\n  --region eu-central-1\n"),
            "a command that goes on",
        ),
        (
            format!("true && \\\n{attach}\n"),
            "a command that began before",
        ),
        (
            format!("{attach}\n# AmazonEC2RoleForSSM\n"),
            "a name left behind",
        ),
        (attach.replace("attach", "detach"), "another command"),
        (format!("{attach}\n\u{fffd}"), "bytes that are no text"),
        (
            format!("{attach}\n{}", "#".repeat(16 * 1024)),
            "too much for EC2",
        ),
    ] {
        assert_eq!(becomes(&text), None, "{why}");
    }
    let mandate = the_mandate(&["logging"], "");
    let forbidden = &mandate.charter().forbidden()[0];
    assert_eq!(
        attaching(&attach, "web", forbidden, &[]),
        None,
        "no successors"
    );
}

/// Somebody who carries an own policy of this text, which the charter forbids, and another one that grants all of S3.
fn with_own(kind: BearerKind, text: &serde_json::Value) -> (Mandate, Bearer) {
    let own = "arn:aws:iam::123456789012:policy/legacy";
    let more = format!("[[forbidden]]\npolicy = \"{own}\"\nenforcement = \"detach\"\n");
    let mandate = the_mandate(&["logging"], &more);
    let mut bearer = bearer(kind, &[], &logging());
    let known = |value| Document::Known(Arc::new(document(value)));
    let s3 = json!({ "Effect": "Allow", "Action": "s3:*", "Resource": "*" });
    for (arn, document) in [
        (own, known(text)),
        ("arn:aws:iam::aws:policy/AmazonS3FullAccess", known(&s3)),
    ] {
        bearer.policies.push(Carried {
            source: Source::Managed {
                arn: arn.to_owned(),
            },
            document,
        });
    }
    (mandate, bearer)
}

fn planned_for_own(kind: BearerKind, text: &serde_json::Value) -> Migration {
    let (mandate, bearer) = with_own(kind, text);
    let successors = BTreeMap::new();
    let facts = Facts {
        observed: Observed {
            bearer: &bearer,
            successors: &successors,
        },
        accessed: Some(&used(&["s3"])),
        surroundings: &Surroundings::default(),
        user_data: &[],
    };
    let around = Around::default();
    plan(
        &mandate,
        &mandate.charter().forbidden()[1],
        [facts],
        around,
        now(),
    )
}

#[test]
fn a_policy_that_denies_something_or_grants_all_but_something_stays() {
    let user = BearerKind::User;
    let plain = json!({ "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*" });
    assert!(planned_for_own(user, &plain).entries[0].plan.is_some());
    let denying = json!([plain, { "Effect": "Deny", "Action": "iam:*", "Resource": "*" }]);
    let migration = planned_for_own(user, &denying);
    assert_eq!(migration.entries[0].plan, None);
    assert!(
        migration.to_string().contains("set its bearer free"),
        "{migration}"
    );
    let all_but = json!({ "Effect": "Allow", "NotAction": "iam:*", "Resource": "*" });
    let migration = planned_for_own(user, &all_but);
    assert_eq!(migration.entries[0].plan, None);
    assert!(
        migration.to_string().contains("all but certain actions"),
        "{migration}"
    );
}

/// A pattern may overlap with what a policy that stays leaves out.
#[test]
fn what_grants_all_but_something_counts_for_no_pattern() {
    let (mandate, mut bearer) = with_own(
        BearerKind::User,
        &json!({ "Effect": "Allow", "Action": ["s3:*", "iam:*"], "Resource": "*" }),
    );
    let all_but = json!({ "Effect": "Allow", "NotAction": ["iam:Get*"], "Resource": "*" });
    let last = bearer.policies.last_mut().unwrap();
    last.document = Document::Known(Arc::new(document(&all_but)));
    let entry = &mandate.charter().forbidden()[1];
    let mut plan = nothing_more(&bearer, entry);
    plan.keeps = vec!["iam".to_owned()];
    let successors = BTreeMap::new();
    let observed = Observed {
        bearer: &bearer,
        successors: &successors,
    };
    let stopped = next(&mandate, entry, &plan, Some(observed), now());
    assert!(matches!(stopped, Next::Stop(_)), "{stopped:?}");
}

#[test]
fn a_user_keeps_the_policy_while_nothing_else_grants_what_is_used() {
    let text = json!({ "Effect": "Allow", "Action": ["s3:*", "sqs:*"], "Resource": "*" });
    let (mandate, bearer) = with_own(BearerKind::User, &text);
    let entry = &mandate.charter().forbidden()[1];
    let successors = BTreeMap::new();
    let next_keeping = |bearer: &Bearer, service: &str| {
        let mut plan = nothing_more(bearer, entry);
        plan.keeps = vec![service.to_owned()];
        let observed = Observed {
            bearer,
            successors: &successors,
        };
        next(&mandate, entry, &plan, Some(observed), now())
    };
    assert!(matches!(next_keeping(&bearer, "s3"), Next::Detach(_)));
    let lost = Reason::ServiceLost {
        service: "sqs".to_owned(),
    };
    assert_eq!(lost.code(), "service-lost");
    assert_eq!(
        lost.to_string(),
        "it uses sqs, of which nothing would be left without the policy"
    );
    assert_eq!(next_keeping(&bearer, "sqs"), Next::Stop(vec![lost]));
    // A forbidden policy that nobody can read may have granted it.
    let mut unread = bearer;
    unread.policies[0].document = Document::Unknown(Unknown::Unasked);
    assert!(matches!(next_keeping(&unread, "s3"), Next::Stop(_)));
}

/// A plan that attaches nothing.
fn nothing_more(bearer: &Bearer, entry: &Forbidden) -> Plan {
    Plan {
        kind: bearer.kind,
        name: bearer.name.clone(),
        id: bearer.id.clone(),
        arn: bearer.arn.clone(),
        forbidden: entry.policy.clone(),
        attach: Vec::new(),
        keeps: Vec::new(),
    }
}
