//! Events that did not come from CloudTrail: anyone who may invoke the function can send them.

use guard_core::names::Version;
use guard_reconcile::{Trigger, reconcile};
use guard_testkit::turns::run;
use guard_testkit::{Call, Event, FakeAccount, Fault, Moment, Person, content};

use super::story::{Story, codes};

#[test]
fn a_forged_event_that_names_an_editor_approves_nothing() {
    let story = Story::new();
    let theirs = story.writes(&Person::stranger(), &content::above_floor("theirs"));
    for forged in [
        theirs.forged_as(&Person::editor()),
        theirs.forged_under_the_same_id_as(&Person::editor()),
    ] {
        story.arrival(&forged);
        story.arrival(&forged);
        assert_eq!(
            story.account.stored_versions().len(),
            2,
            "nothing was approved or written"
        );
    }
    story.pass(300);
    let outcome = story.sweep();
    assert!(
        !codes(&outcome).contains(&"approved"),
        "{:?}",
        outcome.decision.reasons
    );
    story.assert_says(&content::baseline());
}

#[test]
fn a_forged_event_that_names_a_stranger_delays_an_editors_change_and_does_not_lose_it() {
    let story = Story::new();
    let event = story.writes(&Person::editor(), &content::idle_timeout(5));
    story.arrival(&event.forged_as(&Person::stranger()));
    story.assert_says(&content::baseline());
    story.pass(300);
    story.sweep();
    story.assert_says(&content::idle_timeout(5));
}

#[test]
fn forged_deletions_by_an_editor_do_not_keep_the_document_away() {
    let story = Story::new();
    story
        .account
        .as_principal(&Person::editor())
        .delete()
        .unwrap();
    let template = story.account.last_event().unwrap();
    // Three minutes of a new forged deletion every half minute, and a sweep as often.
    for n in 0..6 {
        let time = story
            .account
            .time()
            .strftime("%Y-%m-%dT%H:%M:%SZ")
            .to_string();
        let forged = template
            .clone()
            .with("eventTime", time.into())
            .with("eventID", format!("f{n}").into());
        story.arrival(&forged);
        story.pass(30);
        story.sweep();
    }
    story.assert_says(&content::baseline());
}

#[test]
fn a_forged_own_write_changes_nothing() {
    let story = Story::new();
    let theirs = story.writes(&Person::stranger(), &content::logging_off());
    story.arrival(&theirs.forged_as(&Person::guard()));
    story.assert_says(&content::baseline());
}

/// A sweep that dies after it has settled every version, and before it puts the document right.
fn dying_sweep(story: &Story) {
    story
        .account
        .fail_next(Call::Update, Fault::Crashes, Moment::Before);
    let end = run(
        &story.account,
        reconcile(&story.mandate, &Trigger::Sweep, &story.account),
    );
    assert!(end.is_err(), "the sweep was to die");
    story.account.heal();
}

/// The event brings both versions to the baseline, and what comes of that leads to nothing.
#[track_caller]
fn assert_is_reverted_at(story: &Story, event: &Event) {
    story.account.take_events();
    story.arrival(event);
    story.assert_says(&content::baseline());
    story.account.forget_calls();
    for own in story.account.take_events() {
        story.arrival(&own);
    }
    story.assert_no_writes();
}

#[test]
fn a_forged_event_does_not_reopen_what_a_sweep_had_settled_before_it_died() {
    let story = Story::new();
    let theirs = story.writes(&Person::stranger(), &content::above_floor("theirs"));
    story.pass(300);
    dying_sweep(&story);
    assert_is_reverted_at(&story, &theirs.forged_as(&Person::editor()));
}

/// The default, which is below the floor, does not follow the stranger's version for the word of an event either.
#[test]
fn an_editors_late_event_does_not_reopen_a_strangers_version_of_the_same_number_and_content() {
    let story = Story::new();
    let theirs = story.writes(&Person::editor(), &content::idle_timeout(5));
    story.pass(120);
    let mallory = Person::stranger();
    let acting = story.account.as_principal(&mallory);
    acting.delete().unwrap();
    acting.create(&content::encryption_off()).unwrap();
    let again = story.writes(&mallory, &content::idle_timeout(5));
    let version = |event: &Event| {
        let description = &event.record()["responseElements"]["documentDescription"];
        (
            description["documentVersion"].clone(),
            description["hash"].clone(),
        )
    };
    assert_eq!(version(&theirs), version(&again));
    story.pass(300);
    dying_sweep(&story);
    assert_is_reverted_at(&story, &theirs);
}

/// Replaces the document by one of the stranger's under the same number, between any two calls of a sweep.
#[test]
fn a_document_replaced_while_a_sweep_reads_it_gets_nothing_of_the_strangers_approved() {
    for call in 0..16 {
        let account = FakeAccount::new();
        account
            .as_principal(&Person::editor())
            .create(&content::idle_timeout(5))
            .unwrap();
        let story = Story {
            account,
            mandate: super::story::usual(),
        };
        story.pass(20);
        story.account.before_call(call, |account| {
            let mallory = Person::stranger();
            let delete_and_create = |text: &str| {
                account.as_principal(&mallory).delete().unwrap();
                account.advance(std::time::Duration::from_millis(2));
                account.as_principal(&mallory).create(text).unwrap();
            };
            delete_and_create(&content::above_floor("theirs"));
        });
        story.sweep();
        story.account.heal();
        story.pass(300);
        story.sweep();
        for live in [
            story.account.latest_content(),
            story.account.default_content(),
        ] {
            assert!(!live.unwrap().contains("theirs"), "before call {call}");
        }
    }
}

/// The same, and the editor's own text is put back before the sweep looks again.
#[test]
fn a_document_replaced_twice_while_a_sweep_reads_it_gets_nothing_of_the_strangers_approved() {
    for first in 0..12 {
        for second in first + 1..14 {
            let account = FakeAccount::new();
            account
                .as_principal(&Person::editor())
                .create(&content::idle_timeout(5))
                .unwrap();
            let story = Story {
                account,
                mandate: super::story::usual(),
            };
            story
                .account
                .set_call_time(std::time::Duration::from_millis(1));
            story.pass(20);
            // What the stranger does is not known yet, what the editor did is.
            story
                .account
                .set_lookup_lag(std::time::Duration::from_mins(2));
            for (call, text) in [
                (first, content::above_floor("theirs")),
                (second, content::idle_timeout(5)),
            ] {
                story.account.before_call(call, move |account| {
                    account.as_principal(&Person::stranger()).delete().unwrap();
                    account
                        .as_principal(&Person::stranger())
                        .create(&text)
                        .unwrap();
                });
            }
            story.sweep();
            story.account.heal();
            story.pass(300);
            story.sweep();
            assert_eq!(
                story.account.latest_version(),
                story.account.default_version()
            );
            let live = story.account.latest_content().unwrap();
            assert!(
                !live.contains("theirs"),
                "before calls {first} and {second}"
            );
            assert!(story.account.latest_version() >= Some(Version(1)));
        }
    }
}
