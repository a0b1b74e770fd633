//! The rule on the preferences document, from the account's own state.

use std::time::Duration;

use guard_core::names::Version;
use guard_core::rules::{Compliance, Resource, RuleId};
use guard_lambda::telemetry::Metric;
use guard_reconcile::error::FailureClass;
use guard_reconcile::ports::Parameter;
use guard_reconcile::{Trigger, reconcile};
use guard_testkit::charter::{MandateBuilder, mandate};
use guard_testkit::{Call, FakeAccount, Fault, Kept, Moment, Person, content, person};

use crate::scene::Scene;

const RULE: RuleId = RuleId::Preferences;

impl Scene {
    /// Delivers a change of the document, and says what AWS Config shows of it and of the account.
    async fn looked_at(&self) -> (Kept, Kept) {
        let event = self.account.recorder(RULE).change_of_preferences();
        self.deliver(RULE, &event).await;
        self.both()
    }

    fn both(&self) -> (Kept, Kept) {
        let results = self.account.results(RULE);
        let kept = |resource: &Resource| results[resource].clone();
        (kept(&Resource::preferences()), kept(&account()))
    }

    /// The same for something that must be wrong with the document; the annotation.
    async fn complaint(&self) -> String {
        let (document, account) = self.looked_at().await;
        assert_eq!(
            document.compliance,
            Compliance::NonCompliant,
            "{document:?}"
        );
        assert_eq!(account.compliance, Compliance::NotApplicable);
        document.annotation.unwrap()
    }
}

fn account() -> Resource {
    Resource::account(&person::scope().account)
}

fn stranger(account: &FakeAccount) -> guard_testkit::Acting<'_> {
    static MALLORY: std::sync::LazyLock<Person> = std::sync::LazyLock::new(Person::stranger);
    account.as_principal(&MALLORY)
}

#[tokio::test]
async fn a_document_in_order_is_compliant() {
    let scene = Scene::new();
    let (document, account) = scene.looked_at().await;
    assert_eq!(document.compliance, Compliance::Compliant);
    assert_eq!(document.annotation, None);
    assert_eq!(account.compliance, Compliance::NotApplicable);
}

#[tokio::test]
async fn a_strangers_change_is_shown_and_left_alone() {
    let scene = Scene::new();
    stranger(&scene.account)
        .update(&content::logging_off())
        .unwrap();
    let before = scene.account.latest_content();
    let told = scene.complaint().await;
    assert!(told.starts_with("version 2 is below the floor: "), "{told}");
    assert!(
        told.contains("the guard reverts it within minutes"),
        "{told}"
    );
    assert_eq!(scene.account.writes(), []);
    assert_eq!(scene.account.latest_content(), before);
    assert!(scene.account.reports().is_empty() && scene.account.alerts().is_empty());
}

#[tokio::test]
async fn a_strangers_change_above_the_floor_says_where_it_differs() {
    let scene = Scene::new();
    stranger(&scene.account)
        .update(&content::idle_timeout(5))
        .unwrap();
    scene.account.let_cloudtrail_catch_up();
    let told = scene.complaint().await;
    assert!(told.starts_with("version 2 was written by "), "{told}");
    assert!(
        told.contains("differs in inputs.idleSessionTimeout"),
        "{told}"
    );
}

#[tokio::test]
async fn a_missing_document_is_told_of_the_account() {
    let scene = Scene::new();
    stranger(&scene.account).delete().unwrap();
    let (document, account) = scene.looked_at().await;
    assert_eq!(document.compliance, Compliance::NotApplicable);
    assert_eq!(account.compliance, Compliance::NonCompliant);
    let told = account.annotation.unwrap();
    assert!(told.contains("sessions run unrecorded"), "{told}");

    stranger(&scene.account)
        .create(&content::baseline())
        .unwrap();
    scene.account.advance(Duration::from_mins(1));
    let (document, account) = scene.looked_at().await;
    assert_eq!(document.compliance, Compliance::Compliant);
    assert_eq!(account.compliance, Compliance::NotApplicable);
}

