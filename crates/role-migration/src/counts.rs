//! What a run counts for.

use std::collections::BTreeSet;

use guard_core::migration::Remedy;
use guard_core::roles::Mandate;
use guard_lambda::telemetry::{Counts, Metric};
use guard_reconcile::policies::Remedied;
use jiff::Timestamp;

/// What a run counts for; each metric at most once.
pub fn counts(mandate: &Mandate, remedied: &[Remedied], now: Timestamp) -> Counts {
    let of_one = |one: &Remedied| -> &[Metric] {
        match (&one.remedy, &one.problem) {
            (Remedy::Settled, _) => &[],
            (Remedy::Leaves { .. }, None) => &[Metric::ForbiddenPolicies, Metric::Detachments],
            (Remedy::Leaves { .. } | Remedy::Stays(_), _) => {
                &[Metric::ForbiddenPolicies, Metric::StillAttached]
            }
        }
    };
    let is_suspended = mandate.charter().suspension_at(now).is_some();
    let metrics: BTreeSet<Metric> = remedied
        .iter()
        .flat_map(of_one)
        .copied()
        .chain(is_suspended.then_some(Metric::SuspensionActive))
        .collect();
    metrics.into_iter().collect()
}
