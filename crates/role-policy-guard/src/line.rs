//! The line that each ruling leaves in the log.

use guard_core::roles::Change;
use guard_reconcile::policies::Outcome;
use serde_json::Value;

/// Writes the ruling's line: a warning when people are alerted. `call` is the event's name.
pub(crate) fn write(change: &Change, call: Option<&str>, outcome: &Outcome) {
    let body = &outcome.report.body;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let list = |name: &str| body.get(name).unwrap_or(&Value::Null).to_string();
    let bearer = |member: &str| {
        let bearer = body.get("bearer").and_then(|bearer| bearer.get(member));
        bearer.and_then(Value::as_str)
    };
    let duration = body.get("durationMs").and_then(Value::as_i64);
    let is_alert = outcome.report.alert.is_some();
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                account = text("account"),
                region = text("region"),
                event.id = change.event_id.as_str(),
                event.name = call,
                bearer.kind = bearer("kind"),
                bearer.name = bearer("name"),
                policy = text("policy"),
                principal.arn = change.principal.deciding_arn(),
                principal.label = change.principal.label.as_str(),
                verdict = text("verdict"),
                reasons = list("reasons").as_bytes(),
                plan.steps = list("plan").as_bytes(),
                done.steps = list("done").as_bytes(),
                stopped = list("stopped").as_bytes(),
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
