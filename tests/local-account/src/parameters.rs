//! Parameter Store: moto keeps the values, the account adds what moto does not check or know.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use crate::locked::Locked;
use crate::principals::Principal;
use crate::state::State;
use crate::wire::answer::{Answer, Refusal};
use crate::wire::call::ApiCall;

/// Bytes in a value, at most (Systems Manager user guide, "Managing parameter tiers").
const STANDARD: usize = 4096;
const ADVANCED: usize = 8192;

/// Who wrote which version of which parameter.
#[derive(Debug, Default)]
pub(crate) struct Writers(Locked<HashMap<(String, String, u64), String>>);

/// Answers a call on parameters.
pub(crate) async fn answer(state: &Arc<State>, caller: &Principal, call: &ApiCall) -> Answer {
    if call.operation == "PutParameter" {
        return put(state, caller, call).await;
    }
    let answer = state.moto.forward(call).await;
    if answer.outcome.is_err() {
        return answer;
    }
    match call.operation.as_str() {
        "GetParameterHistory" | "DescribeParameters" => answer.rewrite(call, |output| {
            for parameter in output
                .get_mut("Parameters")
                .and_then(Value::as_array_mut)
                .into_iter()
                .flatten()
            {
                sign(state, call, parameter);
            }
        }),
        "DeleteParameter" | "DeleteParameters" => {
            let member = call
                .parameters
                .get("Names")
                .or_else(|| call.parameters.get("Name"));
            let names = member.map(crate::access::policy::texts).unwrap_or_default();
            let is_gone = |name: &String| names.contains(name);
            state
                .writers
                .0
                .lock()
                .retain(|(region, name, _), _| *region != call.region || !is_gone(name));
            answer
        }
        _ => answer,
    }
}

async fn put(state: &Arc<State>, caller: &Principal, call: &ApiCall) -> Answer {
    let tier = match tier_for(call) {
        Ok(tier) => tier,
        Err(refusal) => return Answer::own(call, Err(refusal)),
    };
    let mut adjusted = call.clone();
    if let Value::Object(parameters) = &mut adjusted.parameters {
        parameters.insert("Tier".into(), Value::from(tier));
    }
    adjusted.body = adjusted.parameters.to_string().into();
    let answer = state.moto.forward(&adjusted).await;
    let version = answer
        .outcome
        .as_ref()
        .ok()
        .and_then(|output| output.get("Version"))
        .and_then(Value::as_u64);
    if let (Some(version), Some(name)) = (version, call.text("Name")) {
        let key = (call.region.clone(), name.to_owned(), version);
        state.writers.0.lock().insert(key, caller.arn());
    }
    answer.rewrite(call, |output| {
        if let Value::Object(output) = output {
            output.insert("Tier".into(), Value::from(tier));
        }
    })
}

/// Names the writer: SSM sets `LastModifiedUser` itself (Systems Manager API reference, `ParameterHistory`).
fn sign(state: &State, call: &ApiCall, parameter: &mut Value) {
    let Some(name) = parameter.get("Name").and_then(Value::as_str) else {
        return;
    };
    let Some(version) = parameter.get("Version").and_then(Value::as_u64) else {
        return;
    };
    let key = (call.region.clone(), name.to_owned(), version);
    // Only CloudFormation writes parameters past the gateway, inside moto.
    let writer = state.writers.0.lock().get(&key).cloned();
    let writer = writer.unwrap_or_else(|| format!("arn:aws:iam::{}:root", crate::ACCOUNT));
    if let Value::Object(parameter) = parameter {
        parameter.insert("LastModifiedUser".into(), Value::from(writer));
    }
}

/// The tier in which a value fits; Intelligent-Tiering picks one.
fn tier_for(call: &ApiCall) -> Result<&'static str, Refusal> {
    let size = call.text("Value").unwrap_or_default().len();
    let too_long = |tier: &str, limit: usize| {
        let advice = if limit == STANDARD {
            " To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier."
        } else {
            ""
        };
        let message = format!(
            "{tier} tier parameters support a maximum parameter value of {limit} characters.{advice}"
        );
        Err(Refusal::new("ValidationException", message))
    };
    match call.text("Tier").unwrap_or("Standard") {
        "Standard" if size > STANDARD => too_long("Standard", STANDARD),
        "Standard" => Ok("Standard"),
        "Intelligent-Tiering" if size <= STANDARD => Ok("Standard"),
        _ if size > ADVANCED => too_long("Advanced", ADVANCED),
        _ => Ok("Advanced"),
    }
}
