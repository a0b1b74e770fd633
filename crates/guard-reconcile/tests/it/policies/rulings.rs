//! What comes of an attachment, by who carries it and what the charter says.

use guard_core::inventory::BearerKind;
use guard_testkit::policies::{
    CORE, EC2_TRUST, FORBIDDEN, LOGGING, account, charter, event, logging_document, mandate,
};
use guard_testkit::{Call, Person};
use serde_json::{Value, json};

use super::{carried, mallory_attaches, one_run, reasons, replacing, verdict};

const ROLE: BearerKind = BearerKind::Role;

#[test]
fn a_role_of_instances_gets_the_successors_before_the_policy_leaves() {
    let account = account("web");
    let event = mallory_attaches(&account, ROLE, "web");
    let outcome = one_run(&replacing(), &account, &event);
    assert_eq!(verdict(&outcome), "replaced", "{outcome:#?}");
    assert_eq!(carried(&account, "web"), [LOGGING, CORE]);
    let writes: Vec<_> = account.writes().into_iter().map(|it| it.call).collect();
    assert_eq!(writes, [Call::Attach, Call::Attach, Call::Detach]);
    assert_eq!(account.reports().len(), 1);
    let (subject, text) = account.alerts().remove(0);
    assert_eq!(
        subject,
        "Session Guard: a forbidden policy was replaced (123456789012 us-east-1)"
    );
    assert!(text.contains("mallory") && text.contains(CORE), "{text}");
}

#[test]
fn users_groups_and_other_roles_get_no_successor() {
    for (kind, name) in [
        (BearerKind::User, "bob"),
        (BearerKind::Group, "ops"),
        (ROLE, "deployer"),
    ] {
        let account = account("web");
        account.principals().create(kind, name);
        let event = mallory_attaches(&account, kind, name);
        let outcome = one_run(&replacing(), &account, &event);
        assert_eq!(verdict(&outcome), "detached", "{kind}");
        assert!(account.principals().attached(kind, name).is_empty());
        assert_eq!(account.n_calls_of(Call::Attach), 0);
        assert_eq!(
            account.n_calls_of(Call::Policy),
            0,
            "nothing has to be read"
        );
    }
}

#[test]
fn without_a_successor_that_writes_the_log_it_is_only_reported() {
    let account = account("web");
    let event = mallory_attaches(&account, ROLE, "web");
    let mandate = mandate(&charter("replace", &[CORE]));
    let outcome = one_run(&mandate, &account, &event);
    assert_eq!(verdict(&outcome), "reported");
    assert!(reasons(&outcome).contains(&"log-lost"), "{outcome:#?}");
    assert_eq!(carried(&account, "web"), [FORBIDDEN]);
    assert_eq!(account.alerts().len(), 1);
}

#[test]
fn another_policy_of_awss_that_writes_the_log_is_asked_about_before_it_is_given_up() {
    let account = account("web");
    let principals = account.principals();
    let of_aws = "arn:aws:iam::aws:policy/CloudWatchLogsFullAccess";
    let all = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["logs:*"],"Resource":"*"}}"#;
    principals.set_policy(of_aws, all);
    principals.attach(ROLE, "web", of_aws);
    let event = mallory_attaches(&account, ROLE, "web");
    let mandate = mandate(&charter("replace", &[CORE]));
    let outcome = one_run(&mandate, &account, &event);
    assert_eq!(verdict(&outcome), "replaced", "{outcome:#?}");
    assert_eq!(carried(&account, "web"), [CORE, of_aws]);
}

#[test]
fn a_successor_that_says_something_else_than_the_charter_pins_is_not_attached() {
    let account = account("web");
    let mine =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#;
    account.principals().set_policy(LOGGING, mine);
    let event = mallory_attaches(&account, ROLE, "web");
    let outcome = one_run(&replacing(), &account, &event);
    assert_eq!(verdict(&outcome), "reported");
    assert!(reasons(&outcome).contains(&"successor-unfit"));
    assert!(account.writes().is_empty());
}

#[test]
fn a_boundary_is_never_taken_off() {
    let account = account("web");
    account.principals().set_boundary(ROLE, "web", FORBIDDEN);
    let parameters = json!({ "roleName": "web", "permissionsBoundary": FORBIDDEN });
    let event = event(
        &account,
        &Person::stranger(),
        "PutRolePermissionsBoundary",
        &parameters,
    );
    let outcome = one_run(&replacing(), &account, &event);
    assert_eq!(verdict(&outcome), "reported");
    assert_eq!(reasons(&outcome), ["is-boundary", "not-attached"]);
    assert!(account.writes().is_empty());
    assert_eq!(account.alerts().len(), 1);
}

#[test]
fn an_exemption_is_reported_with_its_reason_and_alerts_nobody() {
    let account = account("web");
    let event = mallory_attaches(&account, ROLE, "web");
    let exempt = "[[exemption]]\nrole = \"arn:aws:iam::123456789012:role/web\"\nreason = \"until the move\"\n";
    let mandate = mandate(&(charter("replace", &[CORE, LOGGING]) + exempt));
    let outcome = one_run(&mandate, &account, &event);
    assert_eq!(verdict(&outcome), "reported");
    let report = account.reports().remove(0).to_string();
    assert!(report.contains("until the move"), "{report}");
    assert!(account.alerts().is_empty() && account.writes().is_empty());
}

#[test]
fn two_forbidden_policies_are_not_kept_for_each_others_sake() {
    let account = account("web");
    let other = account
        .principals()
        .create_policy("other-logging", &logging_document());
    account.principals().attach(ROLE, "web", &other);
    let more = format!("[[forbidden]]\npolicy = \"{other}\"\nenforcement = \"report\"\n");
    let mandate = mandate(&(charter("replace", &[CORE, LOGGING]) + &more));
    let event = mallory_attaches(&account, ROLE, "web");
    let outcome = one_run(&mandate, &account, &event);
    assert_eq!(verdict(&outcome), "replaced", "{outcome:#?}");
    assert!(carried(&account, "web").contains(&LOGGING.to_owned()));
}

#[test]
fn a_charter_that_only_reports_says_what_would_be_done() {
    let account = account("web");
    let event = mallory_attaches(&account, ROLE, "web");
    let text = charter("replace", &[CORE, LOGGING]).replace("\"revert\"", "\"report\"");
    let outcome = one_run(&mandate(&text), &account, &event);
    assert_eq!(verdict(&outcome), "reported");
    let plan = outcome.report.body.get("plan").and_then(Value::as_array);
    assert_eq!(plan.unwrap().len(), 3);
    assert!(account.writes().is_empty());
    let (_, text) = account.alerts().remove(0);
    assert!(text.contains("Not done\n  - attach `"), "{text}");
}

#[test]
fn a_role_whose_trust_cannot_be_understood_keeps_the_policy() {
    let account = account("web");
    let strange = EC2_TRUST.replace("\"Effect\":\"Allow\"", "\"Effect\":\"Perhaps\"");
    account.principals().set_trust("web", &strange);
    let event = mallory_attaches(&account, ROLE, "web");
    let outcome = one_run(&replacing(), &account, &event);
    assert_eq!(verdict(&outcome), "reported");
    assert!(reasons(&outcome).contains(&"trust-unknown"));
}
