//! One step of a runbook.

use std::time::Duration;

use serde_json::{Value, json};

/// The only action that is run.
pub(crate) const INVOKE: &str = "aws:invokeLambdaFunction";
/// Seconds that a step of this action may take, at most and by default (Systems Manager user guide,
/// `aws:invokeLambdaFunction`).
const LONGEST: u64 = 300;
/// What the account understands of a step; `isCritical` and `onCancel` change nothing here.
const MEMBERS: [&str; 11] = [
    "name",
    "action",
    "description",
    "inputs",
    "outputs",
    "timeoutSeconds",
    "maxAttempts",
    "onFailure",
    "onCancel",
    "isCritical",
    "isEnd",
];

/// What follows when a step has failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnFailure {
    Abort,
    Continue,
}

impl OnFailure {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Abort => "Abort",
            Self::Continue => "Continue",
        }
    }
}

/// An output that the runbook declares: a part of what the action gives.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    pub(crate) name: String,
    /// `$.Payload.member`.
    pub(crate) selector: String,
}

/// A step that was read.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    pub(crate) name: String,
    pub(crate) action: String,
    pub(crate) inputs: Value,
    pub(crate) outputs: Vec<Output>,
    pub(crate) timeout: Duration,
    pub(crate) max_attempts: u64,
    pub(crate) on_failure: OnFailure,
    pub(crate) is_end: bool,
    /// What keeps it from being run here.
    pub(crate) unsupported: Option<String>,
}

impl Step {
    /// The error says what is wrong with the step.
    pub(crate) fn read(step: &Value) -> Result<Self, String> {
        let text = |member: &str| step.get(member).and_then(Value::as_str);
        let name = text("name").ok_or("a step has no name")?.to_owned();
        let action = text("action").ok_or_else(|| format!("step `{name}` has no action"))?;
        let timeout = number(step, "timeoutSeconds").unwrap_or(LONGEST);
        if action == INVOKE && timeout > LONGEST {
            return Err(format!(
                "step `{name}` waits for more than {LONGEST} seconds"
            ));
        }
        let on_failure = match text("onFailure") {
            Some("Continue") => OnFailure::Continue,
            _ => OnFailure::Abort,
        };
        Ok(Self {
            action: action.to_owned(),
            inputs: step.get("inputs").cloned().unwrap_or_else(|| json!({})),
            outputs: outputs(step),
            timeout: Duration::from_secs(timeout),
            max_attempts: number(step, "maxAttempts").unwrap_or(1).max(1),
            on_failure,
            is_end: flag(step, "isEnd"),
            unsupported: unsupported(step, action),
            name,
        })
    }
}

fn unsupported(step: &Value, action: &str) -> Option<String> {
    if action != INVOKE {
        return Some(format!("the action {action}"));
    }
    let on_failure = step.get("onFailure").and_then(Value::as_str);
    if let Some(other) = on_failure.filter(|it| !matches!(*it, "Abort" | "Continue")) {
        return Some(format!("`onFailure: {other}`"));
    }
    let members = step.as_object().into_iter().flatten();
    members
        .map(|(member, _)| member)
        .find(|member| !MEMBERS.contains(&member.as_str()))
        .map(|member| format!("the member `{member}` of a step"))
}

fn outputs(step: &Value) -> Vec<Output> {
    let outputs = step.get("outputs").and_then(Value::as_array);
    let text = |output: &Value, member: &str| output.get(member)?.as_str().map(str::to_owned);
    outputs
        .into_iter()
        .flatten()
        .filter_map(|output| {
            Some(Output {
                name: text(output, "Name")?,
                selector: text(output, "Selector")?,
            })
        })
        .collect()
}

/// YAML has numbers and flags as such or as text.
fn number(step: &Value, member: &str) -> Option<u64> {
    let value = step.get(member)?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn flag(step: &Value, member: &str) -> bool {
    step.get(member)
        .is_some_and(|value| value.as_bool() == Some(true) || value.as_str() == Some("true"))
}
