//! Every rule on principals, on everybody.

use guard_core::inventory::Bearer;
use guard_core::roles::Mandate;
use guard_core::rules::{CarrierRule, Evaluation, RULES, RuleId, Subject, Terms};

use super::line::Line;
use crate::progress::Progress;

/// All findings, in the order of the bearers.
pub(super) fn judge(bearers: &[Bearer], terms: &Terms<'_>, mandate: &Mandate) -> Vec<Line> {
    let progress = Progress::of_judging(bearers.len());
    let mut lines = Vec::new();
    for bearer in bearers {
        lines.append(&mut about(bearer, terms, mandate));
        progress.step();
    }
    lines
}

fn about(bearer: &Bearer, terms: &Terms<'_>, mandate: &Mandate) -> Vec<Line> {
    let mut lines = Vec::new();
    for rule in RULES {
        let found = match rule.subject {
            Subject::Bearers(judge) => Evaluation::of_bearer(rule.id, judge, bearer, terms),
            Subject::Carriers(CarrierRule { judge, .. }) => {
                Evaluation::of_carrier(rule.id, judge, bearer, mandate, terms.now)
            }
            Subject::Preferences => continue,
        };
        add(&mut lines, bearer, rule.id, found);
    }
    lines
}

fn add(lines: &mut Vec<Line>, bearer: &Bearer, rule: RuleId, found: Evaluation) {
    for finding in found.findings {
        let line = Line::new(bearer, rule, finding, found.exempt.as_ref());
        // What nobody can read is found by every rule.
        if !lines.iter_mut().any(|known| known.takes_in(&line)) {
            lines.push(line);
        }
    }
}
