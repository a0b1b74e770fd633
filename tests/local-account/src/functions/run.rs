//! One run of a function, whoever asked for it.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;
use tokio::sync::OwnedSemaphorePermit;

use super::Function;
use super::invocation::{Entry, Invocation, Outcome};
use super::sandbox::Sandbox;
use crate::state::State;

/// Opens the entry of a run that is about to wait for a process.
pub(crate) fn open(
    state: &State,
    function: &Function,
    request_id: &str,
    event: &Value,
    attempt: u64,
) -> Entry {
    state.invocations.open(Invocation {
        function: function.name.clone(),
        region: function.region.clone(),
        request_id: request_id.to_owned(),
        event: event.clone(),
        arrived_at: Timestamp::now(),
        started_at: None,
        finished_at: None,
        outcome: None,
        attempt,
        log_lines: Vec::new(),
    })
}

/// Runs the function in an idle process, or in a new one.
pub(crate) async fn run(
    state: &Arc<State>,
    function: &Arc<Function>,
    entry: &Entry,
    slot: OwnedSemaphorePermit,
) -> Outcome {
    let sandbox = match function.take_idle() {
        Some(sandbox) => Ok(sandbox),
        None => Sandbox::start(state, function).await,
    };
    let (outcome, sandbox) = match sandbox {
        Ok(sandbox) => sandbox.invoke(function, entry).await,
        Err(outcome) => (outcome, None),
    };
    {
        let mut invocation = entry.lock();
        invocation.finished_at = Some(Timestamp::now());
        invocation.outcome = Some(outcome.clone());
    }
    if let Some(sandbox) = sandbox {
        function.put_idle(sandbox);
    }
    drop(slot);
    outcome
}
