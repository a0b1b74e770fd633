//! Rules on roles, users and groups: services that are too busy, refuse, or answer in part.

use guard_core::inventory::BearerKind;
use guard_core::rules::{Compliance, Resource, RuleId};
use guard_lambda::telemetry::Metric;
use guard_reconcile::error::FailureClass;
use guard_testkit::{Call, Fault, Moment};
use jiff::SignedDuration;

use crate::scene::{NARROW, ROLE, Scene, WIDE};

const RULE: RuleId = RuleId::SessionAccess;
const THROTTLED: Fault = Fault::Fails(FailureClass::Throttled);

/// As often as a call is made before patience ends.
const PATIENCE: usize = 6;

fn crowd(scene: &Scene) {
    for number in 0..30 {
        scene.role(&format!("role-{number}"), WIDE);
    }
    scene.account.set_page_size(10);
}

#[tokio::test]
async fn a_throttled_account_is_read_to_its_end() {
    let scene = Scene::new();
    crowd(&scene);
    // The list of results, the first page three times, and the answer.
    for call in [
        Call::Reported,
        Call::Details,
        Call::Details,
        Call::Details,
        Call::PutEvaluations,
    ] {
        scene.account.fail_next(call, THROTTLED, Moment::Before);
    }
    scene.deliver(RULE, &scene.schedule()).await;
    assert_eq!(scene.words(RULE).len(), 30);
    // Three pages, and three refusals: what was read is not read again.
    assert_eq!(scene.account.n_calls_of(Call::Details), 6);
}

#[tokio::test]
async fn patience_grows_and_ends() {
    for call in [Call::Reported, Call::Details, Call::PutEvaluations] {
        let scene = Scene::new();
        crowd(&scene);
        scene.account.fail_every(call, THROTTLED, Moment::Before);
        let began = scene.account.time();
        let tried = scene.tried(RULE, &scene.schedule()).await;
        let failure = tried.map_or_else(|failure| failure, |answer| answer.failure.unwrap());
        assert_eq!(failure.kind.name(), "Retryable.Throttled", "{call:?}");
        assert_eq!(scene.account.n_calls_of(call), PATIENCE, "{call:?}");
        assert_eq!(
            scene.account.time().duration_since(began).as_secs(),
            31,
            "{call:?}"
        );
        assert!(scene.account.results(RULE).is_empty());

        // Lambda runs it again, and nothing was lost.
        scene.account.heal();
        scene.deliver(RULE, &scene.schedule()).await;
        assert_eq!(scene.words(RULE).len(), 30);
    }
}

#[tokio::test]
async fn a_denied_call_is_not_tried_again() {
    let scene = Scene::new();
    crowd(&scene);
    let denied = Fault::Fails(FailureClass::Denied);
    scene
        .account
        .fail_every(Call::Details, denied, Moment::Before);
    let failure = scene.tried(RULE, &scene.schedule()).await.unwrap_err();
    assert_eq!(failure.kind.name(), "Retryable.Denied");
    assert_eq!(scene.account.n_calls_of(Call::Details), 1);
}

#[tokio::test]
async fn who_may_not_read_the_old_answers_gives_the_new_ones_all_the_same() {
    let scene = Scene::new();
    crowd(&scene);
    let denied = Fault::Fails(FailureClass::Denied);
    scene
        .account
        .fail_every(Call::Reported, denied, Moment::Before);
    let answer = scene.tried(RULE, &scene.schedule()).await.unwrap();
    assert_eq!(answer.failure.unwrap().kind.name(), "Retryable.Denied");
    assert_eq!(answer.counts.of(Metric::Sweeps), 0);
    assert_eq!(scene.words(RULE).len(), 30);
}

#[tokio::test]
async fn a_group_is_judged_though_its_members_cannot_be_read() {
    let scene = Scene::new();
    let principals = scene.account.principals();
    principals.create(BearerKind::Group, "operators");
    principals.put_inline(BearerKind::Group, "operators", "sessions", WIDE);
    let denied = Fault::Fails(FailureClass::Denied);
    scene
        .account
        .fail_every(Call::Members, denied, Moment::Before);
    let event = scene
        .account
        .recorder(RULE)
        .change(BearerKind::Group, "operators");
    let answer = scene.tried(RULE, &event).await.unwrap();
    assert_eq!(answer.failure.unwrap().kind.name(), "Retryable.Denied");
    assert_eq!(scene.words(RULE).len(), 1);
}

#[tokio::test]
async fn a_lookup_that_stays_throttled_accuses_nobody() {
    let scene = Scene::new();
    let principals = scene.account.principals();
    scene.role("operators", NARROW);
    let arn = principals.create_policy("Sessions", NARROW);
    principals.attach(ROLE, "operators", &arn);
    scene
        .account
        .fail_every(Call::Policy, THROTTLED, Moment::Before);
    let failure = scene
        .tried(RULE, &scene.change("operators"))
        .await
        .unwrap_err();
    assert_eq!(failure.kind.name(), "Retryable.Throttled");
    assert!(scene.account.results(RULE).is_empty());
}

