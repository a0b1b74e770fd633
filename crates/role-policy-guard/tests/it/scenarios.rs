//! What the function answers, counts and hands to Lambda as a failure.

use guard_core::roles::Mandate;
use guard_lambda::event::Payload;
use guard_lambda::failure::Failure;
use guard_lambda::run::Answer;
use guard_lambda::telemetry::Metric;
use guard_reconcile::error::FailureClass;
use guard_testkit::policies::{CORE, LOGGING, charter, mandate};
use guard_testkit::turns::run;
use guard_testkit::{Call, FakeAccount, Fault, Moment};
use role_policy_guard::handle;
use serde_json::{Value, json};

use crate::samples::{after, event};

const ATTACHED: &str = "AttachRolePolicy/forbidden-to-a-role-of-instances";

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
fn a_replacement_is_counted_as_one() {
    let account = after(ATTACHED);
    let answer = answer(&replacing(), &account, event(ATTACHED)).unwrap();
    assert_eq!(
        counted(&answer),
        [Metric::ForbiddenPolicies, Metric::Detachments]
    );
    assert_eq!(answer.failure, None);
    assert_eq!(answer.body["done"].as_array().unwrap().len(), 3);
}

#[test]
fn a_policy_that_could_not_be_taken_off_is_counted_as_still_there() {
    let account = after(ATTACHED);
    account.fail_every(
        Call::Detach,
        Fault::Fails(FailureClass::Denied),
        Moment::Before,
    );
    let answer = answer(&replacing(), &account, event(ATTACHED)).unwrap();
    assert_eq!(
        counted(&answer),
        [Metric::ForbiddenPolicies, Metric::StillAttached]
    );
    let failure = answer.failure.unwrap();
    assert_eq!(
        failure.kind.name(),
        "Retryable.Denied",
        "so that it comes again"
    );
}

#[test]
fn a_run_that_could_tell_nobody_has_taken_the_policy_off_all_the_same() {
    let account = after(ATTACHED);
    account.fail_every(
        Call::Alert,
        Fault::Fails(FailureClass::Denied),
        Moment::Before,
    );
    let answer = answer(&replacing(), &account, event(ATTACHED)).unwrap();
    assert_eq!(
        counted(&answer),
        [Metric::ForbiddenPolicies, Metric::Detachments]
    );
    assert!(answer.failure.is_some());
}

#[test]
fn others_failed_calls_are_counted_and_nothing_else() {
    let sample = "AttachRolePolicy/at-the-quota";
    let answer = answer(&replacing(), &after(sample), event(sample)).unwrap();
    assert_eq!(counted(&answer), [Metric::DeniedAttempts]);
}

#[test]
fn a_suspension_is_counted_as_long_as_it_lasts() {
    let suspended = "[[suspension]]\nuntil = 2026-01-16T00:00:00Z\nreason = \"a migration\"\n";
    let mandate = mandate(&(charter("replace", &[CORE, LOGGING]) + suspended));
    let account = after(ATTACHED);
    let answer = answer(&mandate, &account, event(ATTACHED)).unwrap();
    assert_eq!(answer.body["verdict"], "reported");
    assert_eq!(
        counted(&answer),
        [Metric::SuspensionActive, Metric::ForbiddenPolicies]
    );
    assert!(account.writes().is_empty());
}

#[test]
fn what_comes_from_elsewhere_is_not_ours_and_takes_no_call() {
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut event = event(ATTACHED);
        change(&mut event);
        event
    };
    for event in [
        changed(&|event| event["source"] = json!("mallory.iam")),
        changed(&|event| event["account"] = json!("111122223333")),
        changed(&|event| event["region"] = json!("eu-central-1")),
        changed(&|event| event["detail"]["recipientAccountId"] = json!("111122223333")),
        changed(&|event| event["detail"]["eventName"] = json!("DetachRolePolicy")),
        changed(&|event| event["detail-type"] = json!("Scheduled Event")),
    ] {
        let account = after(ATTACHED);
        let answer = answer(&replacing(), &account, event).unwrap();
        assert_eq!(counted(&answer), [Metric::NotOurs], "{answer:?}");
        assert!(account.calls().is_empty());
    }
}

#[test]
fn what_cannot_be_read_fails_with_the_place_and_takes_no_call() {
    let mut strange = event(ATTACHED);
    strange["detail"]["requestParameters"]["roleName"] = json!("../web");
    let account = after(ATTACHED);
    let failure = answer(&replacing(), &account, strange).unwrap_err();
    assert_eq!(failure.kind.name(), "Permanent.UnreadableEvent");
    assert!(
        failure.message.contains("requestParameters.roleName"),
        "{failure}"
    );
    assert!(account.calls().is_empty());
}

#[test]
fn a_run_that_dies_leaves_the_policy_where_it_is_and_the_next_one_finishes() {
    for call in 0..8 {
        for moment in [Moment::Before, Moment::After] {
            let account = after(ATTACHED);
            account.fail_call(call, Fault::Crashes, moment);
            let (mandate, payload) = (replacing(), Payload::from(event(ATTACHED)));
            let died = run(&account, handle(&mandate, payload, &account));
            assert!(died.is_err(), "call {call} was to be the last one");
            let answer = answer(&mandate, &account, event(ATTACHED)).unwrap();
            let verdict = answer.body["verdict"].as_str().unwrap();
            assert!(
                ["replaced", "detached", "overtaken"].contains(&verdict),
                "{verdict}"
            );
            let attached = account
                .principals()
                .attached(guard_core::inventory::BearerKind::Role, "web");
            assert_eq!(attached.into_iter().collect::<Vec<_>>(), [LOGGING, CORE]);
        }
    }
}
