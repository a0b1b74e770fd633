//! Rules on roles, users and groups: the whole account.

use std::time::Duration;

use guard_core::inventory::List;
use guard_core::rules::{Compliance, Resource, RuleId};
use guard_lambda::telemetry::Metric;
use guard_testkit::Call;

use crate::scene::{GROUP, NARROW, ROLE, Scene, USER, WIDE};

const RULE: RuleId = RuleId::SessionAccess;

#[tokio::test]
async fn everybody_in_the_account_is_judged() {
    let scene = Scene::new();
    let principals = scene.account.principals();
    let arn = principals.create_policy("Sessions", WIDE);
    let wide = principals.create(ROLE, "wide");
    principals.attach(ROLE, "wide", &arn);
    let narrow = scene.role("narrow", NARROW);
    let group = principals.create(GROUP, "ops");
    principals.attach(GROUP, "ops", &arn);
    let member = principals.create(USER, "alice");
    principals.join("alice", "ops");
    scene.account.set_page_size(2);
    let answer = scene.deliver(RULE, &scene.schedule()).await;
    let words = scene.words(RULE);
    let expected = [
        (wide, Compliance::NonCompliant),
        (narrow, Compliance::Compliant),
        (group, Compliance::NonCompliant),
        (member, Compliance::NonCompliant),
    ];
    assert_eq!(words, expected.into_iter().collect());
    assert_eq!(scene.account.n_calls_of(Call::Details), 3);
    assert_eq!(scene.account.n_calls_of(Call::Policy), 0);
    assert_eq!(
        [Metric::Sweeps, Metric::Evaluations, Metric::NonCompliant].map(|it| answer.counts.of(it)),
        [1, 4, 3]
    );
    assert_eq!(scene.account.writes(), []);
}

#[tokio::test]
async fn a_hundred_and_one_evaluations_go_in_two_calls() {
    for (number, batches) in [(100, vec![100]), (101, vec![100, 1]), (200, vec![100, 100])] {
        let scene = Scene::new();
        for role in 0..number {
            scene.role(&format!("role-{role}"), NARROW);
        }
        scene.deliver(RULE, &scene.schedule()).await;
        assert_eq!(scene.batches(), batches);
        assert_eq!(scene.words(RULE).len(), number);
    }
}

#[tokio::test]
async fn an_answer_without_anybody_clears_nobody() {
    let scene = Scene::new();
    let role = scene.role("operators", WIDE);
    scene.deliver(RULE, &scene.schedule()).await;
    scene.account.principals().delete(ROLE, "operators");
    let failure = scene.tried(RULE, &scene.schedule()).await.unwrap_err();
    assert_eq!(failure.kind.name(), "Retryable.Malformed");
    assert_eq!(scene.compliance(&role), Compliance::NonCompliant);
}

#[tokio::test]
async fn an_answer_without_one_of_its_lists_clears_nobody() {
    for list in List::ALL {
        let scene = Scene::new();
        let principals = scene.account.principals();
        let arn = principals.create_policy("Sessions", WIDE);
        for kind in [ROLE, USER, GROUP] {
            principals.create(kind, "operators");
            principals.attach(kind, "operators", &arn);
        }
        scene.deliver(RULE, &scene.schedule()).await;
        let kept = scene.account.results(RULE);
        scene.account.advance(Duration::from_hours(24));
        principals.leave_out(list);
        let failure = scene.tried(RULE, &scene.schedule()).await.unwrap_err();
        assert_eq!(failure.kind.name(), "Retryable.Malformed");
        let lacks = format!("found no `{}`", list.member());
        assert!(failure.message.contains(&lacks), "{}", failure.message);
        assert_eq!(scene.account.results(RULE), kept);
    }
}

#[tokio::test]
async fn what_was_reported_and_is_gone_is_cleaned_away() {
    let scene = Scene::new();
    let principals = scene.account.principals();
    let mut gone = Vec::new();
    for number in 0..5 {
        gone.push(scene.role(&format!("gone-{number}"), WIDE));
    }
    let kept = scene.role("kept", WIDE);
    scene.deliver(RULE, &scene.schedule()).await;
    // Nobody told of the deletions: the recorder was off.
    for number in 0..5 {
        principals.delete(ROLE, &format!("gone-{number}"));
    }
    scene.account.set_page_size(2);
    scene.account.advance(Duration::from_hours(24));
    scene.deliver(RULE, &scene.schedule()).await;
    for resource in &gone {
        assert_eq!(scene.compliance(resource), Compliance::NotApplicable);
    }
    assert_eq!(scene.compliance(&kept), Compliance::NonCompliant);

    // It is said once: what does not apply is no result to be cleaned.
    scene.account.forget_calls();
    scene.deliver(RULE, &scene.schedule()).await;
    assert_eq!(scene.batches(), [1]);
}

#[tokio::test]
async fn who_was_just_reported_and_is_in_no_list_yet_is_not_taken_for_gone() {
    let scene = Scene::new();
    scene.role("first", NARROW);
    let late = scene.role("late", WIDE);
    scene.deliver(RULE, &scene.change("late")).await;
    // To IAM's list it is as if the role were not there.
    scene.account.principals().delete(ROLE, "late");
    scene.account.advance(Duration::from_mins(59));
    scene.deliver(RULE, &scene.schedule()).await;
    assert_eq!(scene.compliance(&late), Compliance::NonCompliant);
    scene.account.advance(Duration::from_mins(1));
    scene.deliver(RULE, &scene.schedule()).await;
    assert_eq!(scene.compliance(&late), Compliance::NotApplicable);
}

#[tokio::test]
async fn who_is_reported_during_a_run_is_not_taken_for_gone() {
    let scene = Scene::new();
    scene.role("first", NARROW);
    // After the list of principals was read somebody comes, and an event tells of them.
    scene.account.before_next(Call::PutEvaluations, |account| {
        let late = account.principals().create(ROLE, "late");
        account.recorder(RULE).keep(&late, Compliance::NonCompliant);
    });
    scene.deliver(RULE, &scene.schedule()).await;
    let order: Vec<_> = scene
        .account
        .calls()
        .into_iter()
        .map(|called| called.call)
        .collect();
    // What was reported is read first: only what is missing in the later list of principals is gone.
    assert_eq!(order, [Call::Reported, Call::Details, Call::PutEvaluations]);
    let words: Vec<_> = scene.words(RULE).into_values().collect();
    assert!(!words.contains(&Compliance::NotApplicable), "{words:?}");
}

#[tokio::test]
async fn a_schedule_that_comes_late_does_not_replace_what_an_event_told_since() {
    let scene = Scene::new();
    let role = scene.role("operators", WIDE);
    let schedule = scene.schedule();
    scene.account.advance(Duration::from_mins(1));
    scene
        .account
        .principals()
        .put_inline(ROLE, "operators", "sessions", NARROW);
    scene.deliver(RULE, &scene.change("operators")).await;
    let kept = scene.account.results(RULE);
    scene.deliver(RULE, &schedule).await;
    assert_eq!(scene.account.results(RULE), kept);
    assert_eq!(scene.compliance(&role), Compliance::Compliant);
}

#[tokio::test]
async fn results_of_what_no_rule_looks_at_any_more_are_cleaned_too() {
    let scene = Scene::new();
    scene.role("operators", NARROW);
    let bucket = Resource::new("AWS::S3::Bucket", "logs");
    scene
        .account
        .recorder(RULE)
        .keep(&bucket, Compliance::NonCompliant);
    scene.deliver(RULE, &scene.schedule()).await;
    assert_eq!(scene.compliance(&bucket), Compliance::NotApplicable);
}
