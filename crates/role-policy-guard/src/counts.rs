//! What a run counts for.

use std::collections::BTreeSet;

use guard_core::roles::{Conclusion, Mandate, Reason};
use guard_lambda::telemetry::{Counts, Metric};
use guard_reconcile::error::PoliciesError;
use guard_reconcile::policies::Outcome;
use jiff::Timestamp;

/// What a run counts for; each metric at most once.
pub fn counts(mandate: &Mandate, outcome: &Outcome, now: Timestamp) -> Counts {
    let is_done = outcome.stopped.is_empty()
        && match &outcome.failure {
            None | Some(PoliciesError::Untold(_)) => true,
            Some(PoliciesError::Port(_) | PoliciesError::Unsettled { .. }) => false,
        };
    let reasons = &outcome.ruling.reasons;
    let has_failed = reasons
        .iter()
        .any(|reason| matches!(reason, Reason::CallFailed { .. }));
    let by_conclusion: &[Metric] = match &outcome.ruling.conclusion {
        Conclusion::Settled => &[],
        // The call has changed nothing: an attempt, and no policy anywhere.
        Conclusion::Report { .. } if has_failed => &[Metric::DeniedAttempts],
        Conclusion::Report { .. } => &[Metric::ForbiddenPolicies],
        Conclusion::Act(_) if is_done => &[Metric::ForbiddenPolicies, Metric::Detachments],
        Conclusion::Act(_) => &[Metric::ForbiddenPolicies, Metric::StillAttached],
    };
    let is_suspended = mandate.charter().suspension_at(now).is_some();
    let metrics: BTreeSet<Metric> = by_conclusion
        .iter()
        .copied()
        .chain(is_suspended.then_some(Metric::SuspensionActive))
        .collect();
    metrics.into_iter().collect()
}
