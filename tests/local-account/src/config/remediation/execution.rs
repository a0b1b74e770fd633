//! What became of a remediation (AWS Config API reference, `RemediationExecutionStatus`).

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::Key;
use super::configuration::Configuration;
use crate::automation::execution::{Entry, Status, StepExecution};
use crate::automation::start::{self, Starter};
use crate::calls::Call;
use crate::state::State;
use crate::trail::time::epoch;
use crate::wire::answer::Refusal;

/// The last execution for a resource.
#[derive(Debug, Clone)]
pub(crate) struct Remediation {
    invoked: Timestamp,
    progress: Progress,
}

#[derive(Debug, Clone)]
enum Progress {
    /// Automation did not begin it.
    Refused(Refusal),
    Begun(Entry),
}

impl Remediation {
    pub(crate) fn described(&self, key: &Key) -> Value {
        let (state, steps, updated) = match &self.progress {
            Progress::Refused(refusal) => {
                let step = json!({"Name": "StartAutomationExecution", "State": "FAILED", "ErrorMessage": refusal.to_string()});
                ("FAILED", vec![step], self.invoked)
            }
            Progress::Begun(entry) => {
                let execution = entry.lock();
                let steps = execution.steps.iter().map(described).collect();
                let updated = execution
                    .steps
                    .iter()
                    .filter_map(|it| it.ended.or(it.started));
                let updated = execution.ended.or_else(|| updated.max());
                (
                    name(execution.status),
                    steps,
                    updated.unwrap_or(self.invoked),
                )
            }
        };
        json!({
            "ResourceKey": {"resourceType": key.resource_type, "resourceId": key.resource_id},
            "State": state,
            "StepDetails": steps,
            "InvocationTime": epoch(self.invoked),
            "LastUpdatedTime": epoch(updated),
        })
    }
}

const fn name(status: Status) -> &'static str {
    match status {
        Status::Pending => "QUEUED",
        Status::InProgress => "IN_PROGRESS",
        Status::Success => "SUCCEEDED",
        Status::TimedOut | Status::Failed => "FAILED",
    }
}

fn described(step: &StepExecution) -> Value {
    let state = match step.status {
        Status::Pending => "PENDING",
        other => name(other),
    };
    let mut described = json!({"Name": step.name, "State": state});
    if let Value::Object(members) = &mut described {
        let optional = [
            ("ErrorMessage", json!(step.failure)),
            ("StartTime", json!(step.started.map(epoch))),
            ("StopTime", json!(step.ended.map(epoch))),
        ];
        let present = optional.into_iter().filter(|(_, value)| !value.is_null());
        members.extend(present.map(|(name, value)| (name.to_owned(), value)));
    }
    described
}

/// Starts the runbook for a resource, once; what becomes of it is kept.
pub(crate) async fn start(
    state: &Arc<State>,
    starter: Starter<'_>,
    configuration: &Configuration,
    key: &Key,
) -> Result<JoinHandle<()>, Refusal> {
    let at = Timestamp::now();
    let clock = std::time::Instant::now();
    let request = configuration.request(&key.resource_id);
    let begun = start::begin(state, starter, &key.region, &request).await;
    state.calls.add(Call {
        at,
        principal_arn: starter.principal().arn(),
        service: "ssm".to_owned(),
        region: key.region.clone(),
        operation: "StartAutomationExecution".to_owned(),
        parameters: request,
        read_only: false,
        error_code: begun.as_ref().err().map(|refusal| refusal.code.clone()),
        duration: clock.elapsed(),
    });
    let (progress, outcome) = match begun {
        Ok(begun) => (Progress::Begun(begun.entry), Ok(begun.task)),
        Err(refusal) => (Progress::Refused(refusal.clone()), Err(refusal)),
    };
    let invoked = at;
    let remediation = Remediation { invoked, progress };
    state.config.remediations.keep(key, remediation);
    outcome
}
