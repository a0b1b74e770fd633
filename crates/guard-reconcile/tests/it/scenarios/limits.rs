//! Where the service refuses what the guard writes.

use guard_testkit::{Call, DuplicateRule, Person, Rules, content};

use super::story::{Story, codes};

#[test]
fn a_content_that_the_document_had_before_is_sent_under_another_description() {
    let story = Story::new();
    story.account.set_rules(Rules {
        duplicates: DuplicateRule::Any,
        ..Rules::default()
    });
    for n in 0..3 {
        let event = story.writes(
            &Person::stranger(),
            &content::above_floor(&format!("theirs-{n}")),
        );
        story.arrival(&event);
        story.assert_says(&content::baseline());
        story.pass(1);
    }
    assert_eq!(
        story.account.n_calls_of(Call::Update),
        6,
        "each time refused once"
    );
}

#[test]
fn a_full_document_loses_old_versions_but_neither_live_nor_approved_ones() {
    let story = Story::new();
    story.approves(&content::idle_timeout(5));
    let mallory = Person::stranger();
    let approved = story.account.latest_version().unwrap();
    story.account.set_rules(Rules {
        version_limit: 30,
        ..Rules::default()
    });
    while story.account.stored_versions().len() < 30 {
        let n = story.account.stored_versions().len();
        story.writes(&mallory, &content::above_floor(&format!("flood-{n}")));
    }
    let outcome = story.event_of_last_call();
    story.assert_says(&content::idle_timeout(5));
    assert!(
        story.account.n_calls_of(Call::DeleteVersion) > 0,
        "{:?}",
        codes(&outcome)
    );
    assert!(story.account.stored_versions().contains_key(&approved));
    story.account.forget_calls();
    story.pass(300);
    story.sweep();
    story.assert_says(&content::idle_timeout(5));
}

#[test]
fn a_version_is_waited_for_until_it_is_active() {
    let story = Story::new();
    story.account.set_rules(Rules {
        polls_until_active: 20,
        ..Rules::default()
    });
    let event = story.writes(&Person::stranger(), &content::logging_off());
    story.arrival(&event);
    assert_eq!(story.account.n_calls_of(Call::IsActive), 21);
    story.assert_says(&content::baseline());
}
