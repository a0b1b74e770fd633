//! One run of the function, as its answer and Lambda's own account of it tell.

use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use local_account::{Invocation, Outcome};
use serde_json::Value;

/// One run of the function that came to its end.
#[derive(Debug, Clone)]
pub struct Run {
    /// The function's answer.
    pub answer: Value,
    /// From the event's arrival at Lambda to the function's answer, which comes after the document was read back.
    pub took: Duration,
    /// When the event arrived.
    pub arrived: Timestamp,
}

impl Run {
    pub(crate) fn of(invocation: &Invocation) -> anyhow::Result<Self> {
        let ended = invocation
            .finished_at
            .context("the function is still running")?;
        match invocation
            .outcome
            .as_ref()
            .context("the function is still running")?
        {
            Outcome::Done(answer) => Ok(Self {
                answer: answer.clone(),
                took: ended.duration_since(invocation.arrived_at).unsigned_abs(),
                arrived: invocation.arrived_at,
            }),
            other => anyhow::bail!(
                "the function did not end well: {other:?}\n{}",
                invocation.log_lines.join("\n")
            ),
        }
    }

    /// Whose change it was, or that the event was not the guard's business.
    pub fn verdict(&self) -> &str {
        self.answer
            .get("verdict")
            .and_then(Value::as_str)
            .unwrap_or("(no verdict)")
    }

    /// The codes of the reasons.
    pub fn reasons(&self) -> Vec<&str> {
        let reasons = self.answer.get("reasons").and_then(Value::as_array);
        reasons
            .into_iter()
            .flatten()
            .filter_map(|reason| reason.get("code").and_then(Value::as_str))
            .collect()
    }

    /// What was done.
    pub fn done(&self) -> Vec<&str> {
        let done = self.answer.get("done").and_then(Value::as_array);
        done.into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }
}
