//! From an event to an answer.

use guard_core::report::Report;
use guard_core::roles::{Arrival, Mandate, open};
use guard_lambda::event::{EventError, Payload, envelope};
use guard_lambda::failure::Failure;
use guard_lambda::run::{Answer, Handle};
use guard_reconcile::policies::mind;
use guard_reconcile::ports::PolicyPorts;
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

impl<P: PolicyPorts> Handle for Guard<P> {
    async fn handle(&self, payload: Payload) -> Result<Answer, Failure> {
        handle(&self.mandate, payload, &self.ports).await
    }
}

/// Works on one event.
pub async fn handle<P: PolicyPorts>(
    mandate: &Mandate,
    payload: Payload,
    ports: &P,
) -> Result<Answer, Failure> {
    let envelope = envelope(payload)?;
    let opened = open(&envelope, mandate.scope(), mandate.charter());
    let change = match opened.map_err(EventError::from)? {
        Arrival::Change(change) => change,
        Arrival::NotOurs(why) => return Ok(Answer::not_ours(&why)),
    };
    // A run in all its depth is larger than what is best carried about on the stack.
    let outcome = Box::pin(mind(mandate, &change, ports)).await?;
    let call = envelope.detail.get("eventName").and_then(Value::as_str);
    line::write(&change, call, &outcome);
    Ok(Answer {
        body: body(&outcome.report),
        counts: counts(mandate, &outcome, ports.now()),
        failure: outcome.failure.map(Failure::from),
    })
}

/// The report in short: whoever invokes the function by hand reads it, EventBridge does not.
fn body(report: &Report) -> Value {
    let member = |name: &str| report.body.get(name).cloned().unwrap_or_default();
    json!({
        "verdict": member("verdict"),
        "reasons": member("reasons"),
        "stopped": member("stopped"),
        "done": member("done"),
        "durationMs": member("durationMs"),
    })
}
