//! What editors change: left alone at once, approved by CloudTrail's own record only.

use std::time::Duration;

use guard_core::judge::Reason;
use guard_core::names::Version;
use guard_testkit::charter::MandateBuilder;
use guard_testkit::generate::editors;
use guard_testkit::{Call, Person, content};

use super::story::{Story, codes};

#[test]
fn an_editors_change_above_the_floor_is_left_alone_then_approved_and_defended() {
    for editor in editors() {
        let story = Story::new();
        story.account.set_lookup_lag(Duration::from_mins(6));
        let event = story.writes(&editor, &content::idle_timeout(30));
        let outcome = story.arrival(&event);
        assert!(
            codes(&outcome).contains(&"pending"),
            "{:?}",
            outcome.decision.reasons
        );
        story.pass(300);
        assert!(codes(&story.sweep()).contains(&"waiting"));
        story.assert_no_writes_of_content();
        story.pass(300);
        assert!(codes(&story.sweep()).contains(&"approved"));
        story.assert_says(&content::idle_timeout(30));
        let event = story.writes(&Person::stranger(), &content::logging_off());
        story.arrival(&event);
        story.assert_says(&content::idle_timeout(30));
    }
}

#[test]
fn an_editor_who_turns_encryption_off_is_reverted() {
    let story = Story::new();
    let event = story.writes(&Person::editor(), &content::encryption_off());
    story.arrival(&event);
    story.assert_says(&content::baseline());
    story.pass(300);
    assert!(codes(&story.sweep()).contains(&"refused"));
    story.assert_says(&content::baseline());
}

#[test]
fn it_is_the_confirmed_version_that_is_approved_not_what_is_live_by_then() {
    let story = Story::new();
    story.writes(&Person::editor(), &content::idle_timeout(5));
    story.writes(&Person::stranger(), &content::above_floor("theirs"));
    story.pass(300);
    story.sweep();
    story.assert_says(&content::idle_timeout(5));
}

#[test]
fn a_version_that_an_editor_wrote_before_a_strangers_event_was_reverted_still_comes_back() {
    let story = Story::new();
    story.account.set_lookup_lag(Duration::from_mins(10));
    story.writes(&Person::editor(), &content::idle_timeout(5));
    let theirs = story.writes(&Person::stranger(), &content::above_floor("theirs"));
    story.arrival(&theirs);
    story.assert_says(&content::baseline());
    story.pass(600);
    story.sweep();
    story.assert_says(&content::idle_timeout(5));
}

#[test]
fn approval_only_moves_forward_whatever_order_cloudtrail_learns_of_changes_in() {
    let story = Story::new();
    story.account.set_lookup_lag(Duration::from_mins(10));
    story.writes(&Person::editor(), &content::idle_timeout(5));
    story.pass(2);
    story.account.set_lookup_lag(Duration::ZERO);
    story.writes(&Person::other_editor(), &content::idle_timeout(6));
    story.pass(60);
    assert!(codes(&story.sweep()).contains(&"approved"));
    story.assert_says(&content::idle_timeout(6));
    story.pass(600);
    let outcome = story.sweep();
    assert!(
        !codes(&outcome).contains(&"approved"),
        "{:?}",
        outcome.decision.reasons
    );
    story.assert_says(&content::idle_timeout(6));
}

#[test]
fn fields_taken_over_from_a_stranger_are_named() {
    let story = Story::new();
    story.writes(&Person::stranger(), &content::above_floor("theirs"));
    let inherited = content::above_floor("theirs").replace("\"15\"", "\"10\"");
    story.writes(&Person::editor(), &inherited);
    story.pass(300);
    let outcome = story.sweep();
    let fields: Vec<_> = outcome
        .decision
        .reasons
        .iter()
        .filter_map(|reason| match reason {
            Reason::Inherited { fields, .. } => {
                Some(fields.iter().map(|field| field.as_str().to_owned()))
            }
            _ => None,
        })
        .flatten()
        .collect();
    assert_eq!(fields, ["inputs.runAsDefaultUser"]);
    assert!(outcome.decision.is_alert);
    story.assert_says(&inherited);
}

#[test]
fn a_failing_event_history_is_not_the_same_as_knowing_nothing() {
    let story = Story::new();
    story.account.fail_lookups(Some("ThrottlingException"));
    story.writes(&Person::editor(), &content::idle_timeout(5));
    for _ in 0..3 {
        story.pass(1_800);
        let outcome = story.sweep();
        assert!(
            codes(&outcome).contains(&"trail-failed"),
            "{:?}",
            outcome.decision.reasons
        );
    }
    story.assert_no_writes_of_content();
    story.account.fail_lookups(None);
    story.sweep();
    story.assert_says(&content::idle_timeout(5));
}

#[test]
fn a_version_that_an_answering_event_history_does_not_know_for_half_an_hour_is_a_strangers() {
    let story = Story::new();
    let event = story.writes(&Person::editor(), &content::idle_timeout(5));
    story.account.forget_record(event.id());
    story.pass(29 * 60);
    assert!(codes(&story.sweep()).contains(&"waiting"));
    assert_eq!(
        story.account.latest_content(),
        Some(content::idle_timeout(5))
    );
    story.pass(60);
    assert!(codes(&story.sweep()).contains(&"never-known"));
    story.assert_says(&content::baseline());
}

#[test]
fn a_content_too_large_to_keep_is_refused_with_that_reason() {
    let story = Story::new();
    story.writes(&Person::editor(), &content::above_floor_but_too_large());
    story.pass(300);
    let outcome = story.sweep();
    assert!(
        codes(&outcome).contains(&"refused"),
        "{:?}",
        outcome.decision.reasons
    );
    story.assert_says(&content::baseline());
}

#[test]
fn a_charter_without_editors_approves_nobody() {
    let story = Story::under(&MandateBuilder::new().without_editors());
    let event = story.writes(&Person::editor(), &content::idle_timeout(5));
    story.arrival(&event);
    story.assert_says(&content::baseline());
}

#[test]
fn an_editor_who_deletes_the_newest_version_brings_no_older_one_back() {
    let story = Story::new();
    story.approves(&content::idle_timeout(5));
    let theirs = story.writes(&Person::stranger(), &content::above_floor("theirs"));
    story.arrival(&theirs);
    // Latest and default are version 4; the stranger's is 3.
    story
        .account
        .as_principal(&Person::editor())
        .move_default(Version(3))
        .unwrap();
    story
        .account
        .as_principal(&Person::editor())
        .delete_version(Version(4))
        .unwrap();
    story.pass(300);
    story.sweep();
    story.assert_says(&content::idle_timeout(5));
}

impl Story {
    #[track_caller]
    fn assert_no_writes_of_content(&self) {
        assert_eq!(self.account.n_calls_of(Call::Update), 0);
        assert_eq!(self.account.n_calls_of(Call::MoveDefault), 0);
    }
}
