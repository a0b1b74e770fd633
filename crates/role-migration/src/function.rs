//! From an event to an answer.

use guard_core::migration::Outcome;
use guard_core::roles::Mandate;
use guard_lambda::event::{Payload, request};
use guard_lambda::failure::{Failure, FailureKind};
use guard_lambda::run::{Answer, Handle};
use guard_reconcile::policies::{Remediation, Remedied, remediate};
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
    let remediation = Box::pin(remediate(mandate, &id, &LoggedRecord, ports)).await;
    for one in &remediation.policies {
        line::write(one);
    }
    if remediation.policies.is_empty() && remediation.failure.is_none() {
        tracing::info!(
            bearer.id = id.as_str(),
            "nobody with this id carries a forbidden policy"
        );
    }
    Ok(Answer {
        body: body(&remediation.policies),
        counts: counts(&remediation.policies),
        failure: failure(remediation),
    })
}

/// What can be tried again goes first: the other policies are ruled on again then.
fn failure(remediation: Remediation) -> Option<Failure> {
    let mut problems = Vec::new();
    let mut failure = remediation.failure;
    for one in remediation.policies {
        failure = failure.or(one.failure);
        problems.extend(one.problem);
    }
    let still_attached = || {
        (!problems.is_empty()).then(|| Failure {
            kind: FailureKind::StillAttached,
            message: problems.join("; "),
        })
    };
    failure.map(Failure::from).or_else(still_attached)
}

fn body(remedied: &[Remedied]) -> Value {
    let is_migrated = |one: &Remedied| one.outcome == Outcome::Migrated;
    let verdict = if remedied.iter().any(is_migrated) {
        Outcome::Migrated
    } else {
        Outcome::Settled
    };
    let policies: Vec<&Value> = remedied.iter().map(|one| &one.report).collect();
    json!({ "verdict": verdict.as_str(), "policies": policies })
}
