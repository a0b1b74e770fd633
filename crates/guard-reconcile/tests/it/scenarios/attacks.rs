//! What an attacker with all of Systems Manager in his hands tried to stay live, or to stay unnamed.

use std::time::Duration;

use guard_core::names::Version;
use guard_core::preferences::Preferences;
use guard_reconcile::error::FailureClass;
use guard_reconcile::ports::Parameter;
use guard_reconcile::{Trigger, reconcile};
use guard_testkit::{Call, Fault, Moment, Person, content, turns};

use super::story::Story;

fn says(story: &Story, wanted: &str) -> bool {
    let wanted = Preferences::parse(wanted).unwrap();
    [
        story.account.latest_content(),
        story.account.default_content(),
    ]
    .into_iter()
    .all(|live| {
        live.is_some_and(|live| {
            Preferences::parse(&live)
                .unwrap()
                .means_the_same_as(&wanted)
        })
    })
}

fn try_run(story: &Story, trigger: &Trigger) -> Result<guard_reconcile::Outcome, String> {
    turns::run(
        &story.account,
        reconcile(&story.mandate, trigger, &story.account),
    )
    .unwrap()
    .map_err(|error| format!("{error:?}"))
}

fn war(story: &Story) {
    let mallory = Person::stranger();
    for n in 0..10 {
        let event = story.writes(&mallory, &content::logging_elsewhere(&format!("/war/{n}")));
        story.arrival(&event);
        story.pass(2);
    }
    story.account.take_events();
}

#[test]
fn a_default_moved_and_moved_back_is_alerted() {
    let story = Story::new();
    let mallory = Person::stranger();
    let event = story.writes(&mallory, &content::logging_off());
    story.arrival(&event);
    story.account.take_events();
    let n = story.account.alerts().len();
    let good = story.account.default_version().unwrap();
    story
        .account
        .as_principal(&mallory)
        .move_default(Version(2))
        .unwrap();
    story.pass(4); // a session starts here
    story
        .account
        .as_principal(&mallory)
        .move_default(good)
        .unwrap();
    for event in story.account.take_events() {
        story.arrival(&event);
    }
    assert!(story.account.alerts().len() > n, "nobody was alerted");
}

#[test]
fn sharing_undone_before_the_event_is_alerted() {
    let story = Story::new();
    let mallory = Person::stranger();
    story
        .account
        .as_principal(&mallory)
        .share(&["all"])
        .unwrap();
    story.pass(4);
    story
        .account
        .as_principal(&mallory)
        .unshare(&["all"])
        .unwrap();
    for event in story.account.take_events() {
        story.arrival(&event);
    }
    assert!(!story.account.alerts().is_empty(), "nobody was alerted");
}

#[test]
fn a_flooded_history_does_not_keep_a_strangers_content_for_ever() {
    let story = Story::new();
    war(&story);
    let mallory = Person::stranger();
    let event = story.writes(&mallory, &content::above_floor("mallory"));
    story.arrival(&event);
    // 500 calls of UpdateDocument on any document within the minute after: the record is beyond the tenth page.
    story.account.limit_lookups(Some(500));
    for _ in 0..50 {
        story.pass(1);
        for _ in 0..10 {
            story
                .account
                .as_principal(&mallory)
                .be_denied("UpdateDocument");
        }
    }
    for _ in 0..8 {
        story.pass(300);
        story.sweep();
    }
    assert!(
        says(&story, &content::baseline()),
        "40 minutes later it is still live"
    );
}

#[test]
fn a_history_that_fails_for_a_day_does_not_keep_a_strangers_content_for_ever() {
    let story = Story::new();
    war(&story);
    let event = story.writes(&Person::stranger(), &content::above_floor("mallory"));
    story.arrival(&event);
    story.account.fail_lookups(Some("ThrottlingException"));
    for _ in 0..(24 * 12) {
        story.pass(300);
        story.sweep();
    }
    assert!(
        says(&story, &content::baseline()),
        "a day later it is still live"
    );
}