#[tokio::test]
async fn a_deletion_that_was_made_good_is_none() {
    let scene = Scene::new();
    stranger(&scene.account).delete().unwrap();
    let deletion = scene.account.recorder(RULE).change_of_preferences();
    reconcile(&scene.mandate, &Trigger::Sweep, &scene.account)
        .await
        .unwrap();
    scene.account.forget_calls();
    scene.deliver(RULE, &deletion).await;
    let (document, account) = scene.both();
    assert_eq!(document.compliance, Compliance::Compliant);
    assert_eq!(account.compliance, Compliance::NotApplicable);
    assert_eq!(scene.account.writes(), []);
}

#[tokio::test]
async fn a_shared_document_is_shown() {
    let scene = Scene::new();
    stranger(&scene.account).share(&["all"]).unwrap();
    let told = scene.complaint().await;
    assert!(told.contains("shared with all"), "{told}");
}

#[tokio::test]
async fn a_document_of_another_type_is_shown() {
    let scene = Scene::new();
    stranger(&scene.account).delete().unwrap();
    stranger(&scene.account)
        .create_as("Command", &content::baseline())
        .unwrap();
    let told = scene.complaint().await;
    assert!(told.contains("`Command`, not Session"), "{told}");
}

#[tokio::test]
async fn a_default_version_that_was_moved_is_shown() {
    let account = FakeAccount::holding(&content::logging_off());
    reconcile(&mandate(), &Trigger::Sweep, &account)
        .await
        .unwrap();
    account
        .as_principal(&Person::stranger())
        .move_default(Version(1))
        .unwrap();
    let scene = Scene::with(mandate(), account);
    let told = scene.complaint().await;
    assert!(told.starts_with("version 1 is below the floor"), "{told}");
    assert!(told.ends_with("(+1 more)"), "{told}");
}

#[tokio::test]
async fn an_editors_change_waits_and_then_counts() {
    let scene = Scene::new();
    scene.account.set_lookup_lag(Duration::from_mins(5));
    scene
        .account
        .as_principal(&Person::editor())
        .update(&content::idle_timeout(5))
        .unwrap();
    let (document, _) = scene.looked_at().await;
    assert_eq!(document.compliance, Compliance::Compliant);
    let told = document.annotation.unwrap();
    assert!(told.contains("its author is not known yet"), "{told}");

    scene.account.advance(Duration::from_mins(6));
    let (document, _) = scene.looked_at().await;
    // CloudTrail confirms it, whether or not the guard has looked yet; the default version follows.
    assert_eq!(document.compliance, Compliance::Compliant, "{document:?}");
    let told = document.annotation.unwrap();
    assert!(
        told.starts_with("the default version 1 holds what was approved before"),
        "{told}"
    );
    reconcile(&scene.mandate, &Trigger::Sweep, &scene.account)
        .await
        .unwrap();
    scene.account.advance(Duration::from_mins(1));
    let (document, _) = scene.looked_at().await;
    assert_eq!(
        (document.compliance, document.annotation),
        (Compliance::Compliant, None)
    );
}

#[tokio::test]
async fn only_what_the_guards_own_role_kept_counts_as_approved() {
    let scene = Scene::new();
    scene
        .account
        .as_principal(&Person::editor())
        .update(&content::idle_timeout(5))
        .unwrap();
    reconcile(&scene.mandate, &Trigger::Sweep, &scene.account)
        .await
        .unwrap();
    let stored = scene.account.stored_parameter(Parameter::Approvals);
    let approved = stored.last().unwrap().value.clone();
    let (document, _) = scene.looked_at().await;
    assert_eq!(document.compliance, Compliance::Compliant);

    // The same record in a stranger's name, over a content that is not approved.
    let other = Scene::new();
    stranger(&other.account)
        .put_parameter(Parameter::Approvals, &approved)
        .unwrap();
    stranger(&other.account)
        .update(&content::idle_timeout(5))
        .unwrap();
    other.account.let_cloudtrail_catch_up();
    let told = other.complaint().await;
    assert!(told.starts_with("version 2 was written by "), "{told}");
    assert!(told.ends_with("(+1 more)"), "{told}");
    assert_eq!(other.account.writes(), []);
}

