//! What a run counts for.

use guard_core::judge::Reason;
use guard_core::rule_event::Occasion;
use guard_core::rules::Compliance;
use guard_lambda::telemetry::{Counts, Metric};

use crate::report::Run;

/// What a run counts for. A test counts for nothing, and a scheduled run that did not come to its end is none.
pub(crate) fn counts(run: &Run<'_>) -> Counts {
    let mut counts = Counts::default();
    if run.is_test() {
        return counts;
    }
    let is_scheduled = match run.event.occasion {
        Occasion::Scheduled { .. } => true,
        Occasion::Change { .. } => false,
    };
    if is_scheduled && run.evaluated.failure.is_none() {
        counts.add(Metric::Sweeps);
    }
    if is_trail_silent(run) {
        counts.add(Metric::LookupFailures);
    }
    counts.add_many(Metric::Evaluations, run.evaluated.evaluations.len());
    counts.add_many(Metric::NonCompliant, run.number(Compliance::NonCompliant));
    counts
}

fn is_trail_silent(run: &Run<'_>) -> bool {
    let reasons = run.evaluated.decision.iter().flat_map(|it| &it.reasons);
    reasons
        .into_iter()
        .any(|reason| matches!(reason, Reason::TrailFailed { .. }))
}
