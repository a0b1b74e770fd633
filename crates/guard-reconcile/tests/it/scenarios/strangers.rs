//! What people do who are no editors.

use guard_core::names::Version;
use guard_testkit::charter::MandateBuilder;
use guard_testkit::generate::strangers;
use guard_testkit::person::OTHER_ACCOUNT;
use guard_testkit::{Call, Person, Rules, content};

use super::story::{Story, codes};

#[test]
fn stranger_turns_logging_off_and_is_reverted_within_twelve_calls() {
    let story = Story::new();
    story.account.set_rules(Rules {
        polls_until_active: 3,
        ..Rules::default()
    });
    let event = story.writes(&Person::stranger(), &content::logging_off());
    story.account.forget_calls();
    let outcome = story.arrival(&event);
    assert!(outcome.decision.is_alert);
    assert!(
        story.account.n_aws_calls() <= 12,
        "{:?}",
        story.account.calls()
    );
    story.assert_says(&content::baseline());
    assert_eq!(story.account.alerts().len(), 1);
}

#[test]
fn nothing_to_do_takes_four_calls_at_most() {
    let story = Story::new();
    story.sweep();
    assert!(
        story.account.n_aws_calls() <= 4,
        "{:?}",
        story.account.calls()
    );
    let event = story.writes(&Person::stranger(), &content::logging_off());
    story.arrival(&event);
    for event in story.account.take_events() {
        story.account.forget_calls();
        story.arrival(&event);
        let reading = story
            .account
            .calls()
            .iter()
            .filter(|called| called.call != Call::Publish)
            .count();
        assert!(reading <= 4, "{:?}", story.account.calls());
        story.assert_no_writes();
    }
}

#[test]
fn a_sweep_at_rest_leaves_a_call_for_a_second_page_of_the_parameters_history() {
    let story = Story::new();
    let event = story.writes(&Person::stranger(), &content::logging_off());
    story.arrival(&event);
    for _ in 0..2 {
        story.pass(1_200);
        story.sweep();
    }
    story.account.forget_calls();
    story.sweep();
    assert_eq!(
        story.account.calls().len(),
        3,
        "{:?}",
        story.account.calls()
    );
    story.assert_says(&content::baseline());
}

#[test]
fn nobody_who_is_no_editor_keeps_a_change_above_the_floor() {
    for stranger in strangers() {
        let story = Story::new();
        let event = story.writes(&stranger, &content::above_floor("theirs"));
        story.arrival(&event);
        story.assert_says(&content::baseline());
    }
}

#[test]
fn the_guards_own_write_triggers_no_further_write() {
    let story = Story::new();
    let event = story.writes(&Person::stranger(), &content::above_floor("theirs"));
    story.account.take_events();
    story.arrival(&event);
    let own = story.account.take_events();
    assert!(!own.is_empty());
    story.account.forget_calls();
    for event in own {
        let outcome = story.arrival(&event);
        assert!(
            codes(&outcome).contains(&"is-guard"),
            "{:?}",
            outcome.decision.reasons
        );
    }
    story.assert_no_writes();
}

#[test]
fn the_guards_own_role_is_no_excuse_for_a_wrong_content() {
    let story = Story::new();
    let event = story.writes(&Person::guard_elsewhere(), &content::above_floor("theirs"));
    let outcome = story.arrival(&event);
    assert!(
        codes(&outcome).contains(&"own-but-wrong"),
        "{:?}",
        outcome.decision.reasons
    );
    story.assert_says(&content::baseline());
}

#[test]
fn second_delivery_of_the_same_event_writes_nothing() {
    let story = Story::new();
    let event = story.writes(&Person::stranger(), &content::encryption_off());
    story.arrival(&event);
    story.account.forget_calls();
    story.arrival(&event);
    story.assert_no_writes();
}

#[test]
fn an_overtaken_version_is_reported_with_the_time_it_was_open() {
    let story = Story::new();
    let theirs = story.writes(&Person::stranger(), &content::above_floor("theirs"));
    story.pass(90);
    story.writes(&Person::editor(), &content::idle_timeout(5));
    story.account.forget_calls();
    let outcome = story.arrival(&theirs);
    assert!(
        codes(&outcome).contains(&"overtaken"),
        "{:?}",
        outcome.decision.reasons
    );
    assert!(outcome.decision.is_alert);
    story.assert_no_writes();
    assert_eq!(
        story.account.latest_content(),
        Some(content::idle_timeout(5))
    );
}

