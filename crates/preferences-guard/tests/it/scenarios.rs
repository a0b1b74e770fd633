//! What the function makes of each sample.

use std::time::Duration;

use guard_core::mandate::Mandate;
use guard_core::preferences::Preferences;
use guard_lambda::event::Payload;
use guard_lambda::failure::Failure;
use guard_lambda::run::Answer;
use guard_lambda::telemetry::{Counts, Metric};
use guard_reconcile::error::FailureClass;
use guard_reconcile::ports::Parameter;
use guard_testkit::charter::{MandateBuilder, mandate};
use guard_testkit::{Call, FakeAccount, Fault, Moment, Person, content};
use preferences_guard::handle;

use crate::samples::event;
use crate::story::{STORIES, play};

/// An account in which happened what a sample tells of, and who guards it.
struct Scene {
    account: FakeAccount,
    mandate: Mandate,
}

impl Scene {
    fn after(sample: &str) -> Self {
        Self::with(mandate(), sample)
    }

    fn with(mandate: Mandate, sample: &str) -> Self {
        let story = STORIES.iter().find(|story| story.sample == sample).unwrap();
        let account = FakeAccount::holding(&content::baseline());
        account.set_lookup_lag(Duration::from_mins(5));
        play(story, &account);
        Self { account, mandate }
    }

    async fn tried(&self, sample: &str) -> Result<Answer, Failure> {
        handle(&self.mandate, Payload::from(event(sample)), &self.account).await
    }

    async fn deliver(&self, sample: &str) -> Answer {
        self.tried(sample).await.unwrap()
    }

    /// A sweep when CloudTrail knows everything that has happened.
    async fn sweep_later(&self) -> Answer {
        self.account.advance(Duration::from_mins(6));
        self.account.let_cloudtrail_catch_up();
        self.deliver("schedule/sweep").await
    }

    /// Latest and default of a private `Session` document hold `content`.
    fn assert_holds(&self, content: &str) {
        let expected = Preferences::parse(content).unwrap();
        for live in [
            self.account.latest_content(),
            self.account.default_content(),
        ] {
            let live = Preferences::parse(&live.unwrap()).unwrap();
            assert!(
                live.means_the_same_as(&expected),
                "{}",
                live.to_pretty_json()
            );
        }
        assert_eq!(self.account.document_type().as_deref(), Some("Session"));
        assert!(self.account.share_list().is_empty());
    }

    fn writes_document(&self) -> bool {
        self.account
            .calls()
            .iter()
            .any(|called| called.call.writes_document())
    }
}

fn counted(metrics: impl IntoIterator<Item = Metric>) -> Counts {
    metrics.into_iter().collect()
}

/// Plays `sample`, delivers it and expects a stranger's change that is put right, with an alert.
async fn check_reverted(sample: &str) {
    let scene = Scene::after(sample);
    let answer = scene.deliver(sample).await;
    assert_eq!(answer.body["verdict"], "strangers", "{}", answer.body);
    assert_eq!(
        answer.counts,
        counted([Metric::StrangersChanges, Metric::Reverts]),
        "{}",
        answer.body
    );
    scene.assert_holds(&content::baseline());
    assert_eq!(
        scene.account.alerts().len(),
        1,
        "{:?}",
        scene.account.alerts()
    );
    assert_eq!(scene.account.reports().len(), 1);
}

#[tokio::test]
async fn stranger_turns_logging_off_and_is_reverted() {
    check_reverted("ssm/UpdateDocument/stranger-turns-logging-off").await;
}

#[tokio::test]
async fn root_is_a_stranger_even_above_the_floor() {
    check_reverted("ssm/UpdateDocument/root").await;
}

#[tokio::test]
async fn stranger_deletes_the_document_and_it_is_created_again_with_its_tags() {
    let sample = "ssm/DeleteDocument/stranger-deletes";
    check_reverted(sample).await;
    let scene = Scene::after(sample);
    scene.deliver(sample).await;
    assert_eq!(scene.account.tags()["owner"], "security");
}

#[tokio::test]
async fn stranger_recreates_the_document_as_another_type_and_is_reverted() {
    check_reverted("ssm/CreateDocument/stranger-recreates-as-command-document").await;
}

#[tokio::test]
async fn stranger_moves_the_default_version_and_it_is_moved_back() {
    check_reverted("ssm/UpdateDocumentDefaultVersion/stranger-moves-default").await;
}

#[tokio::test]
async fn stranger_shares_the_document_and_it_is_unshared() {
    check_reverted("ssm/ModifyDocumentPermission/stranger-shares-with-all").await;
    check_reverted("ssm/ModifyDocumentPermission/private").await;
}

#[tokio::test]
async fn stranger_deletes_one_version_and_what_is_live_then_counts() {
    let sample = "ssm/DeleteDocument/one-version";
    let scene = Scene::after(sample);
    let answer = scene.deliver(sample).await;
    assert_eq!(
        answer.counts,
        counted([Metric::StrangersChanges]),
        "{}",
        answer.body
    );
    assert!(!scene.writes_document());
    scene.assert_holds(&content::baseline());
}

