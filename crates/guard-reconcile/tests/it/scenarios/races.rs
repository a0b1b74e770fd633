//! Others who act while the guard does, other guards among them.

use guard_core::judge::Trigger;
use guard_reconcile::error::{FailureClass, ReconcileError};
use guard_reconcile::reconcile;
use guard_testkit::turns::{interleave, run};
use guard_testkit::{Acting, Call, Fault, Moment, Person, content};

use super::story::{Story, codes};

#[test]
fn a_change_between_read_and_write_is_judged_again_and_not_buried() {
    let story = Story::new();
    let theirs = story.writes(&Person::stranger(), &content::above_floor("theirs"));
    story.account.before_next(Call::Update, |account| {
        account
            .as_principal(&Person::editor())
            .update(&content::idle_timeout(5))
            .unwrap();
    });
    story.arrival(&theirs);
    assert_eq!(
        story.account.n_calls_of(Call::Update),
        1,
        "refused, and not tried again"
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
fn a_change_below_the_floor_between_read_and_write_is_reverted_in_the_same_run() {
    let story = Story::new();
    let theirs = story.writes(&Person::stranger(), &content::above_floor("theirs"));
    story.account.before_next(Call::Update, |account| {
        account
            .as_principal(&Person::editor())
            .update(&content::encryption_off())
            .unwrap();
    });
    story.arrival(&theirs);
    story.assert_says(&content::baseline());
}

#[test]
fn two_runs_for_two_events_end_at_the_approved_content_whatever_their_turns() {
    for pattern in 0_u32..64 {
        let story = Story::new();
        let first = story.writes(&Person::stranger(), &content::logging_off());
        let second = story.writes(&Person::stranger(), &content::encryption_off());
        let turns: Vec<_> = (0..48).map(|turn| pattern >> (turn % 6) & 1 == 1).collect();
        let runs = [first, second].map(|event| Trigger::Change(Box::new(event.change())));
        let [first, second] = &runs;
        let (first, second) = interleave(
            &story.account,
            reconcile(&story.mandate, first, &story.account),
            reconcile(&story.mandate, second, &story.account),
            &turns,
        );
        assert!(
            first.unwrap().is_ok() && second.unwrap().is_ok(),
            "pattern {pattern}"
        );
        story.assert_says(&content::baseline());
        story.account.forget_calls();
        for event in story.account.take_events() {
            story.arrival(&event);
        }
        story.assert_no_writes();
    }
}

#[test]
fn a_run_that_dies_at_any_call_is_finished_by_the_next_one() {
    for moment in [Moment::Before, Moment::After] {
        for call in 0..16 {
            let story = Story::new();
            let event = story.writes(&Person::stranger(), &content::logging_off());
            let trigger = Trigger::Change(Box::new(event.change()));
            story.account.fail_call(call, Fault::Crashes, moment);
            let _ = run(
                &story.account,
                reconcile(&story.mandate, &trigger, &story.account),
            );
            story.account.heal();
            story.run(&trigger);
            story.assert_says(&content::baseline());
        }
    }
}

#[test]
fn a_call_that_is_denied_fails_the_run_so_that_it_is_tried_again() {
    for call in [
        Call::Describe,
        Call::Content,
        Call::Update,
        Call::MoveDefault,
    ] {
        let story = Story::new();
        let event = story.writes(&Person::stranger(), &content::logging_off());
        let trigger = Trigger::Change(Box::new(event.change()));
        story
            .account
            .fail_every(call, Fault::Fails(FailureClass::Denied), Moment::Before);
        let failure = story.failure_of_run(&trigger);
        assert!(
            matches!(failure, ReconcileError::Port(_)),
            "{call:?}: {failure:?}"
        );
        story.account.heal();
        story.run(&trigger);
        story.assert_says(&content::baseline());
    }
}

#[test]
fn an_alert_that_cannot_be_sent_is_told_after_the_document_was_put_right() {
    let story = Story::new();
    let event = story.writes(&Person::stranger(), &content::logging_off());
    story.account.fail_next(
        Call::Alert,
        Fault::Fails(FailureClass::Unavailable),
        Moment::Before,
    );
    let failure = story.failure_of_run(&Trigger::Change(Box::new(event.change())));
    assert!(matches!(failure, ReconcileError::Untold(_)), "{failure:?}");
    story.assert_says(&content::baseline());
}

#[test]
fn an_intrusion_is_alerted_though_the_run_that_put_it_right_died_before_it_could() {
    let intrusions: [fn(Acting<'_>); 3] = [
        |mallory| drop(mallory.update(&content::logging_off())),
        |mallory| drop(mallory.delete()),
        |mallory| drop(mallory.share(&["all"])),
    ];
    for intrude in intrusions {
        let story = Story::new();
        intrude(story.account.as_principal(&Person::stranger()));
        let event = story.account.last_event().unwrap();
        let trigger = Trigger::Change(Box::new(event.change()));
        story
            .account
            .fail_next(Call::Alert, Fault::Crashes, Moment::Before);
        let died = run(
            &story.account,
            reconcile(&story.mandate, &trigger, &story.account),
        );
        assert!(died.is_err());
        story.assert_says(&content::baseline());
        story.run(&trigger);
        assert_eq!(story.account.alerts().len(), 1);
    }
}

#[test]
fn somebody_who_writes_without_end_does_not_hold_a_run_for_ever() {
    let story = Story::new();
    let event = story.writes(&Person::stranger(), &content::logging_off());
    for n in 0..60 {
        story.account.before_call(n, move |account| {
            // An equal content is refused as a duplicate, so each is new.
            let text = content::logging_elsewhere(&format!("/theirs/{n}"));
            account
                .as_principal(&Person::stranger())
                .update(&text)
                .unwrap();
        });
    }
    let trigger = Trigger::Change(Box::new(event.change()));
    let failure = story.failure_of_run(&trigger);
    assert!(
        matches!(failure, ReconcileError::Unsettled { .. }),
        "{failure:?}"
    );
    story.account.heal();
    story.pass(300);
    assert!(!codes(&story.sweep()).is_empty());
    story.assert_says(&content::baseline());
}

#[test]
fn who_writes_before_the_read_back_is_reverted_by_a_second_attempt() {
    let story = Story::new();
    let event = story.writes(&Person::stranger(), &content::logging_off());
    // The call behind `UpdateDocumentDefaultVersion` is the first one of the read-back.
    story.account.before_next(Call::MoveDefault, |account| {
        account.before_next(Call::Describe, |account| {
            let mallory = Person::stranger();
            account
                .as_principal(&mallory)
                .update(&content::logging_elsewhere("/again"))
                .unwrap();
        });
    });
    story.arrival(&event);
    story.assert_says(&content::baseline());
    assert_eq!(story.account.n_calls_of(Call::Update), 2);
}

#[test]
fn who_moves_the_default_before_the_read_back_is_found_by_it() {
    let story = Story::new();
    let event = story.writes(&Person::stranger(), &content::logging_off());
    let bad = story.account.latest_version().unwrap();
    story
        .account
        .before_next(Call::MoveDefault, move |account| {
            account.before_next(Call::Describe, move |account| {
                account
                    .as_principal(&Person::stranger())
                    .move_default(bad)
                    .unwrap();
            });
        });
    story.arrival(&event);
    story.assert_says(&content::baseline());
    assert_eq!(story.account.n_calls_of(Call::MoveDefault), 2);
}
