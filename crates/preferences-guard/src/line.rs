//! The line that each decision leaves in the log.

use guard_core::judge::Trigger;
use guard_core::names::PREFERENCES_DOCUMENT;
use guard_reconcile::Outcome;
use serde_json::Value;

/// Writes the decision's line: a warning when people are alerted. `call` is the event's name, which a sweep has not.
pub(crate) fn write(trigger: &Trigger, call: Option<&str>, outcome: &Outcome) {
    let body = &outcome.report.body;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let list = |name: &str| body.get(name).unwrap_or(&Value::Null).to_string();
    let change = match trigger {
        Trigger::Change(change) => Some(&**change),
        Trigger::Sweep => None,
    };
    let principal = change.map(|change| &change.principal);
    let duration = body.get("durationMs").and_then(Value::as_i64);
    let is_alert = outcome.decision.is_alert;
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                account = text("account"),
                region = text("region"),
                event.id = change.map(|change| change.event_id.as_str()),
                event.name = call,
                document.name = PREFERENCES_DOCUMENT,
                principal.arn = principal.and_then(|principal| principal.deciding_arn()),
                principal.label = principal.map(|principal| principal.label.as_str()),
                verdict = text("verdict"),
                reasons = list("reasons").as_bytes(),
                drift = list("drift").as_bytes(),
                plan.steps = list("plan").as_bytes(),
                done.steps = list("done").as_bytes(),
                held = text("held"),
                alert = is_alert,
                duration_ms = duration,
                "{}",
                text("headline").unwrap_or_default()
            )
        };
    }
    if is_alert {
        line!(warn);
    } else {
        line!(info);
    }
}