#[tokio::test]
async fn somebody_who_cannot_be_read_does_not_hide_the_others() {
    let scene = Scene::new();
    let principals = scene.account.principals();
    let arn = principals.create_policy("Sessions", WIDE);
    for name in ["one", "two", "three"] {
        principals.create(ROLE, name);
        principals.attach(ROLE, name, &arn);
    }
    let malformed = Fault::Fails(FailureClass::Malformed);
    scene
        .account
        .fail_next(Call::Entity, malformed, Moment::Before);
    let event = scene.account.recorder(RULE).change_of_policy(&arn);
    let answer = scene.tried(RULE, &event).await.unwrap();
    let failure = answer.failure.unwrap();
    assert_eq!(failure.kind.name(), "Retryable.Malformed");
    assert!(
        failure
            .message
            .starts_with("1 of 3 could not be judged; of `one`, the reason follows"),
        "{failure}"
    );
    // The two others, and the policy's own row.
    assert_eq!(scene.words(RULE).len(), 3);
}

#[tokio::test]
async fn partial_failure_is_retried_and_only_what_failed() {
    let scene = Scene::new();
    let mut roles = Vec::new();
    for number in 0..101 {
        roles.push(scene.role(&format!("role-{number}"), WIDE));
    }
    scene.account.refuse_evaluations_of(&roles[3], 1);
    scene.account.refuse_evaluations_of(&roles[7], 2);
    let began = scene.account.time();
    scene.deliver(RULE, &scene.schedule()).await;
    assert_eq!(scene.batches(), [100, 2, 1, 1]);
    // A second before it is told again, and two before the last time.
    let took = scene.account.time().duration_since(began);
    assert_eq!(took, SignedDuration::from_secs(3));
    assert_eq!(scene.words(RULE).len(), 101);
}

#[tokio::test]
async fn partial_failure_that_lasts_is_an_error_and_the_rest_is_told() {
    let scene = Scene::new();
    let stubborn = scene.role("stubborn", WIDE);
    let other = scene.role("other", WIDE);
    scene.account.refuse_evaluations_of(&stubborn, usize::MAX);
    let answer = scene.tried(RULE, &scene.schedule()).await.unwrap();
    let failure = answer.failure.unwrap();
    assert_eq!(failure.kind.name(), "Retryable.NotTaken");
    assert_eq!(
        failure.message,
        format!(
            "AWS Config did not take 1 of 2 evaluations in 3 attempts, the first of them of AWS::IAM::Role `{}`",
            stubborn.id
        )
    );
    assert_eq!(scene.batches(), [2, 1, 1]);
    assert_eq!(scene.compliance(&other), Compliance::NonCompliant);
    // A run that did not come to its end is none that the alarm on silence should hear of.
    assert_eq!(answer.counts.of(Metric::Sweeps), 0);
}

#[tokio::test]
async fn a_refusal_of_what_nobody_told_is_not_taken_for_success() {
    let scene = Scene::new();
    let role = scene.role("operators", WIDE);
    let stranger = Resource::new("AWS::IAM::Role", "AROASOMEBODYELSE0000");
    scene.account.refuse_strangely(&stranger);
    let answer = scene.tried(RULE, &scene.schedule()).await.unwrap();
    let failure = answer.failure.unwrap();
    assert_eq!(failure.kind.name(), "Retryable.NotTaken");
    assert!(
        failure.message.contains(&stranger.id),
        "{}",
        failure.message
    );
    assert_eq!(scene.compliance(&role), Compliance::NonCompliant);
}

#[tokio::test]
async fn an_answer_to_a_token_that_aws_config_does_not_know_is_a_failure() {
    let scene = Scene::new();
    scene.role("operators", WIDE);
    let mut forged = scene.change("operators");
    forged["resultToken"] = serde_json::json!("forged");
    let answer = scene.tried(RULE, &forged).await.unwrap();
    assert_eq!(answer.failure.unwrap().kind.name(), "Retryable.Malformed");
    assert!(scene.account.results(RULE).is_empty());
}

#[tokio::test]
async fn an_answer_that_was_lost_on_its_way_is_given_again() {
    let scene = Scene::new();
    let role = scene.role("operators", WIDE);
    let lost = Fault::Fails(FailureClass::Unavailable);
    scene
        .account
        .fail_next(Call::PutEvaluations, lost, Moment::After);
    scene.deliver(RULE, &scene.change("operators")).await;
    assert_eq!(scene.batches(), [1, 1]);
    assert_eq!(scene.compliance(&role), Compliance::NonCompliant);
}
