//! Deleted, created again, created as something else.

use guard_core::names::Version;
use guard_testkit::{Person, content};

use super::story::{Story, codes};

#[test]
fn what_a_stranger_deletes_is_created_again_at_once_with_its_tags() {
    let story = Story::new();
    story.approves(&content::idle_timeout(5));
    story
        .account
        .as_principal(&Person::stranger())
        .delete()
        .unwrap();
    let outcome = story.event_of_last_call();
    assert!(
        codes(&outcome).contains(&"missing"),
        "{:?}",
        outcome.decision.reasons
    );
    story.assert_says(&content::idle_timeout(5));
    assert_eq!(
        story.account.tags().get("owner").map(String::as_str),
        Some("security")
    );
}

#[test]
fn what_an_editor_deletes_is_waited_for_two_minutes_and_then_created_by_a_sweep() {
    let story = Story::new();
    story
        .account
        .as_principal(&Person::tool())
        .delete()
        .unwrap();
    let outcome = story.event_of_last_call();
    assert!(
        codes(&outcome).contains(&"awaits-replacement"),
        "{:?}",
        outcome.decision.reasons
    );
    story.pass(100);
    assert!(codes(&story.sweep()).contains(&"awaits-replacement"));
    assert!(!story.account.has_document());
    story.pass(21);
    assert!(codes(&story.sweep()).contains(&"missing"));
    story.assert_says(&content::baseline());
}

#[test]
fn a_tool_that_replaces_the_document_is_left_alone_and_approved() {
    let story = Story::new();
    let tool = Person::tool();
    story.account.as_principal(&tool).delete().unwrap();
    story.event_of_last_call();
    story.pass(20);
    story
        .account
        .as_principal(&tool)
        .create(&content::idle_timeout(5))
        .unwrap();
    story.event_of_last_call();
    assert_eq!(story.account.latest_version(), Some(Version(1)));
    story.pass(300);
    story.sweep();
    story.assert_says(&content::idle_timeout(5));
    assert_eq!(story.account.latest_version(), Some(Version(1)));
}

#[test]
fn an_old_event_of_an_editors_deletion_does_not_delay_the_creation() {
    let story = Story::new();
    story
        .account
        .as_principal(&Person::editor())
        .delete()
        .unwrap();
    let deletion = story.account.last_event().unwrap();
    story.pass(180);
    story.arrival(&deletion);
    story.assert_says(&content::baseline());
}

#[test]
fn a_document_created_as_another_type_is_unshared_deleted_and_created_again() {
    for kind in ["Command", "Automation"] {
        let story = Story::new();
        let mallory = Person::stranger();
        story.account.as_principal(&mallory).delete().unwrap();
        story
            .account
            .as_principal(&mallory)
            .create_as(kind, &content::baseline())
            .unwrap();
        story
            .account
            .as_principal(&mallory)
            .share(&["all"])
            .unwrap();
        story.event_of_last_call();
        story.assert_says(&content::baseline());
        assert!(!story.account.tags().is_empty());
    }
}

#[test]
fn an_event_of_a_deleted_version_says_nothing_of_another_under_the_same_number() {
    let story = Story::new();
    let theirs = story.writes(&Person::stranger(), &content::above_floor("theirs"));
    let editor = Person::editor();
    story.account.as_principal(&editor).delete().unwrap();
    story
        .account
        .as_principal(&editor)
        .create(&content::baseline())
        .unwrap();
    story.writes(&editor, &content::idle_timeout(5));
    assert_eq!(story.account.latest_version(), Some(Version(2)));
    story.account.forget_calls();
    let outcome = story.arrival(&theirs);
    assert!(
        codes(&outcome).contains(&"overtaken"),
        "{:?}",
        outcome.decision.reasons
    );
    assert_eq!(
        story.account.latest_content(),
        Some(content::idle_timeout(5))
    );
    story.pass(300);
    story.sweep();
    story.assert_says(&content::idle_timeout(5));
}

#[test]
fn an_approved_change_outlives_the_document_it_was_made_in() {
    let story = Story::new();
    story.approves(&content::idle_timeout(5));
    let mallory = Person::stranger();
    story.account.as_principal(&mallory).delete().unwrap();
    story
        .account
        .as_principal(&mallory)
        .create(&content::above_floor("theirs"))
        .unwrap();
    story.writes(&mallory, &content::above_floor("theirs too"));
    story.pass(300);
    story.sweep();
    story.assert_says(&content::idle_timeout(5));
}

#[test]
fn in_a_document_created_anew_our_own_content_under_a_settled_number_hides_no_editor() {
    let story = Story::new();
    // The settled version is number 3 and holds the baseline.
    let theirs = story.writes(&Person::stranger(), &content::above_floor("theirs"));
    story.arrival(&theirs);
    story.pass(300);
    story.sweep();
    let editor = Person::editor();
    story.account.as_principal(&editor).delete().unwrap();
    story
        .account
        .as_principal(&editor)
        .create(&content::idle_timeout(5))
        .unwrap();
    let theirs = story.writes(&Person::stranger(), &content::above_floor("theirs"));
    story.arrival(&theirs);
    assert_eq!(story.account.latest_version(), Some(Version(3)));
    story.assert_says(&content::baseline());
    story.pass(300);
    story.sweep();
    story.assert_says(&content::idle_timeout(5));
}