#[tokio::test]
async fn editors_changes_above_the_floor_are_left_alone_then_approved() {
    for (sample, minutes) in [
        ("ssm/UpdateDocument/editor-lengthens-idle-timeout", 25),
        ("ssm/UpdateDocument/identity-center-editor", 10),
        ("ssm/UpdateDocument/through-cloudformation", 20),
    ] {
        let scene = Scene::after(sample);
        let answer = scene.deliver(sample).await;
        assert_eq!(answer.body["verdict"], "editors", "{}", answer.body);
        assert_eq!(
            (answer.counts, scene.account.writes()),
            (Counts::default(), vec![]),
            "{sample}"
        );

        let answer = scene.sweep_later().await;
        assert_eq!(answer.counts, counted([Metric::Sweeps]), "{}", answer.body);
        scene.assert_holds(&content::idle_timeout(minutes));
        assert_eq!(
            scene.account.stored_parameter(Parameter::Approvals).len(),
            1
        );
    }
}

#[tokio::test]
async fn editor_turns_encryption_off_and_is_reverted_below_the_floor() {
    let sample = "ssm/UpdateDocument/editor-turns-encryption-off";
    let scene = Scene::after(sample);
    let answer = scene.deliver(sample).await;
    assert_eq!(answer.body["verdict"], "editors");
    assert_eq!(answer.counts, counted([Metric::Reverts]), "{}", answer.body);
    scene.assert_holds(&content::baseline());
}

#[tokio::test]
async fn editors_deletion_waits_for_the_replacement_then_a_sweep_creates_the_document() {
    let sample = "ssm/DeleteDocument/editor-deletes";
    let scene = Scene::after(sample);
    let answer = scene.deliver(sample).await;
    assert_eq!(answer.counts, Counts::default(), "{}", answer.body);
    assert!(!scene.account.has_document());

    let answer = scene.sweep_later().await;
    assert_eq!(
        answer.counts,
        counted([Metric::Sweeps, Metric::Reverts]),
        "{}",
        answer.body
    );
    scene.assert_holds(&content::baseline());
}

#[tokio::test]
async fn the_guards_own_write_ends_there() {
    let sample = "ssm/UpdateDocument/guards-own-write";
    let scene = Scene::after(sample);
    let answer = scene.deliver(sample).await;
    assert_eq!(answer.body["verdict"], "own-write");
    assert_eq!(
        (answer.counts, scene.account.writes()),
        (Counts::default(), vec![])
    );
    assert!(scene.account.alerts().is_empty() && scene.account.reports().is_empty());
}

#[tokio::test]
async fn attempts_that_failed_are_reported_and_counted_and_nothing_is_read_or_written() {
    for sample in [
        "ssm/UpdateDocument/denied",
        "ssm/UpdateDocument/failed-duplicate-content",
    ] {
        let scene = Scene::after(sample);
        let answer = scene.deliver(sample).await;
        assert_eq!(answer.body["verdict"], "failed-call");
        assert_eq!(answer.counts, counted([Metric::DeniedAttempts]));
        let calls: Vec<_> = scene
            .account
            .calls()
            .iter()
            .map(|called| called.call)
            .collect();
        assert_eq!(calls, [Call::Publish], "{sample}");
    }
}

#[tokio::test]
async fn a_failed_call_of_the_guards_own_is_no_attempt() {
    let scene = Scene::after("ssm/UpdateDocument/failed-duplicate-content");
    let mut own = event("ssm/UpdateDocument/failed-duplicate-content");
    own["detail"]["userIdentity"] = Person::guard().identity().clone();
    let answer = handle(&scene.mandate, Payload::from(own), &scene.account)
        .await
        .unwrap();
    assert_eq!(answer.counts, Counts::default(), "{}", answer.body);
}

#[tokio::test]
async fn a_forged_event_that_names_an_editor_approves_nothing() {
    let scene = Scene {
        account: FakeAccount::holding(&content::baseline()),
        mandate: mandate(),
    };
    scene.account.set_lookup_lag(Duration::from_mins(5));
    scene.account.advance(Duration::from_secs(184));
    scene
        .account
        .as_principal(&Person::stranger())
        .update(&content::idle_timeout(25))
        .unwrap();
    scene.account.become_active();

    scene.deliver("ssm/UpdateDocument/forged-editor").await;
    assert!(
        scene
            .account
            .stored_parameter(Parameter::Approvals)
            .is_empty()
    );

    let answer = scene.sweep_later().await;
    assert!(answer.counts.of(Metric::Reverts) == 1, "{}", answer.body);
    scene.assert_holds(&content::baseline());
}

#[tokio::test]
async fn a_revert_that_nobody_could_be_told_of_counts_and_comes_again() {
    let scene = Scene::after("ssm/UpdateDocument/stranger-turns-logging-off");
    let fault = Fault::Fails(FailureClass::Unavailable);
    scene.account.fail_next(Call::Alert, fault, Moment::Before);
    let answer = scene
        .deliver("ssm/UpdateDocument/stranger-turns-logging-off")
        .await;
    assert_eq!(answer.counts.of(Metric::Reverts), 1);
    assert!(answer.failure.is_some());
    scene.assert_holds(&content::baseline());
    let again = scene
        .deliver("ssm/UpdateDocument/stranger-turns-logging-off")
        .await;
    assert_eq!(again.failure, None);
    assert_eq!(scene.account.alerts().len(), 1);
}