#[test]
fn in_a_war_a_strangers_change_is_gone_with_the_next_sweep() {
    let story = Story::new();
    story.account.set_lookup_lag(Duration::from_mins(15));
    war(&story);
    let event = story.writes(&Person::stranger(), &content::above_floor("mallory"));
    story.arrival(&event);
    let mut minutes = 0;
    while !says(&story, &content::baseline()) && minutes < 60 {
        story.pass(300);
        minutes += 5;
        story.sweep();
    }
    assert!(minutes <= 5, "gone after {minutes} minutes");
}

#[test]
fn a_run_that_cannot_delete_the_wrong_type_says_who_did_it() {
    let story = Story::new();
    let mallory = Person::stranger();
    story.account.as_principal(&mallory).delete().unwrap();
    story
        .account
        .as_principal(&mallory)
        .create_as("Command", &content::logging_off())
        .unwrap();
    let event = story.account.last_event().unwrap();
    // AssociatedInstances: State Manager associations on the Command document.
    story.account.fail_every(
        Call::Delete,
        Fault::Fails(FailureClass::Malformed),
        Moment::Before,
    );
    _ = try_run(&story, &Trigger::Change(Box::new(event.change())));
    for _ in 0..3 {
        story.pass(300);
        _ = try_run(&story, &Trigger::Sweep);
    }
    assert!(
        !story.account.alerts().is_empty() && !story.account.reports().is_empty(),
        "alerts {} reports {}",
        story.account.alerts().len(),
        story.account.reports().len()
    );
}

#[test]
fn a_missing_document_that_cannot_be_created_is_alerted() {
    let story = Story::new();
    let mallory = Person::stranger();
    story.account.as_principal(&mallory).delete().unwrap();
    let event = story.account.last_event().unwrap();
    // DocumentLimitExceeded: the attacker has filled the Region's 500 documents.
    story.account.fail_every(
        Call::Create,
        Fault::Fails(FailureClass::Malformed),
        Moment::Before,
    );
    _ = try_run(&story, &Trigger::Change(Box::new(event.change())));
    story.pass(300);
    _ = try_run(&story, &Trigger::Sweep);
    assert!(!story.account.alerts().is_empty(), "nobody was alerted");
}

#[test]
fn sweeps_whose_parameter_is_blocked_still_alert() {
    let story = Story::new();
    let mallory = Person::stranger();
    story
        .account
        .as_principal(&mallory)
        .put_parameter(Parameter::Approvals, "x")
        .unwrap();
    story.account.fail_every(
        Call::Put(Parameter::Approvals),
        Fault::Fails(FailureClass::Malformed),
        Moment::Before,
    );
    // the event was lost
    story.writes(&mallory, &content::logging_off());
    _ = try_run(&story, &Trigger::Sweep);
    assert!(
        !story.account.alerts().is_empty(),
        "reverted, and nobody was told"
    );
}

#[test]
fn who_writes_before_every_update_is_named() {
    fn again(account: &guard_testkit::FakeAccount, n: u32) {
        account
            .as_principal(&Person::stranger())
            .update(&content::logging_elsewhere(&format!("/x/{n}")))
            .unwrap();
        account.before_next(Call::Update, move |account| again(account, n + 1));
    }
    let story = Story::new();
    let event = story.writes(&Person::stranger(), &content::logging_off());
    story
        .account
        .before_next(Call::Update, |account| again(account, 0));
    _ = try_run(&story, &Trigger::Change(Box::new(event.change())));
    _ = try_run(&story, &Trigger::Sweep);
    assert!(
        !story.account.alerts().is_empty(),
        "no alert, reports {}",
        story.account.reports().len()
    );
}