#[test]
fn a_moved_default_is_moved_back_and_nothing_is_written_anew() {
    let story = Story::new();
    story.approves(&content::idle_timeout(5));
    story
        .account
        .as_principal(&Person::stranger())
        .move_default(Version(1))
        .unwrap();
    let outcome = story.event_of_last_call();
    assert!(
        codes(&outcome).contains(&"default-moved"),
        "{:?}",
        outcome.decision.reasons
    );
    assert_eq!(story.account.n_calls_of(Call::Update), 0);
    story.assert_says(&content::idle_timeout(5));
}

#[test]
fn a_sweep_moves_a_default_back_whose_event_was_lost() {
    let story = Story::new();
    story.approves(&content::idle_timeout(5));
    let event = story.writes(&Person::stranger(), &content::encryption_off());
    story.arrival(&event);
    story
        .account
        .as_principal(&Person::stranger())
        .move_default(Version(3))
        .unwrap();
    assert_eq!(
        story.account.default_content(),
        Some(content::encryption_off())
    );
    story.sweep();
    story.assert_says(&content::idle_timeout(5));
}

#[test]
fn a_shared_document_is_unshared_by_event_and_by_sweep() {
    for with in ["all", OTHER_ACCOUNT] {
        let story = Story::new();
        story
            .account
            .as_principal(&Person::editor())
            .share(&[with])
            .unwrap();
        let event = story.account.last_event().unwrap();
        story.arrival(&event);
        assert!(story.account.share_list().is_empty());
        story
            .account
            .as_principal(&Person::stranger())
            .share(&[with])
            .unwrap();
        story.sweep();
        assert!(story.account.share_list().is_empty());
        story.account.forget_calls();
        story.arrival(&event);
        story.assert_no_writes();
    }
}

#[test]
fn a_denied_call_is_only_reported() {
    let story = Story::new();
    story
        .account
        .as_principal(&Person::stranger())
        .be_denied("UpdateDocument");
    let outcome = story.event_of_last_call();
    assert_eq!(codes(&outcome), ["call-failed"]);
    story.assert_no_writes();
}

#[test]
fn the_same_content_in_yaml_or_under_another_description_is_no_change() {
    for text in [
        content::as_yaml(&content::baseline()),
        content::described(&content::baseline(), "other"),
    ] {
        let story = Story::new();
        let event = story.writes(&Person::stranger(), &text);
        story.account.forget_calls();
        story.arrival(&event);
        // The default still holds the same meaning, so there is nothing to do at all.
        story.assert_no_writes();
    }
}

#[test]
fn a_content_below_any_floor_is_reverted_whoever_wrote_it() {
    for text in [
        content::placeholder(),
        content::duplicate_key(),
        content::case_twin(),
    ] {
        let story = Story::new();
        let event = story.writes(&Person::editor(), &text);
        story.arrival(&event);
        story.assert_says(&content::baseline());
    }
}

#[test]
fn report_mode_and_a_suspension_leave_the_document_as_it_is_and_say_so() {
    let suspension = "[[suspension]]\nuntil = 2026-02-01T00:00:00Z\nreason = \"migration\"";
    for builder in [
        MandateBuilder::new().reporting(),
        MandateBuilder::new().with(suspension),
    ] {
        let story = Story::under(&builder);
        let event = story.writes(&Person::stranger(), &content::logging_off());
        let outcome = story.arrival(&event);
        assert!(outcome.decision.held.is_some());
        story.sweep();
        assert!(
            story
                .account
                .writes()
                .iter()
                .all(|called| !called.call.writes_document())
        );
        assert_eq!(story.account.latest_content(), Some(content::logging_off()));
    }
}

#[test]
fn ten_reverts_in_ten_minutes_leave_what_keeps_the_floor_to_the_sweep() {
    let story = Story::new();
    let mallory = Person::stranger();
    for n in 0..10 {
        let event = story.writes(&mallory, &content::above_floor(&format!("war-{n}")));
        story.arrival(&event);
        story.pass(10);
    }
    story.assert_says(&content::baseline());
    let above = story.writes(&mallory, &content::above_floor("war-10"));
    let outcome = story.arrival(&above);
    assert!(
        codes(&outcome).contains(&"revert-war"),
        "{:?}",
        outcome.decision.reasons
    );
    assert!(outcome.decision.is_alert);
    assert_eq!(
        story.account.latest_content(),
        Some(content::above_floor("war-10"))
    );
    let below = story.writes(&mallory, &content::encryption_off());
    story.arrival(&below);
    story.assert_says(&content::baseline());
    story.writes(&mallory, &content::above_floor("war-11"));
    story.pass(60);
    story.sweep();
    story.assert_says(&content::baseline());
}
