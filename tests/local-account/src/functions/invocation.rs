//! What became of each invocation.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::locked::Locked;

/// One run of a function for one event.
#[derive(Debug, Clone, PartialEq)]
pub struct Invocation {
    /// The function's name.
    pub function: String,
    /// The function's Region.
    pub region: String,
    /// Lambda's id of the request; retries keep it.
    pub request_id: String,
    /// What the function was given.
    pub event: Value,
    /// When Lambda accepted the event.
    pub arrived_at: Timestamp,
    /// When a process took it.
    pub started_at: Option<Timestamp>,
    /// When its outcome was known.
    pub finished_at: Option<Timestamp>,
    /// What came of it; `None` while it waits or runs.
    pub outcome: Option<Outcome>,
    /// 1 for the first run, 2 and 3 for Lambda's retries.
    pub attempt: u64,
    /// What the process wrote to its standard output and error.
    pub log_lines: Vec<String>,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// With this answer.
    Done(Value),
    /// With this error, the function's or the runtime's.
    Failed(Value),
    /// It took longer than the function's timeout.
    TimedOut,
}

impl Outcome {
    /// A failure in Lambda's own words.
    pub(crate) fn failed(kind: &str, message: &str) -> Self {
        Self::Failed(json!({"errorType": kind, "errorMessage": message}))
    }

    /// What a caller or a destination is told.
    pub(crate) fn payload(&self, request_id: &str, timeout: std::time::Duration) -> Value {
        match self {
            Self::Done(payload) | Self::Failed(payload) => payload.clone(),
            Self::TimedOut => json!({
                "errorType": "Sandbox.Timedout",
                "errorMessage": format!("RequestId: {request_id} Error: Task timed out after {:.2} seconds", timeout.as_secs_f64()),
            }),
        }
    }
}

/// An invocation that is still being written.
pub(crate) type Entry = Arc<Locked<Invocation>>;

/// Every invocation of the account.
#[derive(Debug, Default)]
pub(crate) struct Invocations(Locked<Vec<Entry>>);

impl Invocations {
    pub(crate) fn open(&self, invocation: Invocation) -> Entry {
        let entry = Arc::new(Locked::new(invocation));
        self.0.lock().push(Arc::clone(&entry));
        entry
    }

    pub(crate) fn all(&self) -> Vec<Invocation> {
        self.0
            .lock()
            .iter()
            .map(|entry| entry.lock().clone())
            .collect()
    }
}
