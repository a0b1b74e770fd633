//! Automatic remediation: a resource that turns noncompliant is put right by itself, by Config's own role, and again
//! while it stays noncompliant. AWS counts attempts in a window of `RetryAttemptSeconds`; here this is the time between
//! two, by the account's clock, and after the last one nothing more is done until the resource turns noncompliant anew.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::configuration::{Configuration, Retries};
use super::{Key, execution};
use crate::ACCOUNT;
use crate::automation::start::Starter;
use crate::principals::{Principal, Role, Session};
use crate::state::State;

/// Its policy allows to start every runbook and to pass every role to Systems Manager (AWS managed policy
/// `AWSConfigRemediationServiceRolePolicy`).
const ROLE: &str = "AWSServiceRoleForConfigRemediation";

/// Begins to put a resource right, unless this goes on already.
pub(crate) fn begin(state: &Arc<State>, key: Key) {
    let remediations = &state.config.remediations;
    if automatic(state, &key).is_none() {
        return;
    }
    let Some(mark) = remediations.retried.set(&key) else {
        return;
    };
    let (state, busy) = (Arc::clone(state), state.activity.begin());
    tokio::spawn(async move {
        keep_on(&state, &key).await;
        drop(mark);
        drop(busy);
    });
}

async fn keep_on(state: &Arc<State>, key: &Key) {
    let mut attempt = 1;
    // The configuration may have been changed, or deleted, in the meantime.
    while let Some((configuration, retries)) = automatic(state, key) {
        if attempt > retries.attempts || !key.is_noncompliant(state) {
            return;
        }
        if let Some(running) = state.config.remediations.running.set(key) {
            let starter = service_linked();
            let starter = Starter::Service(&starter);
            match execution::start(state, starter, &configuration, key).await {
                Ok(task) => {
                    let ended = task.await;
                    tracing::debug!(resource.id = key.resource_id, "remediated: {ended:?}");
                }
                Err(refusal) => {
                    tracing::warn!(rule.name = key.rule, "no remediation begins: {refusal}");
                }
            }
            drop(running);
        }
        attempt += 1;
        if attempt <= retries.attempts {
            tokio::time::sleep(state.clock.scaled(retries.pause)).await;
        }
    }
}

fn automatic(state: &State, key: &Key) -> Option<(Arc<Configuration>, Retries)> {
    let configuration = state.config.remediations.find(&key.region, &key.rule)?;
    let retries = configuration.automatic?;
    configuration
        .takes(&key.resource_type)
        .then_some((configuration, retries))
}

fn service_linked() -> Principal {
    Principal::Session(Session {
        role: Role {
            name: ROLE.to_owned(),
            arn: format!(
                "arn:aws:iam::{ACCOUNT}:role/aws-service-role/remediation.config.amazonaws.com/{ROLE}"
            ),
            id: "AROACONFIGREMEDIATION".to_owned(),
            trust: Value::Null,
        },
        name: "AWSConfig-Remediation".to_owned(),
        access_key: String::new(),
        created: Timestamp::now(),
        function: None,
    })
}
