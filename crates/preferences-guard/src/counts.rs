//! What a decision counts for.

use std::collections::BTreeSet;

use guard_core::approvals::Ignored;
use guard_core::judge::{Decision, Reason, Trigger, Verdict};
use guard_core::mandate::Mandate;
use guard_core::plan::Step;
use guard_lambda::telemetry::{Counts, Metric};
use guard_reconcile::Outcome;
use guard_reconcile::error::ReconcileError;
use jiff::Timestamp;

/// What a run counts for; each metric at most once. A sweep or a revert that failed is none.
pub fn counts(mandate: &Mandate, trigger: &Trigger, outcome: &Outcome, now: Timestamp) -> Counts {
    let decision = &outcome.decision;
    let has_ended = match &outcome.failure {
        None | Some(ReconcileError::Untold(_)) => true,
        Some(ReconcileError::Port(_) | ReconcileError::Unsettled { .. }) => false,
    };
    let by_trigger = match trigger {
        Trigger::Sweep => has_ended.then_some(Metric::Sweeps),
        Trigger::Change(change) if mandate.own().is(&change.principal) => None,
        Trigger::Change(_) => by_verdict(decision.verdict),
    };
    let is_revert = has_ended
        && decision.held.is_none()
        && decision
            .plan
            .steps
            .iter()
            .any(|step| reverts(step, decision));
    let is_suspended = mandate.suspension_at(now).is_some();
    let metrics: BTreeSet<Metric> = decision
        .reasons
        .iter()
        .filter_map(by_reason)
        .chain(by_trigger)
        .chain(is_revert.then_some(Metric::Reverts))
        .chain(is_suspended.then_some(Metric::SuspensionActive))
        .collect();
    metrics.into_iter().collect()
}

/// A call of the guard's own that fails is an obstacle it has met already, not an attempt.
fn by_verdict(verdict: Verdict) -> Option<Metric> {
    match verdict {
        Verdict::FailedCall => Some(Metric::DeniedAttempts),
        Verdict::Strangers => Some(Metric::StrangersChanges),
        Verdict::OwnWrite | Verdict::Editors | Verdict::Sweep => None,
    }
}

/// Whether the step puts something back.
fn reverts(step: &Step, decision: &Decision) -> bool {
    match step {
        Step::Unshare { .. } | Step::Delete | Step::Create { .. } | Step::Update { .. } => true,
        // The default version also follows an editor's approved change.
        Step::MoveDefault { .. } => decision
            .reasons
            .iter()
            .any(|reason| matches!(reason, Reason::DefaultMoved { .. })),
        Step::DropVersions { .. } | Step::KeepApprovals { .. } | Step::KeepNotes { .. } => false,
    }
}

fn by_reason(reason: &Reason) -> Option<Metric> {
    match reason {
        Reason::RevertWar { .. } => Some(Metric::RevertWar),
        Reason::TrailFailed { .. } => Some(Metric::LookupFailures),
        Reason::ApprovalsIgnored(ignored) => match ignored {
            Ignored::Foreign { .. }
            | Ignored::Unreadable
            | Ignored::EditorNoLonger
            | Ignored::BelowFloor => Some(Metric::RecordsIgnored),
            // A deployment with another baseline was somebody's decision.
            Ignored::OtherBaseline => None,
        },
        Reason::StrangersVersion { .. } | Reason::NeverKnown { .. } | Reason::Buried { .. } => {
            Some(Metric::StrangersChanges)
        }
        Reason::CallFailed { .. }
        | Reason::NotAnEditor { .. }
        | Reason::IsEditor { .. }
        | Reason::IsGuard
        | Reason::Missing
        | Reason::AwaitsReplacement
        | Reason::WrongType { .. }
        | Reason::Shared { .. }
        | Reason::HoldsApproved { .. }
        | Reason::BelowFloor { .. }
        | Reason::Unreadable { .. }
        | Reason::OwnButWrong { .. }
        | Reason::Pending { .. }
        | Reason::Waiting { .. }
        | Reason::Outdated { .. }
        | Reason::Unapproved { .. }
        | Reason::Overtaken { .. }
        | Reason::DefaultMoved { .. }
        | Reason::DefaultLags { .. }
        | Reason::Approved { .. }
        | Reason::Refused { .. }
        | Reason::Inherited { .. }
        | Reason::VersionLimit => None,
    }
}
