//! From an event to an answer.

use guard_core::envelope::{Arrival, open};
use guard_core::judge::Trigger;
use guard_core::mandate::Mandate;
use guard_core::report::Report;
use guard_lambda::event::{EventError, Payload, envelope};
use guard_lambda::failure::Failure;
use guard_lambda::run::{Answer, Handle};
use guard_reconcile::ports::Ports;
use guard_reconcile::reconcile;
use serde_json::{Value, json};

use crate::counts::counts;
use crate::line;

/// The function between its start and its end.
#[derive(Debug)]
pub struct Guard<P> {
    mandate: Mandate,
    ports: P,
}

impl<P> Guard<P> {
    /// A function that does by `mandate` what `ports` let it do.
    pub fn new(mandate: Mandate, ports: P) -> Self {
        Self { mandate, ports }
    }
}

impl<P: Ports> Handle for Guard<P> {
    async fn handle(&self, payload: Payload) -> Result<Answer, Failure> {
        handle(&self.mandate, payload, &self.ports).await
    }
}

/// Works on one event.
pub async fn handle<P: Ports>(
    mandate: &Mandate,
    payload: Payload,
    ports: &P,
) -> Result<Answer, Failure> {
    let envelope = envelope(payload)?;
    let trigger = match open(&envelope, mandate.scope()).map_err(EventError::from)? {
        Arrival::Sweep => Trigger::Sweep,
        Arrival::Change(change) => Trigger::Change(change),
        Arrival::NotOurs(why) => return Ok(Answer::not_ours(&why)),
    };
    let outcome = reconcile(mandate, &trigger, ports).await?;
    let call = envelope.detail.get("eventName").and_then(Value::as_str);
    line::write(&trigger, call, &outcome);
    Ok(Answer {
        body: body(&outcome.report),
        counts: counts(mandate, &trigger, &outcome, ports.now()),
        failure: outcome.failure.map(Failure::from),
    })
}

/// The report in short: whoever invokes the function by hand reads it, EventBridge does not.
fn body(report: &Report) -> Value {
    let member = |name: &str| report.body.get(name).cloned().unwrap_or_default();
    json!({
        "verdict": member("verdict"),
        "reasons": member("reasons"),
        "done": member("done"),
        "held": member("held"),
        "durationMs": member("durationMs"),
    })
}