#[test]
fn a_parameter_that_is_always_written_in_between_does_not_stop_sweeps() {
    fn again(account: &guard_testkit::FakeAccount) {
        account
            .as_principal(&Person::stranger())
            .put_parameter(Parameter::Approvals, "x")
            .unwrap();
        account.before_next(Call::Put(Parameter::Approvals), again);
    }
    fn before_reading(account: &guard_testkit::FakeAccount) {
        account
            .as_principal(&Person::stranger())
            .put_parameter(Parameter::Approvals, "x")
            .unwrap();
        account.before_next(Call::History(Parameter::Approvals), before_reading);
    }
    let story = Story::new();
    let mallory = Person::stranger();
    story
        .account
        .before_next(Call::Put(Parameter::Approvals), again);
    story
        .account
        .before_next(Call::History(Parameter::Approvals), before_reading);
    story
        .account
        .as_principal(&mallory)
        .put_parameter(Parameter::Approvals, "x")
        .unwrap();
    story.writes(&mallory, &content::logging_off()); // its event is lost, or a default/share
    story
        .account
        .as_principal(&mallory)
        .share(&["all"])
        .unwrap();
    for _ in 0..12 {
        _ = try_run(&story, &Trigger::Sweep);
        story.account.forget_calls();
        story.pass(300);
    }
    assert!(
        says(&story, &content::baseline()) && story.account.share_list().is_empty(),
        "an hour later still below the floor and shared"
    );
}

#[test]
fn a_sweep_that_cannot_unshare_still_reverts() {
    let story = Story::new();
    let mallory = Person::stranger();
    story.writes(&mallory, &content::logging_off());
    story
        .account
        .as_principal(&mallory)
        .share(&["111122223333"])
        .unwrap();
    story.account.fail_every(
        Call::Unshare,
        Fault::Fails(FailureClass::Throttled),
        Moment::Before,
    );
    _ = try_run(&story, &Trigger::Sweep);
    assert!(says(&story, &content::baseline()), "still below the floor");
}

#[test]
fn an_editors_pending_version_deleted_by_a_stranger_is_alerted() {
    let story = Story::new();
    story.account.set_lookup_lag(Duration::from_mins(10));
    let event = story.writes(&Person::editor(), &content::idle_timeout(5));
    story.arrival(&event);
    let version = story.account.latest_version().unwrap();
    story.account.take_events();
    story
        .account
        .as_principal(&Person::stranger())
        .delete_version(version)
        .unwrap();
    story.event_of_last_call();
    for _ in 0..12 {
        story.pass(300);
        story.sweep();
    }
    assert!(
        !story.account.alerts().is_empty(),
        "the editor's change is lost and nobody was alerted"
    );
}

#[test]
fn a_revert_in_a_second_attempt_is_alerted() {
    let story = Story::new();
    story.writes(&Person::editor(), &content::idle_timeout(5));
    story.account.take_events();
    story.pass(300);
    // The sweep approves and lets the default follow; the stranger writes in between.
    story.account.before_next(Call::MoveDefault, |account| {
        account
            .as_principal(&Person::stranger())
            .update(&content::logging_off())
            .unwrap();
    });
    let outcome = story.sweep();
    assert!(
        outcome.decision.is_alert,
        "the revert of content below the floor was told without an alert"
    );
}

#[test]
fn in_report_mode_another_content_under_the_same_number_is_alerted() {
    use guard_testkit::charter::MandateBuilder;
    let story = Story::under(&MandateBuilder::new().reporting());
    let mallory = Person::stranger();
    story.account.as_principal(&mallory).delete().unwrap();
    story
        .account
        .as_principal(&mallory)
        .create(&content::above_floor("one"))
        .unwrap();
    story.pass(300);
    story.sweep();
    let n = story.account.alerts().len();
    story.account.as_principal(&mallory).delete().unwrap();
    story
        .account
        .as_principal(&mallory)
        .create(&content::above_floor("two"))
        .unwrap();
    story.pass(300);
    story.sweep();
    assert!(story.account.alerts().len() > n);
}
