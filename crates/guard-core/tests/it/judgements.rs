//! What holds of every judgement, whatever the account says.

use std::collections::BTreeSet;

use guard_core::approvals::{Approvals, Source, Standing, standing};
use guard_core::change::{Change, Operation, Written};
use guard_core::facts::{Facts, Trail};
use guard_core::judge::{Decision, Judgement, Reason, Trigger, Verdict, judge};
use guard_core::mandate::Mandate;
use guard_core::names::Version;
use guard_core::plan::Step;
use guard_core::preferences::Preferences;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::account::{Account, accounts};
use crate::sentences;
use crate::stage::stage;

/// As many rounds of questions as the reconciliation allows.
const MOST_ROUNDS: usize = 20;

/// The decision on an account, with the facts that it rests on; `None` when they do not fit together.
pub(crate) fn judged(account: &Account) -> Option<(Facts, Box<Decision>)> {
    let mut facts = Facts::at(account.now);
    facts.version_limit_reached = account.version_limit_reached;
    for _ in 0..MOST_ROUNDS {
        match judge(&account.mandate, &account.trigger, &facts) {
            Judgement::Decided(decision) => return Some((facts, decision)),
            Judgement::StartOver => return None,
            Judgement::Ask(questions) => {
                for question in questions {
                    account.answer(&question, &mut facts);
                }
            }
        }
    }
    panic!("more than {MOST_ROUNDS} rounds of questions");
}

fn keeps_floor(mandate: &Mandate, text: &str) -> bool {
    let content = Preferences::parse(text);
    content.is_ok_and(|content| mandate.charter().floor().violations(&content).is_empty())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn a_judgement_ends_and_keeps_what_is_promised(account in accounts(stage())) {
        if let Some((facts, decision)) = judged(&account) {
            writes_nothing_below_the_floor(&account, &decision);
            leaves_nothing_below_the_floor(&account, &decision);
            approves_by_cloudtrails_word_only(&account, &facts, &decision);
            leaves_nothing_settled_open(&account, &facts, &decision);
            has_a_goal_exactly_for_the_content(&decision);
            does_nothing_for_a_failed_call(&account, &decision);
            leaves_nothing_shared(&facts, &decision);
            notes_no_revert_that_is_held(&account, &decision);
        }
    }

    #[test]
    fn the_same_facts_lead_to_the_same_decision(account in accounts(stage())) {
        let decision = |account| judged(account).map(|(_, decision)| decision);
        prop_assert_eq!(decision(&account), decision(&account));
    }
}

#[test]
fn the_accounts_lead_to_decisions_of_every_kind() {
    let mut runner = TestRunner::deterministic();
    let accounts = accounts(stage());
    let mut codes = BTreeSet::new();
    for _ in 0..3_000 {
        let account = accounts.new_tree(&mut runner).unwrap().current();
        if let Some((_, decision)) = judged(&account) {
            codes.extend(decision.reasons.iter().map(Reason::code));
        }
    }
    let absent: Vec<_> = sentences::codes()
        .into_iter()
        .filter(|code| !codes.contains(code))
        .collect();
    assert_eq!(absent, Vec::<&str>::new(), "never drawn");
}

fn writes_nothing_below_the_floor(account: &Account, decision: &Decision) {
    for step in &decision.plan.steps {
        match step {
            Step::Create { content, .. } => assert!(keeps_floor(&account.mandate, content)),
            Step::Update {
                content,
                if_duplicate,
                ..
            } => {
                assert!(keeps_floor(&account.mandate, content), "{content}");
                assert!(
                    keeps_floor(&account.mandate, if_duplicate),
                    "{if_duplicate}"
                );
            }
            Step::MoveDefault { to } => {
                assert!(
                    keeps_floor(&account.mandate, account.text(*to).unwrap()),
                    "version {to}"
                );
            }
            Step::KeepApprovals { .. }
            | Step::Unshare { .. }
            | Step::Delete
            | Step::DropVersions { .. }
            | Step::KeepNotes { .. } => {}
        }
    }
}

/// Below the floor nothing outlives a judgement: latest and default keep it, or are written.
fn leaves_nothing_below_the_floor(account: &Account, decision: &Decision) {
    let Some(live) = account
        .live()
        .filter(|_| decision.verdict != Verdict::FailedCall)
    else {
        return;
    };
    let steps = &decision.plan.steps;
    let writes = |step: &Step| matches!(step, Step::Update { .. } | Step::Create { .. });
    let moves = |step: &Step| matches!(step, Step::MoveDefault { .. });
    if steps.iter().any(writes) {
        return;
    }
    assert_eq!(live.document_type, "Session");
    assert!(keeps_floor(
        &account.mandate,
        account.text(live.latest).unwrap()
    ));
    if !steps.iter().any(moves) {
        assert!(keeps_floor(
            &account.mandate,
            account.text(live.default).unwrap()
        ));
    }
}

