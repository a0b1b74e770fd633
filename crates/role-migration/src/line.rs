//! The line that each forbidden policy leaves in the log.

use guard_reconcile::policies::Remedied;
use serde_json::Value;

/// Writes one: a warning when the policy is still there.
pub(crate) fn write(remedied: &Remedied) {
    let body = &remedied.report;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let list = |name: &str| body.get(name).unwrap_or(&Value::Null).to_string();
    let bearer = |member: &str| {
        let bearer = body.get("bearer").and_then(|bearer| bearer.get(member));
        bearer.and_then(Value::as_str)
    };
    let duration = body.get("durationMs").and_then(Value::as_i64);
    macro_rules! line {
        ($level:ident) => {
            tracing::$level!(
                account = text("account"),
                region = text("region"),
                bearer.kind = bearer("kind"),
                bearer.name = bearer("name"),
                bearer.id = bearer("id"),
                policy = text("policy"),
                verdict = text("verdict"),
                reasons = list("reasons").as_bytes(),
                plan.steps = list("attach").as_bytes(),
                done.steps = list("done").as_bytes(),
                stopped = list("stopped").as_bytes(),
                failed = text("failed"),
                duration_ms = duration,
                "{}",
                text("headline").unwrap_or_default()
            )
        };
    }
    if remedied.problem.is_some() {
        line!(warn);
    } else {
        line!(info);
    }
}
