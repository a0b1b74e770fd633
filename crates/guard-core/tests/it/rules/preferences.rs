//! What the rule on the preferences makes of every sweep that there is a case of.

use std::collections::BTreeSet;

use guard_core::facts::LiveDocument;
use guard_core::judge::{Decision, Reason};
use guard_core::rules::{CODES, Compliance, Evaluation, FindingCode, Resource, preferences};

use crate::case::{Case, TriggerForm};
use crate::cases;
use crate::run::{Run, Verdict};
use crate::stage::stage;

/// A sweep of a case, and what the rule says of it.
struct Told {
    name: String,
    decision: Decision,
    is_absent: bool,
    rows: Vec<Evaluation>,
}

fn told() -> Vec<Told> {
    let stage = stage();
    let sweeps = cases::all()
        .into_iter()
        .filter(|named| is_sweep(&named.case));
    sweeps
        .filter_map(|named| {
            let run = Run::of(&stage, &named.case);
            let (Verdict::Decided(decision), facts) = run.judged_on() else {
                return None;
            };
            let rows = preferences::evaluations(&decision, &facts, run.mandate.scope());
            Some(Told {
                name: named.name,
                is_absent: facts.document == Some(LiveDocument::Absent),
                decision: *decision,
                rows,
            })
        })
        .collect()
}

fn is_sweep(case: &Case) -> bool {
    matches!(case.trigger, TriggerForm::Word(_))
}

#[test]
fn every_sweep_as_the_console_shows_it() {
    let mut text = String::new();
    for Told { name, rows, .. } in told() {
        text.extend([format!("{name}\n")]);
        for row in rows {
            let annotation = row.annotation.as_deref().unwrap_or("-");
            text.extend([format!(
                "    {} {}: {annotation}\n",
                row.resource.kind, row.compliance
            )]);
        }
    }
    insta::assert_snapshot!("preferences", text);
}

/// Three exceptions, each with its reason in the rule's own file.
#[test]
fn wrong_is_what_a_sweep_of_the_guard_would_change() {
    for told in told() {
        let is_wrong = told
            .rows
            .iter()
            .any(|row| row.compliance == Compliance::NonCompliant);
        let awaits = told.decision.reasons.contains(&Reason::AwaitsReplacement);
        let waits_for_history = told
            .decision
            .reasons
            .iter()
            .any(|reason| matches!(reason, Reason::TrailFailed { .. }));
        let reasons = &told.decision.reasons;
        let follows = told.decision.held.is_none()
            && reasons
                .iter()
                .any(|reason| matches!(reason, Reason::DefaultLags { .. }));
        if told.decision.plan.changes_document() {
            assert_eq!(is_wrong, !follows, "{}", told.name);
        } else if is_wrong {
            assert!(awaits || waits_for_history, "{}", told.name);
        }
    }
}

#[test]
fn exactly_one_of_the_two_rows_applies_and_a_missing_document_is_the_accounts() {
    for Told {
        name,
        rows,
        is_absent,
        ..
    } in told()
    {
        let [document, account] = rows.as_slice() else {
            panic!("{name}: {rows:?}");
        };
        assert_eq!(document.resource, Resource::preferences());
        assert_eq!(account.resource.kind, "AWS::::Account");
        let applies = |row: &Evaluation| row.compliance != Compliance::NotApplicable;
        assert_eq!(
            (applies(document), applies(account)),
            (!is_absent, is_absent),
            "{name}"
        );
    }
}

#[test]
fn annotations_fit_and_every_code_occurs() {
    let mut found = BTreeSet::new();
    for Told { name, rows, .. } in told() {
        for row in rows {
            if let Some(text) = &row.annotation {
                assert!((1..=256).contains(&text.chars().count()), "{name}: {text}");
            }
            found.extend(row.findings.iter().map(|finding| finding.code));
        }
    }
    let all: BTreeSet<_> = CODES
        .into_iter()
        .filter(|code| matches!(code, FindingCode::Preferences(_)))
        .collect();
    assert_eq!(found, all);
}
