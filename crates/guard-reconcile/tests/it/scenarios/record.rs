//! The record of the approved content: a convenience, never a root of trust.

use guard_core::approvals::{Approvals, Approved};
use guard_core::judge::Trigger;
use guard_reconcile::error::{FailureClass, ReconcileError};
use guard_reconcile::ports::Parameter;
use guard_testkit::charter::MandateBuilder;
use guard_testkit::generate::Meddling;
use guard_testkit::person::GUARD_ROLE;
use guard_testkit::{Call, Fault, Moment, Person, content};

use super::story::{Story, codes};

/// What somebody would write who knows how the guard does it.
fn hostile(story: &Story) -> String {
    let newest = story
        .account
        .stored_parameter(Parameter::Approvals)
        .pop()
        .unwrap();
    let mut approvals = Approvals::decode(&newest.value).unwrap();
    let Approved {
        content: approved, ..
    } = approvals.approved.as_mut().unwrap();
    *approved = content::above_floor("theirs");
    approvals.encode().unwrap()
}

#[test]
fn a_strangers_record_is_ignored_alerted_and_overwritten_with_our_own() {
    let story = Story::new();
    story.approves(&content::idle_timeout(5));
    let value = hostile(&story);
    story
        .account
        .as_principal(&Person::stranger())
        .put_parameter(Parameter::Approvals, &value)
        .unwrap();
    let outcome = story.sweep();
    assert!(
        codes(&outcome).contains(&"approvals-ignored"),
        "{:?}",
        outcome.decision.reasons
    );
    assert!(outcome.decision.is_alert);
    story.assert_says(&content::idle_timeout(5));
    let newest = story
        .account
        .stored_parameter(Parameter::Approvals)
        .pop()
        .unwrap();
    assert!(
        newest
            .modified_by
            .contains("session-guard-preferences-guard")
    );
    assert_ne!(newest.value, value);
    story.account.forget_calls();
    story.sweep();
    story.assert_no_writes();
}

#[test]
fn a_record_that_somebody_writes_between_reading_and_writing_is_judged_again() {
    let story = Story::new();
    story.writes(&Person::editor(), &content::idle_timeout(5));
    story.pass(300);
    let put = Call::Put(Parameter::Approvals);
    story.account.before_next(put, |account| {
        Meddling::Nonsense(Parameter::Approvals).done_by(&Person::stranger(), account);
    });
    let n_read = story
        .account
        .n_calls_of(Call::History(Parameter::Approvals));
    story.sweep();
    let n_read = story
        .account
        .n_calls_of(Call::History(Parameter::Approvals))
        - n_read;
    assert_eq!(n_read, 2);
    story.assert_says(&content::idle_timeout(5));
}

#[test]
fn somebody_who_writes_the_record_without_end_keeps_no_sweep_from_the_document() {
    let story = Story::new();
    story.writes(&Person::stranger(), &content::logging_off());
    for call in 0..200 {
        story.account.before_call(call, |account| {
            Meddling::Nonsense(Parameter::Approvals).done_by(&Person::stranger(), account);
        });
    }
    story.sweep();
    story.assert_says(&content::baseline());
}

#[test]
fn names_that_only_resemble_the_guards_role_do_not_count() {
    let story = Story::new();
    story.approves(&content::idle_timeout(5));
    let value = hostile(&story);
    for role in [
        format!("{GUARD_ROLE}-2"),
        GUARD_ROLE
            .replace("role/", "role/session-guard/x/")
            .replace("session-guard-p", "p"),
    ] {
        let resembling = Person::session(&role, "preferences-guard");
        story
            .account
            .as_principal(&resembling)
            .put_parameter(Parameter::Approvals, &value)
            .unwrap();
        story.sweep();
        story.assert_says(&content::idle_timeout(5));
    }
}

#[test]
fn a_record_deleted_or_flooded_falls_back_to_what_can_still_be_read() {
    for meddling in [
        Meddling::Delete(Parameter::Approvals),
        Meddling::Flood(Parameter::Approvals),
    ] {
        let story = Story::new();
        story.approves(&content::idle_timeout(5));
        meddling.done_by(&Person::stranger(), &story.account);
        story.sweep();
        // The editor's version and CloudTrail's record of it are still there.
        story.assert_says(&content::idle_timeout(5));
        story
            .account
            .as_principal(&Person::stranger())
            .delete()
            .unwrap();
        story.event_of_last_call();
        story.assert_says(&content::idle_timeout(5));
        meddling.done_by(&Person::stranger(), &story.account);
        story.pass(300);
        story.sweep();
        // Now they are not: the only editor's version went with the document.
        story.assert_says(&content::baseline());
    }
}

#[test]
fn a_deployment_with_another_baseline_voids_what_was_approved() {
    let mut story = Story::new();
    story.approves(&content::idle_timeout(5));
    let deployed = MandateBuilder::new()
        .with_baseline(&content::above_floor("new-operator"))
        .packed_at(story.account.time());
    story.mandate = deployed.build();
    story.sweep();
    story.assert_says(&content::above_floor("new-operator"));
    story.pass(60);
    story.approves(&content::idle_timeout(6));
    story.assert_says(&content::idle_timeout(6));
}

#[test]
fn a_deployment_with_the_same_baseline_keeps_what_was_approved() {
    let mut story = Story::new();
    story.approves(&content::idle_timeout(5));
    story.mandate = MandateBuilder::new()
        .packed_at(story.account.time())
        .build();
    story.sweep();
    story.assert_says(&content::idle_timeout(5));
    assert_eq!(story.account.n_calls_of(Call::Update), 0);
}

#[test]
fn a_redeployed_baseline_is_not_overruled_by_a_change_from_before_the_packing() {
    let mut story = Story::new();
    story.writes(&Person::editor(), &content::idle_timeout(5));
    story.pass(1);
    let deployed = MandateBuilder::new()
        .with_baseline(&content::above_floor("new-operator"))
        .packed_at(story.account.time());
    story.mandate = deployed.build();
    story.pass(300);
    story.sweep();
    story.assert_says(&content::above_floor("new-operator"));
}

#[test]
fn an_editor_who_is_taken_off_the_charter_takes_their_approval_along() {
    let mut story = Story::new();
    story.approves(&content::idle_timeout(5));
    story.mandate = MandateBuilder::new().without_editors().build();
    let outcome = story.sweep();
    assert!(
        codes(&outcome).contains(&"approvals-ignored"),
        "{:?}",
        outcome.decision.reasons
    );
    story.assert_says(&content::baseline());
}

#[test]
fn a_raised_floor_takes_an_approval_below_it_back() {
    let mut story = Story::new();
    story.approves(&content::idle_timeout(30));
    let raised = MandateBuilder::new().with_idle_timeout_at_most(20);
    story.mandate = raised.build();
    story.sweep();
    story.assert_says(&content::baseline());
}

#[test]
fn a_record_that_cannot_be_written_does_not_keep_the_document_wrong() {
    let story = Story::new();
    story.writes(&Person::editor(), &content::idle_timeout(5));
    story.writes(&Person::stranger(), &content::logging_off());
    story.pass(300);
    let put = Call::Put(Parameter::Approvals);
    story
        .account
        .fail_every(put, Fault::Fails(FailureClass::Denied), Moment::Before);
    let failure = story.failure_of_run(&Trigger::Sweep);
    assert!(matches!(failure, ReconcileError::Port(_)), "{failure:?}");
    story.assert_says(&content::idle_timeout(5));
}
