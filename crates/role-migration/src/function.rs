//! From an event to an answer.

use guard_core::migration::Remedy;
use guard_core::roles::Mandate;
use guard_lambda::event::{Payload, request};
use guard_lambda::failure::{Failure, FailureKind};
use guard_lambda::run::{Answer, Handle};
use guard_reconcile::policies::{Remedied, remediate};
use guard_reconcile::ports::RemediationPorts;
use serde_json::{Value, json};

use crate::counts::counts;
use crate::line;
use crate::record::LoggedRecord;

/// The function between its start and its end.
#[derive(Debug)]
pub struct Function<P> {
    mandate: Mandate,
    ports: P,
}

impl<P> Function<P> {
    /// A function that does by `mandate` what `ports` let it do.
    pub fn new(mandate: Mandate, ports: P) -> Self {
        Self { mandate, ports }
    }
}

impl<P: RemediationPorts> Handle for Function<P> {
    async fn handle(&self, payload: Payload) -> Result<Answer, Failure> {
        handle(&self.mandate, payload, &self.ports).await
    }
}

/// Works on one event. A policy that is still there afterwards is a failure, so that whoever waits for the answer sees
/// one; it says why.
pub async fn handle<P: RemediationPorts>(
    mandate: &Mandate,
    payload: Payload,
    ports: &P,
) -> Result<Answer, Failure> {
    let id = request(payload)?.resource_id;
    // A run in all its depth is larger than what is best carried about on the stack.
    let remedied = Box::pin(remediate(mandate, &id, &LoggedRecord, ports)).await?;
    for one in &remedied {
        line::write(one);
    }
    if remedied.is_empty() {
        tracing::info!(
            bearer.id = id.as_str(),
            "nobody with this id carries a forbidden policy"
        );
    }
    Ok(Answer {
        body: body(&remedied),
        counts: counts(mandate, &remedied, ports.now()),
        failure: failure(remedied),
    })
}

/// What can be tried again goes first: the other policies are ruled on again then.
fn failure(remedied: Vec<Remedied>) -> Option<Failure> {
    let mut problems = Vec::new();
    for one in remedied {
        if let Some(error) = one.failure {
            return Some(Failure::from(error));
        }
        problems.extend(one.problem);
    }
    (!problems.is_empty()).then(|| Failure {
        kind: FailureKind::StillAttached,
        message: problems.join("; "),
    })
}

fn body(remedied: &[Remedied]) -> Value {
    let is_done = |one: &Remedied| matches!(one.remedy, Remedy::Leaves { .. });
    let verdict = if remedied.iter().any(is_done) {
        "migrated"
    } else {
        "settled"
    };
    let policies: Vec<&Value> = remedied.iter().map(|one| &one.report).collect();
    json!({ "verdict": verdict, "policies": policies })
}
