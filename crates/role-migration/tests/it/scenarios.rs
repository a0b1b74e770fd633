//! What the function answers, counts and hands to Lambda as a failure.

use guard_core::inventory::BearerKind;
use guard_core::roles::Mandate;
use guard_lambda::event::Payload;
use guard_lambda::failure::Failure;
use guard_lambda::run::Answer;
use guard_lambda::telemetry::Metric;
use guard_reconcile::error::FailureClass;
use guard_testkit::policies::{CORE, FORBIDDEN, LOGGING, charter, mandate};
use guard_testkit::turns::run;
use guard_testkit::{Call, FakeAccount, Fault, Moment};
use role_migration::handle;
use serde_json::{Value, json};

use crate::samples::{carrying, event};

const ROLE: &str = "role-of-instances";

pub(crate) fn replacing() -> Mandate {
    mandate(&charter("replace", &[CORE, LOGGING]))
}

/// What the function answers to an event.
pub(crate) fn answer(
    mandate: &Mandate,
    account: &FakeAccount,
    event: Value,
) -> Result<Answer, Failure> {
    run(account, handle(mandate, Payload::from(event), account)).unwrap()
}

fn counted(answer: &Answer) -> Vec<Metric> {
    let counted = Metric::ALL.into_iter();
    counted
        .filter(|metric| answer.counts.of(*metric) > 0)
        .collect()
}

#[test]
fn a_migration_is_answered_with_what_was_done_and_counted_as_one() {
    let answer = answer(&replacing(), &carrying(), event(ROLE)).unwrap();
    assert_eq!(answer.failure, None);
    assert_eq!(
        counted(&answer),
        [Metric::ForbiddenPolicies, Metric::Detachments]
    );
    let done = &answer.body["policies"][0]["done"];
    assert_eq!(done.as_array().unwrap().len(), 3, "{done}");
}

#[test]
fn what_is_done_already_is_done() {
    let account = carrying();
    answer(&replacing(), &account, event(ROLE)).unwrap();
    let again = answer(&replacing(), &account, event(ROLE)).unwrap();
    assert_eq!(again.failure, None);
    assert_eq!(again.body, json!({ "verdict": "settled", "policies": [] }));
    assert!(counted(&again).is_empty());
}

/// Whoever waits for the answer sees a failure that says why, and nothing that repeating it would cure.
#[test]
fn a_policy_that_stays_is_a_failure_with_its_reasons() {
    let account = carrying();
    account.set_used("arn:aws:iam::123456789012:role/web", Vec::new());
    let answer = answer(&replacing(), &account, event(ROLE)).unwrap();
    let failure = answer.failure.clone().unwrap();
    assert_eq!(failure.kind.name(), "Permanent.StillAttached");
    insta::assert_snapshot!(failure.message);
    assert_eq!(
        counted(&answer),
        [Metric::ForbiddenPolicies, Metric::StillAttached]
    );
    assert!(account.writes().is_empty());
}

#[test]
fn a_call_that_is_denied_is_a_failure_that_may_pass() {
    let account = carrying();
    account.fail_every(
        Call::Detach,
        Fault::Fails(FailureClass::Denied),
        Moment::Before,
    );
    let answer = answer(&replacing(), &account, event(ROLE)).unwrap();
    assert_eq!(answer.failure.unwrap().kind.name(), "Retryable.Denied");
    let attached = account.principals().attached(BearerKind::Role, "web");
    assert!(attached.contains(FORBIDDEN) && attached.contains(CORE));
}

#[test]
fn a_quota_that_is_used_up_names_the_successor_without_a_place() {
    let account = carrying();
    account.set_attachment_quota(2);
    let answer = answer(&replacing(), &account, event(ROLE)).unwrap();
    let failure = answer.failure.unwrap();
    assert!(
        failure.message.contains("session-logging' finds no place"),
        "{failure}"
    );
    let attached = account.principals().attached(BearerKind::Role, "web");
    assert!(attached.contains(FORBIDDEN), "{attached:?}");
}

#[test]
fn an_event_that_cannot_be_read_is_refused_with_its_place_and_takes_no_call() {
    let account = carrying();
    for (event, said) in [
        (json!({ "resourceId": "web" }), "resourceId"),
        (json!({ "resourceId": 7 }), "resourceId"),
        (
            json!({ "resourceId": "AROA00000000000000001", "role": "web" }),
            "role",
        ),
        (json!({}), "resourceId"),
        (json!("AROA00000000000000001"), "a remediation"),
        (Value::Null, "a remediation"),
    ] {
        let failure = answer(&replacing(), &account, event).unwrap_err();
        assert_eq!(failure.kind.name(), "Permanent.UnreadableEvent");
        assert!(failure.message.contains(said), "{failure}");
    }
    assert!(account.calls().is_empty());
}
