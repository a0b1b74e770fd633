//! What a run counts for.

use std::collections::BTreeSet;

use guard_core::migration::Outcome;
use guard_lambda::telemetry::{Counts, Metric};
use guard_reconcile::policies::Remedied;

/// What a run counts for; each metric at most once.
pub fn counts(remedied: &[Remedied]) -> Counts {
    let of_one = |one: &Remedied| -> &[Metric] {
        match one.outcome {
            Outcome::Settled => &[],
            Outcome::Migrated => &[Metric::ForbiddenPolicies, Metric::Detachments],
            Outcome::Stays | Outcome::StillAttached => {
                &[Metric::ForbiddenPolicies, Metric::StillAttached]
            }
        }
    };
    let metrics: BTreeSet<Metric> = remedied.iter().flat_map(of_one).copied().collect();
    metrics.into_iter().collect()
}
