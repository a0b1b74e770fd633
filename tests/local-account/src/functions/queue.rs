//! Asynchronous invocations: accepted at once, run later, retried, and sent to a destination when all fails
//! (Lambda developer guide, "How Lambda handles errors and retries with asynchronous invocation").

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;
use uuid::Uuid;

use super::destination::{self, Condition, Failure};
use super::invocation::Outcome;
use super::{Function, run};
use crate::state::State;

/// Lambda waits one minute before the first retry and two before the second.
const DELAYS: [Duration; 2] = [Duration::from_mins(1), Duration::from_mins(2)];
/// A process gives its last lines to the pipe just before its outcome is known.
const LAST_LINES: Duration = Duration::from_millis(3);

/// Accepts an event and answers with the id of its request.
pub(crate) fn accept(state: &Arc<State>, function: Arc<Function>, event: Value) -> String {
    let request_id = Uuid::new_v4().to_string();
    let (state, id, busy) = (
        Arc::clone(state),
        request_id.clone(),
        state.activity.begin(),
    );
    tokio::spawn(async move {
        work(&state, &function, &id, &event).await;
        tokio::time::sleep(LAST_LINES).await;
        drop(busy);
    });
    request_id
}

async fn work(state: &Arc<State>, function: &Arc<Function>, request_id: &str, event: &Value) {
    let accepted = Instant::now();
    let mut attempt = 1;
    loop {
        let entry = run::open(state, function, request_id, event, attempt);
        let maximum_age = state
            .clock
            .scaled(function.invoke_config.lock().maximum_age());
        let left = maximum_age.saturating_sub(accepted.elapsed());
        let slot = tokio::time::timeout(left, function.slot()).await;
        let (outcome, condition) = if let Ok(slot) = slot {
            (
                run::run(state, function, &entry, slot).await,
                Condition::RetriesExhausted,
            )
        } else {
            let throttled = Outcome::failed(
                "TooManyRequestsException",
                "the event grew too old in the queue",
            );
            entry.lock().outcome = Some(throttled.clone());
            (throttled, Condition::EventAgeExceeded)
        };
        if matches!(outcome, Outcome::Done(_)) {
            return;
        }
        let retries = function.invoke_config.lock().retries();
        if condition == Condition::EventAgeExceeded || attempt > retries {
            let timeout = function.deployment().timeout;
            let response = outcome.payload(request_id, timeout);
            destination::send(
                state,
                function,
                Failure {
                    request_id,
                    event,
                    response: &response,
                    attempt,
                    condition,
                },
            )
            .await;
            return;
        }
        let delay = usize::try_from(attempt - 1)
            .ok()
            .and_then(|place| DELAYS.get(place))
            .copied()
            .unwrap_or_default();
        tokio::time::sleep(state.clock.scaled(delay)).await;
        attempt += 1;
    }
}