fn approves_by_cloudtrails_word_only(account: &Account, facts: &Facts, decision: &Decision) {
    let kept = decision.plan.steps.iter().find_map(|step| match step {
        Step::KeepApprovals { value, .. } => Approvals::decode(value),
        _ => None,
    });
    let Some(kept) = kept else { return };
    assert_eq!(account.trigger, Trigger::Sweep, "an event approves nothing");
    assert_eq!(kept.baseline, account.mandate.baseline_hash());
    let Some(approved) = kept.approved else {
        return;
    };
    let before = standing(facts.approvals.as_deref().unwrap(), &account.mandate);
    if before.source == Source::Editor(Box::new(approved.clone())) {
        return;
    }
    let Some(Trail::Answered { changes, .. }) = &facts.trail else {
        panic!("approved without an answer");
    };
    let written = Written {
        version: approved.version,
        hash: approved.hash.clone(),
    };
    let record = changes
        .iter()
        .find(|change| change.event_id == approved.event_id);
    let record = record.expect("a record with the approved event's id");
    assert_eq!(
        record.operation,
        Operation::Wrote {
            written: Some(written)
        }
    );
    assert_eq!(
        (record.at, &record.principal),
        (approved.event_time, &approved.editor)
    );
    is_an_editors_and_newer(account, &before, record, approved.version);
    let text = account.text(approved.version).unwrap();
    assert_eq!(approved.hash, crate::content::hash(text));
    assert!(keeps_floor(&account.mandate, text));
    let content = Preferences::parse(&approved.content).unwrap();
    assert!(content.means_the_same_as(&Preferences::parse(text).unwrap()));
}

/// What was settled and is not approved is not pending or waiting again, whatever an event says of it.
fn leaves_nothing_settled_open(account: &Account, facts: &Facts, decision: &Decision) {
    let is_event = matches!(&account.trigger, Trigger::Change(change) if change.failure.is_none());
    let live = account
        .live()
        .filter(|live| is_event && live.document_type == "Session");
    let Some(live) = live else { return };
    let kept = standing(facts.approvals.as_deref().unwrap(), &account.mandate);
    let text = account.text(live.latest).unwrap();
    let is_approved =
        Preferences::parse(text).is_ok_and(|content| content.means_the_same_as(&kept.content));
    let made = (live.created.unwrap(), live.latest);
    if is_approved || made > kept.horizon(&account.mandate) {
        return;
    }
    let writes = |step: &Step| matches!(step, Step::Update { .. });
    let is_left_to_the_sweep = |reason: &Reason| matches!(reason, Reason::RevertWar { .. });
    assert!(
        decision.plan.steps.iter().any(writes) || decision.reasons.iter().any(is_left_to_the_sweep),
        "{:?}",
        decision.reasons
    );
}

fn is_an_editors_and_newer(
    account: &Account,
    before: &Standing,
    record: &Change,
    version: Version,
) {
    let mandate = &account.mandate;
    assert_eq!(record.failure, None);
    assert!(!mandate.own().is(&record.principal));
    assert!(
        mandate
            .charter()
            .editor(&record.principal, record.at)
            .is_editor()
    );
    assert!(
        (record.at, version) > before.since(mandate),
        "approval moved back"
    );
}

fn has_a_goal_exactly_for_the_content(decision: &Decision) {
    let sets = |step: &Step| {
        matches!(
            step,
            Step::Create { .. } | Step::Update { .. } | Step::MoveDefault { .. }
        )
    };
    let plan = &decision.plan;
    assert_eq!(plan.goal.is_some(), plan.steps.iter().any(sets));
    assert!(plan.changes_document() || (plan.goal.is_none() && decision.held.is_none()));
}

fn does_nothing_for_a_failed_call(account: &Account, decision: &Decision) {
    let is_failed = matches!(&account.trigger, Trigger::Change(change) if change.failure.is_some());
    assert_eq!(decision.verdict == Verdict::FailedCall, is_failed);
    assert!(!is_failed || (decision.plan.is_empty() && !decision.is_alert));
}

fn leaves_nothing_shared(facts: &Facts, decision: &Decision) {
    let shared = facts.shared_with.clone().unwrap_or_default();
    let steps = &decision.plan.steps;
    let unshares = |step: &Step| matches!(step, Step::Unshare { accounts } if *accounts == shared);
    let is_there = facts.document != Some(guard_core::facts::LiveDocument::Absent);
    assert_eq!(steps.iter().any(unshares), is_there && !shared.is_empty());
}

fn notes_no_revert_that_is_held(account: &Account, decision: &Decision) {
    if decision.held.is_none() {
        return;
    }
    for step in &decision.plan.steps {
        if let Step::KeepNotes { value } = step {
            let notes: guard_core::notes::Notes = serde_json::from_str(value).unwrap();
            assert!(!notes.reverts.contains(&account.now), "{value}");
        }
    }
}
