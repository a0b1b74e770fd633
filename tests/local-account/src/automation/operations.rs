//! The calls of Automation (Systems Manager API reference).

use std::sync::Arc;

use serde_json::{Value, json};

use super::execution::Execution;
use super::refusals;
use super::start::{self, Starter};
use crate::access::policy::texts;
use crate::documents::operations::page;
use crate::principals::Principal;
use crate::state::State;
use crate::wire::answer::Refusal;
use crate::wire::call::ApiCall;

/// Answers a call on executions.
pub(crate) async fn answer(
    state: &Arc<State>,
    caller: &Principal,
    call: &ApiCall,
) -> Result<Value, Refusal> {
    match call.operation.as_str() {
        "StartAutomationExecution" => {
            let starter = Starter::Caller(caller);
            let begun = start::begin(state, starter, &call.region, &call.parameters).await?;
            let id = begun.entry.lock().id.clone();
            Ok(json!({"AutomationExecutionId": id}))
        }
        "GetAutomationExecution" => get(state, call),
        "DescribeAutomationExecutions" => describe(state, call),
        other => Err(refusals::not_here(other)),
    }
}

fn get(state: &State, call: &ApiCall) -> Result<Value, Refusal> {
    let id = call.text("AutomationExecutionId").unwrap_or_default();
    let executions = state.automation.of(&call.region);
    let execution = executions.iter().find(|execution| execution.id == id);
    let execution = execution.ok_or_else(|| refusals::no_such_execution(id))?;
    Ok(json!({"AutomationExecution": execution.described()}))
}

/// The newest come first.
fn describe(state: &State, call: &ApiCall) -> Result<Value, Refusal> {
    let filters = call.parameters.get("Filters").and_then(Value::as_array);
    let mut executions = state.automation.of(&call.region);
    for filter in filters.into_iter().flatten() {
        let key = filter.get("Key").and_then(Value::as_str);
        let passes = passes(key.unwrap_or_default())?;
        let values = filter.get("Values").map(texts).unwrap_or_default();
        executions.retain(|execution| values.iter().any(|value| passes(execution, value)));
    }
    let listed = executions.iter().rev().map(Execution::listed).collect();
    page(call, "AutomationExecutionMetadataList", listed)
}

fn passes(key: &str) -> Result<fn(&Execution, &str) -> bool, Refusal> {
    Ok(match key {
        "DocumentNamePrefix" => |execution, value| execution.document.starts_with(value),
        "ExecutionStatus" => |execution, value| execution.status.name() == value,
        "ExecutionId" => |execution, value| execution.id == value,
        other => return Err(refusals::not_here(&format!("the filter {other}"))),
    })
}