#[tokio::test]
async fn an_event_of_another_document_is_not_our_business_and_makes_no_call() {
    let scene = Scene::after("ssm/UpdateDocument/stranger-turns-logging-off");
    let answer = scene.deliver("ssm/UpdateDocument/another-document").await;
    assert_eq!(answer.body["verdict"], "not-ours");
    assert_eq!(
        answer.body["reasons"][0]["text"],
        "it concerns the document `Restart-Web-Servers`"
    );
    assert_eq!(answer.counts, counted([Metric::NotOurs]));
    assert!(scene.account.calls().is_empty());
}

#[tokio::test]
async fn a_sweep_of_an_account_in_order_writes_nothing_and_counts_as_one() {
    let account = FakeAccount::holding(&content::baseline());
    let scene = Scene {
        account,
        mandate: mandate(),
    };
    scene.account.let_cloudtrail_catch_up();
    scene.deliver("schedule/sweep").await;
    scene.account.forget_calls();
    let answer = scene.deliver("schedule/sweep").await;
    assert_eq!(
        (answer.counts, scene.account.writes()),
        (counted([Metric::Sweeps]), vec![])
    );
}

#[tokio::test]
async fn second_delivery_of_the_same_event_writes_nothing() {
    for story in STORIES {
        let scene = Scene::after(story.sample);
        scene.deliver(story.sample).await;
        scene.account.forget_calls();
        scene.deliver(story.sample).await;
        assert_eq!(scene.account.writes(), [], "{}", story.sample);
    }
}

#[tokio::test]
async fn a_failed_lookup_is_counted_and_the_sweep_comes_to_its_end() {
    let scene = Scene::after("ssm/UpdateDocument/editor-lengthens-idle-timeout");
    scene.account.fail_lookups(Some("rate exceeded"));
    let answer = scene.sweep_later().await;
    assert_eq!(
        answer.counts,
        counted([Metric::Sweeps, Metric::LookupFailures]),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn a_record_that_somebody_else_wrote_is_ignored_and_counted() {
    let scene = Scene::after("ssm/UpdateDocument/guards-own-write");
    scene
        .account
        .as_principal(&Person::stranger())
        .put_parameter(Parameter::Approvals, "{}")
        .unwrap();
    let answer = scene.sweep_later().await;
    assert!(
        answer.counts.of(Metric::RecordsIgnored) == 1,
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn a_suspension_is_counted_as_long_as_it_lasts_and_nothing_is_reverted() {
    let suspended = MandateBuilder::new()
        .with("\n[[suspension]]\nuntil = 2026-02-01T00:00:00Z\nreason = \"migration\"")
        .build();
    let sample = "ssm/UpdateDocument/stranger-turns-logging-off";
    let scene = Scene::with(suspended, sample);
    let answer = scene.deliver(sample).await;
    assert_eq!(
        answer.counts,
        counted([Metric::StrangersChanges, Metric::SuspensionActive])
    );
    assert!(!scene.writes_document(), "{}", answer.body);
}

#[tokio::test]
async fn the_eleventh_revert_in_ten_minutes_is_a_war() {
    let sample = "ssm/UpdateDocument/root";
    let scene = Scene::after(sample);
    scene.deliver(sample).await;
    let mut last = None;
    for minutes in 16..=26 {
        scene.account.advance(Duration::from_secs(10));
        let person = Person::stranger();
        scene
            .account
            .as_principal(&person)
            .update(&content::idle_timeout(minutes))
            .unwrap();
        scene.account.become_active();
        let event = scene.account.last_event().unwrap();
        let payload = Payload::from(event.envelope().clone());
        last = Some(
            handle(&scene.mandate, payload, &scene.account)
                .await
                .unwrap(),
        );
    }
    let answer = last.unwrap();
    assert_eq!(
        answer.counts,
        counted([Metric::StrangersChanges, Metric::RevertWar]),
        "{}",
        answer.body
    );
}

#[tokio::test]
async fn a_call_that_fails_fails_the_invocation_under_a_name_that_says_why() {
    let sample = "ssm/UpdateDocument/stranger-turns-logging-off";
    for (class, name) in [
        (
            guard_reconcile::error::FailureClass::Denied,
            "Retryable.Denied",
        ),
        (
            guard_reconcile::error::FailureClass::Throttled,
            "Retryable.Throttled",
        ),
        (
            guard_reconcile::error::FailureClass::Unavailable,
            "Retryable.Unavailable",
        ),
    ] {
        let scene = Scene::after(sample);
        scene
            .account
            .fail_next(Call::Content, Fault::Fails(class), Moment::Before);
        assert_eq!(scene.tried(sample).await.unwrap_err().kind.name(), name);
        let answer = scene.deliver(sample).await;
        assert_eq!(answer.counts.of(Metric::Reverts), 1, "{}", answer.body);
    }
}
