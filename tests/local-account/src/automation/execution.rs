//! Executions as the API shows them (Systems Manager API reference, `AutomationExecution`).

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::expression::plain;
use super::step::Step;
use crate::access::policy::texts;
use crate::locked::Locked;
use crate::trail::time::epoch;

/// An execution that may be under way.
pub(crate) type Entry = Arc<Locked<Execution>>;

/// `AutomationExecutionStatus`, as far as it occurs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Pending,
    InProgress,
    Success,
    TimedOut,
    Failed,
}

impl Status {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Pending => "Pending",
            Self::InProgress => "InProgress",
            Self::Success => "Success",
            Self::TimedOut => "TimedOut",
            Self::Failed => "Failed",
        }
    }
}

/// Values as lists of texts by their names.
pub(crate) type Listed = BTreeMap<String, Vec<String>>;

/// One execution of a runbook.
#[derive(Debug, Clone)]
pub(crate) struct Execution {
    pub(crate) id: String,
    pub(crate) region: String,
    pub(crate) document: String,
    pub(crate) version: u64,
    pub(crate) parameters: Listed,
    pub(crate) executed_by: String,
    pub(crate) started: Timestamp,
    pub(crate) ended: Option<Timestamp>,
    pub(crate) status: Status,
    pub(crate) steps: Vec<StepExecution>,
    pub(crate) outputs: Listed,
    pub(crate) failure: Option<String>,
}

impl Execution {
    /// `GetAutomationExecution`'s answer.
    pub(crate) fn described(&self) -> Value {
        let steps: Vec<Value> = self.steps.iter().map(StepExecution::described).collect();
        let mut described = self.outline();
        described.insert("StepExecutions".to_owned(), json!(steps));
        described.insert("StepExecutionsTruncated".to_owned(), json!(false));
        described.insert("Parameters".to_owned(), json!(self.parameters));
        Value::Object(described)
    }

    /// `AutomationExecutionMetadata`.
    pub(crate) fn listed(&self) -> Value {
        let mut listed = self.outline();
        listed.insert("AutomationType".to_owned(), json!("Local"));
        Value::Object(listed)
    }

    fn outline(&self) -> Map<String, Value> {
        let current = self
            .steps
            .iter()
            .find(|step| step.status == Status::InProgress);
        present([
            ("AutomationExecutionId", json!(self.id)),
            ("DocumentName", json!(self.document)),
            ("DocumentVersion", json!(self.version.to_string())),
            ("AutomationExecutionStatus", json!(self.status.name())),
            ("ExecutionStartTime", epoch(self.started)),
            ("ExecutionEndTime", json!(self.ended.map(epoch))),
            ("ExecutedBy", json!(self.executed_by)),
            ("Mode", json!("Auto")),
            ("Outputs", json!(self.outputs)),
            ("FailureMessage", json!(self.failure)),
            ("CurrentStepName", json!(current.map(|step| &step.name))),
            ("CurrentAction", json!(current.map(|step| &step.action))),
        ])
    }
}

/// One step of an execution.
#[derive(Debug, Clone)]
pub(crate) struct StepExecution {
    id: String,
    pub(crate) name: String,
    action: String,
    limits: Value,
    pub(crate) status: Status,
    pub(crate) started: Option<Timestamp>,
    pub(crate) ended: Option<Timestamp>,
    pub(crate) inputs: BTreeMap<String, String>,
    pub(crate) outputs: Listed,
    pub(crate) failure: Option<String>,
}

impl StepExecution {
    pub(crate) fn of(step: &Step) -> Self {
        Self {
            id: Uuid::new_v4().to_string(),
            name: step.name.clone(),
            action: step.action.clone(),
            limits: json!({
                "TimeoutSeconds": step.timeout.as_secs(), "OnFailure": step.on_failure.name(),
                "MaxAttempts": step.max_attempts, "IsEnd": step.is_end,
            }),
            status: Status::Pending,
            started: None,
            ended: None,
            inputs: BTreeMap::new(),
            outputs: Listed::new(),
            failure: None,
        }
    }

    fn described(&self) -> Value {
        let mut described = present([
            ("StepExecutionId", json!(self.id)),
            ("StepName", json!(self.name)),
            ("Action", json!(self.action)),
            ("StepStatus", json!(self.status.name())),
            ("ExecutionStartTime", json!(self.started.map(epoch))),
            ("ExecutionEndTime", json!(self.ended.map(epoch))),
            ("Inputs", json!(self.inputs)),
            ("Outputs", json!(self.outputs)),
            ("FailureMessage", json!(self.failure)),
        ]);
        if let Value::Object(limits) = &self.limits {
            described.extend(limits.clone());
        }
        Value::Object(described)
    }
}

/// Values as the API has them: each a list of texts.
pub(crate) fn listed(values: &BTreeMap<String, Value>) -> Listed {
    let one = |value: &Value| match value {
        Value::Array(items) if items.iter().all(Value::is_string) => texts(value),
        other => vec![plain(other)],
    };
    values
        .iter()
        .map(|(name, value)| (name.clone(), one(value)))
        .collect()
}

/// Members that have a value.
fn present<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    members
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}
