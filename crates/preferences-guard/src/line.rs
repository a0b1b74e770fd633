//! The line that each decision leaves in the log.

use guard_core::judge::Trigger;
use guard_core::names::PREFERENCES_DOCUMENT;
use guard_reconcile::Outcome;
use serde_json::Value;

/// Writes the decision's line: a warning when people are alerted.
pub(crate) fn write(trigger: &Trigger, outcome: &Outcome) {
    let body = &outcome.report.body;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let (principal, event) = match trigger {
        Trigger::Change(change) => (
            change.principal.deciding_arn(),
            Some(change.event_id.as_str()),
        ),
        Trigger::Sweep => (None, None),
    };
    let duration = body.get("durationMs").and_then(Value::as_i64);
    let report = body.to_string();
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                verdict = text("verdict"),
                principal.arn = principal,
                event.id = event,
                document.name = PREFERENCES_DOCUMENT,
                plan.steps = outcome.decision.plan.steps.len(),
                duration_ms = duration,
                report = report.as_bytes(),
                "{}",
                text("headline").unwrap_or_default()
            )
        };
    }
    if outcome.decision.is_alert {
        line!(warn);
    } else {
        line!(info);
    }
}
