//! Rules on what roles, users and groups carry: forbidden policies, and instances that cannot write records.

use std::time::Duration;

use guard_core::rules::{Compliance, Resource, RuleId};
use guard_testkit::{Call, content};
use serde_json::{Value, json};

use crate::scene::{CORE, GROUP, OLD, ROLE, Scene, USER};

const FORBIDDEN: RuleId = RuleId::ForbiddenPolicy;
const LOGGING: RuleId = RuleId::RoleLogging;

const AWSS_OTHER: &str = "arn:aws:iam::aws:policy/AmazonSSMFullAccess";

const EVERY_BUCKET: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":["ssmmessages:*","s3:GetObject","s3:PutObject"],"Resource":"*"}]}"#;

const ONE_BUCKET: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::packages/*"}]}"#;

/// Finds the log group, and writes nothing.
const SEEING: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":"logs:Describe*","Resource":"*"}]}"#;

const WRITING: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":["logs:Describe*","logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]}"#;

impl Scene {
    /// AWS Config's word for a resource, by one rule, and why.
    fn told(&self, rule: RuleId, resource: &Resource) -> (Compliance, String) {
        let results = self.account.results(rule);
        let kept = &results[resource];
        (kept.compliance, kept.annotation.clone().unwrap_or_default())
    }

    /// The same after a change of a bearer.
    async fn told_of_change(
        &self,
        rule: RuleId,
        bearer: &Resource,
        name: &str,
    ) -> (Compliance, String) {
        let event = self.account.recorder(rule).change(ROLE, name);
        self.deliver(rule, &event).await;
        self.told(rule, bearer)
    }

    /// The calls at the ports that one event costs.
    async fn calls_for(&self, rule: RuleId, event: &Value) -> Vec<Call> {
        self.account.forget_calls();
        self.deliver(rule, event).await;
        let calls = self.account.calls().into_iter();
        calls.map(|called| called.call).collect()
    }
}

#[tokio::test]
async fn a_role_that_carries_the_forbidden_policy_is_shown_with_the_way_out() {
    let scene = Scene::new();
    let bearer = scene.instance_role("web-servers", &[OLD]);
    let told = scene
        .told_of_change(FORBIDDEN, &bearer, "web-servers")
        .await;
    let why = "carries the forbidden policy `AmazonEC2RoleforSSM`; attach AmazonSSMManagedInstanceCore, see that \
               sessions stay recorded, then detach it";
    assert_eq!(told, (Compliance::NonCompliant, why.to_owned()));

    let principals = scene.account.principals();
    principals.detach(ROLE, "web-servers", OLD);
    principals.attach(ROLE, "web-servers", CORE);
    scene.account.advance(Duration::from_mins(1));
    let told = scene
        .told_of_change(FORBIDDEN, &bearer, "web-servers")
        .await;
    assert_eq!(told, (Compliance::Compliant, String::new()));
}

#[tokio::test]
async fn a_forbidden_policy_as_a_boundary_is_not_to_be_taken_off() {
    let scene = Scene::new();
    let role = scene.instance_role("web-servers", &[CORE]);
    scene
        .account
        .principals()
        .set_boundary(ROLE, "web-servers", OLD);
    let (compliance, why) = scene.told_of_change(FORBIDDEN, &role, "web-servers").await;
    assert_eq!(compliance, Compliance::NonCompliant);
    assert!(
        why.ends_with("only to take it off would set the bearer free"),
        "{why}"
    );
}

#[tokio::test]
async fn a_group_is_told_of_its_forbidden_policy_and_its_members_are_not() {
    let scene = Scene::new();
    let principals = scene.account.principals();
    let group = principals.create(GROUP, "ops");
    principals.attach(GROUP, "ops", OLD);
    let member = principals.create(USER, "alice");
    principals.join("alice", "ops");
    let direct = principals.create(USER, "bob");
    principals.attach(USER, "bob", OLD);

    let recorder = scene.account.recorder(FORBIDDEN);
    let calls = scene
        .calls_for(FORBIDDEN, &recorder.change(GROUP, "ops"))
        .await;
    assert_eq!(calls, [Call::PutEvaluations]);
    let carries = "carries the forbidden policy `AmazonEC2RoleforSSM`; detach it".to_owned();
    assert_eq!(
        scene.told(FORBIDDEN, &group),
        (Compliance::NonCompliant, carries)
    );
    assert!(!scene.words(FORBIDDEN).contains_key(&member));

    for name in ["alice", "bob"] {
        let calls = scene
            .calls_for(FORBIDDEN, &recorder.change(USER, name))
            .await;
        assert_eq!(calls, [Call::PutEvaluations], "{name}");
    }
    let words = scene.words(FORBIDDEN);
    assert_eq!(words[&member], Compliance::Compliant);
    assert_eq!(words[&direct], Compliance::NonCompliant);
}

#[tokio::test]
async fn an_item_too_large_for_an_event_is_judged_too() {
    let scene = Scene::new();
    let role = scene.instance_role("web-servers", &[OLD]);
    for (rule, expected) in [
        (FORBIDDEN, Compliance::NonCompliant),
        (LOGGING, Compliance::Compliant),
    ] {
        let event = scene
            .account
            .recorder(rule)
            .oversized_change(ROLE, "web-servers");
        let calls = scene.calls_for(rule, &event).await;
        assert_eq!(calls, [Call::Item, Call::PutEvaluations]);
        assert_eq!(scene.words(rule)[&role], expected);
    }
}

#[tokio::test]
async fn a_changed_policy_that_copies_the_grants_judges_everybody_who_has_it() {
    let scene = Scene::new();
    let principals = scene.account.principals();
    let arn = principals.create_policy("node", EVERY_BUCKET);
    let role = scene.instance_role("web-servers", &[&arn]);
    let user = principals.create(USER, "deployer");
    principals.attach(USER, "deployer", &arn);
    let group = principals.create(GROUP, "ops");
    principals.attach(GROUP, "ops", &arn);
    let member = principals.create(USER, "alice");
    principals.join("alice", "ops");

    let event = scene.account.recorder(FORBIDDEN).change_of_policy(&arn);
    scene.deliver(FORBIDDEN, &event).await;
    for resource in [&role, &user, &group] {
        let (compliance, why) = scene.told(FORBIDDEN, resource);
        assert_eq!(compliance, Compliance::NonCompliant, "{resource:?}");
        let at = "statement 1 of policy `node` lets instances read and write every bucket";
        assert!(why.starts_with(at), "{why}");
    }
    assert!(!scene.words(FORBIDDEN).contains_key(&member));
    // Whoever has the policy, it is read once.
    assert_eq!(scene.account.n_calls_of(Call::Policy), 1);
    assert_eq!(scene.account.n_calls_of(Call::Entity), 3);
    assert_eq!(scene.account.n_calls_of(Call::Members), 0);

    principals.set_policy(&arn, ONE_BUCKET);
    scene.account.advance(Duration::from_mins(1));
    let event = scene.account.recorder(FORBIDDEN).change_of_policy(&arn);
    scene.deliver(FORBIDDEN, &event).await;
    for resource in [&role, &user, &group] {
        assert_eq!(scene.words(FORBIDDEN)[resource], Compliance::Compliant);
    }
}

#[tokio::test]
async fn whom_the_charter_exempts_from_forbidden_policies_still_has_to_write_records() {
    let scene = Scene::new();
    let role = scene.instance_role("old-servers", &[OLD]);
    let (compliance, why) = scene.told_of_change(FORBIDDEN, &role, "old-servers").await;
    assert_eq!(compliance, Compliance::Compliant);
    let start = "exempt until 2026-06-01T00:00:00Z (to be shut down): carries the forbidden policy";
    assert!(why.starts_with(start), "{why}");

    let principals = scene.account.principals();
    principals.detach(ROLE, "old-servers", OLD);
    principals.attach(ROLE, "old-servers", CORE);
    let (compliance, _) = scene.told_of_change(LOGGING, &role, "old-servers").await;
    assert_eq!(compliance, Compliance::NonCompliant);
}

#[tokio::test]
async fn the_annotation_says_whether_sessions_are_refused_or_go_on_unrecorded() {
    let lacks =
        "the role lacks logs:DescribeLogGroups on every log group in eu-central-1 and 3 more";
    let mend = "allow it there, within the boundary too";
    for (baseline, becomes) in [
        (content::baseline(), "sessions are refused"),
        (content::encryption_off(), "sessions go on unrecorded"),
    ] {
        let scene = Scene::new().recording(baseline);
        let role = scene.instance_role("web-servers", &[CORE]);
        let told = scene.told_of_change(LOGGING, &role, "web-servers").await;
        let why = format!("{lacks}: {becomes}; {mend}");
        assert_eq!(told, (Compliance::NonCompliant, why));
    }
}

#[tokio::test]
async fn a_log_group_that_is_only_seen_ends_the_record_and_not_the_sessions() {
    let scene = Scene::new();
    let role = scene.instance_role("web-servers", &[CORE]);
    scene
        .account
        .principals()
        .put_inline(ROLE, "web-servers", "log", SEEING);
    let (compliance, why) = scene.told_of_change(LOGGING, &role, "web-servers").await;
    assert_eq!(compliance, Compliance::NonCompliant);
    assert!(why.contains("logs:CreateLogStream on log group"), "{why}");
    assert!(why.contains("sessions go on unrecorded"), "{why}");
}

#[tokio::test]
async fn a_policy_that_is_corrected_lets_all_its_roles_write_records() {
    let scene = Scene::new();
    let principals = scene.account.principals();
    let arn = principals.create_policy("session-log", SEEING);
    let roles =
        ["web-servers", "batch-servers"].map(|name| scene.instance_role(name, &[CORE, &arn]));
    // Nobody but roles is of interest, however many have the policy.
    for number in 0..30 {
        let name = format!("developer-{number}");
        principals.create(USER, &name);
        principals.attach(USER, &name, &arn);
    }
    let event = scene.account.recorder(LOGGING).change_of_policy(&arn);
    scene.deliver(LOGGING, &event).await;
    for role in &roles {
        assert_eq!(scene.words(LOGGING)[role], Compliance::NonCompliant);
    }
    principals.set_policy(&arn, WRITING);
    scene.account.advance(Duration::from_mins(1));
    let event = scene.account.recorder(LOGGING).change_of_policy(&arn);
    let calls = scene.calls_for(LOGGING, &event).await;
    let expected = [
        Call::Holders,
        Call::Entity,
        Call::Policy,
        Call::Entity,
        Call::PutEvaluations,
    ];
    assert_eq!(calls, expected);
    for role in &roles {
        assert_eq!(scene.words(LOGGING)[role], Compliance::Compliant);
    }
    assert_eq!(
        scene.words(LOGGING).len(),
        3,
        "two roles and the policy's own row"
    );
}

#[tokio::test]
async fn whoever_hands_no_sessions_to_instances_is_not_applicable_and_costs_nothing() {
    let scene = Scene::new();
    let principals = scene.account.principals();
    let arn = principals.create_policy("session-log", WRITING);
    let people = principals.create(ROLE, "operators");
    for policy in [&arn, AWSS_OTHER] {
        principals.attach(ROLE, "operators", policy);
    }
    let silent = scene.instance_role("silent-servers", &[]);
    let user = principals.create(USER, "alice");
    let recorder = scene.account.recorder(LOGGING);
    for event in [
        recorder.change(ROLE, "operators"),
        recorder.change(ROLE, "silent-servers"),
        recorder.change(USER, "alice"),
    ] {
        assert_eq!(
            scene.calls_for(LOGGING, &event).await,
            [Call::PutEvaluations]
        );
    }
    for resource in [&people, &silent, &user] {
        let (compliance, why) = scene.told(LOGGING, resource);
        assert_eq!(compliance, Compliance::NotApplicable);
        assert_eq!(why, "it is no role of instances that sessions reach");
    }
}

#[tokio::test]
async fn a_role_that_is_gone_is_not_applicable_any_more() {
    let scene = Scene::new();
    let role = scene.instance_role("web-servers", &[CORE]);
    scene
        .deliver(LOGGING, &scene.account.recorder(LOGGING).schedule())
        .await;
    assert_eq!(scene.words(LOGGING)[&role], Compliance::NonCompliant);
    scene.account.principals().delete(ROLE, "web-servers");
    scene.account.principals().create(ROLE, "operators");
    scene.account.advance(Duration::from_hours(24));
    scene
        .deliver(LOGGING, &scene.account.recorder(LOGGING).schedule())
        .await;
    assert_eq!(scene.words(LOGGING)[&role], Compliance::NotApplicable);
}

#[tokio::test]
async fn a_change_of_a_role_that_its_item_tells_whole_costs_no_call_but_the_answer() {
    let scene = Scene::new();
    scene.instance_role("web-servers", &[OLD, CORE]);
    scene
        .account
        .principals()
        .set_boundary(ROLE, "web-servers", CORE);
    scene
        .account
        .principals()
        .put_inline(ROLE, "web-servers", "log", WRITING);
    for rule in [FORBIDDEN, LOGGING] {
        let event = scene.account.recorder(rule).change(ROLE, "web-servers");
        assert_eq!(
            scene.calls_for(rule, &event).await,
            [Call::PutEvaluations],
            "{rule}"
        );
    }
}

#[tokio::test]
async fn each_policy_of_the_account_costs_one_lookup_however_often_it_is_named() {
    let scene = Scene::new();
    let principals = scene.account.principals();
    let first = principals.create_policy("first", WRITING);
    let second = principals.create_policy("second", ONE_BUCKET);
    scene.instance_role("web-servers", &[CORE, &first, &second]);
    principals.set_boundary(ROLE, "web-servers", &first);
    for rule in [FORBIDDEN, LOGGING] {
        let event = scene.account.recorder(rule).change(ROLE, "web-servers");
        let calls = scene.calls_for(rule, &event).await;
        assert_eq!(
            calls,
            [Call::Policy, Call::Policy, Call::PutEvaluations],
            "{rule}"
        );
    }
}

#[tokio::test]
async fn of_somebody_who_is_no_instance_the_accounts_own_policies_alone_are_looked_up() {
    let scene = Scene::new();
    let principals = scene.account.principals();
    let own = principals.create_policy("own", ONE_BUCKET);
    let boundary = principals.create_policy("boundary", WRITING);
    let user = principals.create(USER, "deployer");
    for arn in [&own, AWSS_OTHER] {
        principals.attach(USER, "deployer", arn);
    }
    principals.set_boundary(USER, "deployer", &boundary);
    principals.create(GROUP, "ops");
    principals.join("deployer", "ops");
    let event = scene.account.recorder(FORBIDDEN).change(USER, "deployer");
    let calls = scene.calls_for(FORBIDDEN, &event).await;
    assert_eq!(calls, [Call::Policy, Call::PutEvaluations]);
    assert_eq!(scene.words(FORBIDDEN)[&user], Compliance::Compliant);
}

#[tokio::test]
async fn a_policy_of_awss_that_is_not_packed_is_looked_up_where_it_may_write_records() {
    let scene = Scene::new();
    let principals = scene.account.principals();
    let writer = "arn:aws:iam::aws:policy/CloudWatchLogsFullAccess";
    principals.set_policy(writer, WRITING);
    let role = scene.instance_role("web-servers", &[CORE, writer]);
    let event = scene.account.recorder(LOGGING).change(ROLE, "web-servers");
    let calls = scene.calls_for(LOGGING, &event).await;
    assert_eq!(calls, [Call::Policy, Call::PutEvaluations]);
    assert_eq!(scene.words(LOGGING)[&role], Compliance::Compliant);
}

#[tokio::test]
async fn the_scheduled_run_goes_by_the_text_that_iam_tells() {
    let scene = Scene::new();
    let role = scene.instance_role("web-servers", &[CORE]);
    let channels: Value =
        json!({ "Effect": "Allow", "Action": ["ssmmessages:*", "logs:*"], "Resource": "*" });
    let newer = json!({ "Version": "2012-10-17", "Statement": channels });
    scene
        .account
        .principals()
        .set_policy(CORE, &newer.to_string());
    scene
        .deliver(LOGGING, &scene.account.recorder(LOGGING).schedule())
        .await;
    assert_eq!(scene.words(LOGGING)[&role], Compliance::Compliant);
}
