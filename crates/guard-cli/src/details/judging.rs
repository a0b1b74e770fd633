//! Every rule on principals, on everybody.

use guard_core::inventory::Bearer;
use guard_core::rules::{Finding, RuleId, Terms, preferences_access, session_access};

use super::line::Line;
use super::progress::Progress;

/// Says everything that is wrong with one role, user or group.
type Judge = fn(&Bearer, &Terms<'_>) -> Vec<Finding>;

/// The rules that judge principals.
const RULES: [(RuleId, Judge); 2] = [
    (RuleId::SessionAccess, session_access::judge),
    (RuleId::PreferencesAccess, preferences_access::judge),
];

/// All findings, in the order of the bearers.
pub(super) fn judge(bearers: &[Bearer], terms: &Terms<'_>) -> Vec<Line> {
    let progress = Progress::of_judging(bearers.len());
    let mut lines = Vec::new();
    for bearer in bearers {
        let mut about: Vec<Line> = Vec::new();
        for (rule, judge) in RULES {
            let exemption = terms
                .charter
                .exemption(&bearer.arn, rule.as_str(), terms.now);
            for finding in judge(bearer, terms) {
                let line = Line::new(bearer, rule, finding, exemption);
                // What nobody can read is found by every rule.
                if !about.iter_mut().any(|known| known.takes_in(&line)) {
                    about.push(line);
                }
            }
        }
        lines.append(&mut about);
        progress.step();
    }
    lines
}