#[tokio::test]
async fn in_report_mode_the_annotation_says_what_to_do_by_hand() {
    let reporting = MandateBuilder::new().reporting().build();
    let scene = Scene::with(reporting, FakeAccount::holding(&content::baseline()));
    stranger(&scene.account)
        .update(&content::logging_off())
        .unwrap();
    let told = scene.complaint().await;
    assert!(
        told.contains("; write the approved content back, or let the guard do it"),
        "{told}"
    );
    assert_eq!(scene.account.writes(), []);
}

#[tokio::test]
async fn a_silent_history_is_waited_for_only_so_long() {
    let scene = Scene::new();
    scene
        .account
        .as_principal(&Person::editor())
        .update(&content::idle_timeout(5))
        .unwrap();
    scene.account.fail_lookups(Some("it is being mended"));
    let event = scene.account.recorder(RULE).change_of_preferences();
    let answer = scene.deliver(RULE, &event).await;
    assert_eq!(answer.counts.of(Metric::LookupFailures), 1);
    assert_eq!(scene.both().0.compliance, Compliance::Compliant);

    scene.account.advance(Duration::from_mins(31));
    let told = scene.complaint().await;
    assert!(
        told.contains("(CloudTrail's event history did not answe"),
        "{told}"
    );
}

#[tokio::test]
async fn a_second_delivery_writes_the_same_evaluations_and_nothing_else() {
    let scene = Scene::new();
    stranger(&scene.account)
        .update(&content::logging_off())
        .unwrap();
    let event = scene.account.recorder(RULE).change_of_preferences();
    scene.deliver(RULE, &event).await;
    let first = (scene.account.results(RULE), scene.batches());
    scene.account.forget_calls();
    scene.account.advance(Duration::from_mins(2));
    scene.deliver(RULE, &event).await;
    assert_eq!((scene.account.results(RULE), scene.batches()), first);
    assert_eq!(scene.account.writes(), []);
}

#[tokio::test]
async fn the_schedule_finds_what_no_event_told() {
    let scene = Scene::new();
    stranger(&scene.account)
        .update(&content::logging_off())
        .unwrap();
    let schedule = scene.account.recorder(RULE).schedule();
    let answer = scene.deliver(RULE, &schedule).await;
    assert_eq!(scene.both().0.compliance, Compliance::NonCompliant);
    assert_eq!(scene.both().0.at, scene.account.time());
    assert_eq!(answer.counts.of(Metric::Sweeps), 1);
    assert_eq!(answer.counts.of(Metric::NonCompliant), 1);
}

/// Creates the document anew right before its content is read, again and again: the version that was live is gone.
fn replace(account: &FakeAccount) {
    let mallory = stranger(account);
    mallory.delete().unwrap();
    mallory.create(&content::idle_timeout(7)).unwrap();
    account.before_next(Call::Describe, grow);
    account.before_next(Call::Content, replace);
}

/// Adds a version right before the document is described, so that there is one that can go.
fn grow(account: &FakeAccount) {
    stranger(account).update(&content::idle_timeout(8)).ok();
}

#[tokio::test]
async fn a_document_that_keeps_changing_is_not_answered_for() {
    let scene = Scene::new();
    stranger(&scene.account)
        .update(&content::idle_timeout(5))
        .unwrap();
    scene.account.before_next(Call::Content, replace);
    let event = scene.account.recorder(RULE).change_of_preferences();
    let failure = scene.tried(RULE, &event).await.unwrap_err();
    assert_eq!(failure.kind.name(), "Retryable.Conflict");
    assert!(scene.account.results(RULE).is_empty());
}

#[tokio::test]
async fn a_call_that_fails_is_a_failure_and_no_evaluation() {
    for call in [
        Call::Describe,
        Call::SharedWith,
        Call::History(Parameter::Approvals),
        Call::Content,
    ] {
        let scene = Scene::new();
        let fault = Fault::Fails(FailureClass::Denied);
        scene.account.fail_next(call, fault, Moment::Before);
        let event = scene.account.recorder(RULE).change_of_preferences();
        let failure = scene.tried(RULE, &event).await.unwrap_err();
        assert_eq!(failure.kind.name(), "Retryable.Denied", "{call:?}");
        assert!(scene.account.results(RULE).is_empty(), "{call:?}");
    }
}
