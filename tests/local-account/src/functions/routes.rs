//! Lambda's API: moto keeps the descriptions, the gateway runs the code.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, Method};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use uuid::Uuid;

use super::package::Package;
use super::{Deployment, Function, name, queue, run};
use crate::functions::invocation::Outcome;
use crate::state::State;
use crate::wire::answer::{Answer, Refusal};
use crate::wire::call::ApiCall;

/// Answers a Lambda call.
pub(crate) async fn answer(state: &Arc<State>, call: &ApiCall) -> Answer {
    match call.operation.as_str() {
        "CreateFunction" | "UpdateFunctionCode" => deploy(state, call).await,
        "UpdateFunctionConfiguration" => reconfigure(state, call).await,
        "DeleteFunction" => {
            let answer = state.moto.forward(call).await;
            if answer.outcome.is_ok() {
                state
                    .functions
                    .remove(&call.region, call.text("functionName").unwrap_or_default());
            }
            answer
        }
        "PutFunctionConcurrency" | "DeleteFunctionConcurrency" => reserve(state, call).await,
        "Invoke" => invoke(state, call).await,
        operation if operation.contains("FunctionEventInvokeConfig") => {
            Answer::own(call, event_invoke_config(state, call))
        }
        _ => state.moto.forward(call).await,
    }
}

/// The function's resource policy, as moto keeps it.
pub(crate) async fn resource_policy(state: &State, function: &Function) -> Option<Value> {
    let path = format!("/2015-03-31/functions/{}/policy", function.name);
    let answer = state
        .moto
        .lambda(&function.region, Method::GET, &path, String::new())
        .await
        .ok()?;
    serde_json::from_str(answer.get("Policy")?.as_str()?).ok()
}

async fn deploy(state: &Arc<State>, call: &ApiCall) -> Answer {
    // CreateFunction names its code in a member of its own.
    let code = call.parameters.get("Code").unwrap_or(&call.parameters);
    let package = match archive(state, call, code)
        .await
        .and_then(|archive| Package::unpack(&archive))
    {
        Ok(package) => Arc::new(package),
        Err(refusal) => return Answer::own(call, Err(refusal)),
    };
    let answer = state.moto.forward(call).await;
    if let Ok(configuration) = &answer.outcome {
        let named = configuration
            .get("FunctionName")
            .and_then(Value::as_str)
            .unwrap_or_default();
        state.functions.deploy(
            &call.region,
            named,
            Deployment::read(configuration, package),
        );
    }
    answer
}

/// The zip in the call, or the object in S3 that the call names.
async fn archive(state: &State, call: &ApiCall, code: &Value) -> Result<Vec<u8>, Refusal> {
    if let Some(encoded) = code.get("ZipFile").and_then(Value::as_str) {
        return STANDARD
            .decode(encoded)
            .map_err(|_| Refusal::new("InvalidParameterValueException", "ZipFile is not base64"));
    }
    let text = |member: &str| code.get(member).and_then(Value::as_str);
    let (Some(bucket), Some(key)) = (text("S3Bucket"), text("S3Key")) else {
        return Err(Refusal::new(
            "InvalidParameterValueException",
            "Please provide a source for function code.",
        ));
    };
    state.moto.object(&call.region, bucket, key).await
}

async fn reconfigure(state: &Arc<State>, call: &ApiCall) -> Answer {
    let answer = state.moto.forward(call).await;
    let function = state
        .functions
        .find(&call.region, call.text("functionName").unwrap_or_default());
    if let (Ok(configuration), Some(function)) = (&answer.outcome, function) {
        let package = Arc::clone(&function.deployment().package);
        state.functions.deploy(
            &call.region,
            &function.name,
            Deployment::read(configuration, package),
        );
    }
    answer
}

async fn reserve(state: &Arc<State>, call: &ApiCall) -> Answer {
    let answer = state.moto.forward(call).await;
    let function = state
        .functions
        .find(&call.region, call.text("functionName").unwrap_or_default());
    if let (true, Some(function)) = (answer.outcome.is_ok(), function) {
        let wanted = call
            .parameters
            .get("ReservedConcurrentExecutions")
            .and_then(Value::as_u64);
        function.reserve(wanted.and_then(|wanted| usize::try_from(wanted).ok()));
    }
    answer
}

fn known(state: &State, call: &ApiCall) -> Result<Arc<Function>, Refusal> {
    let named = call.text("functionName").unwrap_or_default();
    state.functions.find(&call.region, named).ok_or_else(|| {
        let arn = name::arn(&call.region, name::short(named));
        Refusal::new(
            "ResourceNotFoundException",
            format!("Function not found: {arn}"),
        )
        .with_status(404)
    })
}

fn event_invoke_config(state: &State, call: &ApiCall) -> Result<Value, Refusal> {
    let function = known(state, call)?;
    let mut config = function.invoke_config.lock();
    match call.operation.as_str() {
        "PutFunctionEventInvokeConfig" => config.put(&call.parameters)?,
        "UpdateFunctionEventInvokeConfig" => config.update(&call.parameters)?,
        "ListFunctionEventInvokeConfigs" => {
            let all: Vec<Value> = config.answer(&function.arn).into_iter().collect();
            return Ok(json!({ "FunctionEventInvokeConfigs": all }));
        }
        "DeleteFunctionEventInvokeConfig" if config.delete() => return Ok(Value::Null),
        _ => {}
    }
    config.answer(&function.arn).ok_or_else(|| {
        let message = format!(
            "The function {} doesn't have an EventInvokeConfig",
            function.arn
        );
        Refusal::new("ResourceNotFoundException", message).with_status(404)
    })
}

async fn invoke(state: &Arc<State>, call: &ApiCall) -> Answer {
    let function = match known(state, call) {
        Ok(function) => function,
        Err(refusal) => return Answer::own(call, Err(refusal)),
    };
    let event = if call.body.is_empty() {
        Ok(json!({}))
    } else {
        serde_json::from_slice(&call.body)
    };
    let Ok(event) = event else {
        let message = "Could not parse request body into json: Could not parse payload into json";
        return Answer::own(
            call,
            Err(Refusal::new("InvalidRequestContentException", message)),
        );
    };
    match call.header("x-amz-invocation-type") {
        "Event" => {
            let id = queue::accept(state, function, event);
            raw(202, Value::Null, &[("x-amzn-requestid", &id)])
        }
        "DryRun" => raw(204, Value::Null, &[]),
        _ => invoke_now(state, call, &function, &event).await,
    }
}

async fn invoke_now(
    state: &Arc<State>,
    call: &ApiCall,
    function: &Arc<Function>,
    event: &Value,
) -> Answer {
    let Some(slot) = function.slot_now() else {
        return Answer::own(
            call,
            Err(Refusal::new("TooManyRequestsException", "Rate Exceeded.").with_status(429)),
        );
    };
    let id = Uuid::new_v4().to_string();
    let busy = state.activity.begin();
    let entry = run::open(state, function, &id, event, 1);
    let outcome = run::run(state, function, &entry, slot).await;
    drop(busy);
    let payload = outcome.payload(&id, function.deployment().timeout);
    let mut headers = vec![
        ("x-amzn-requestid", id.as_str()),
        ("x-amz-executed-version", "$LATEST"),
    ];
    if !matches!(outcome, Outcome::Done(_)) {
        headers.push(("x-amz-function-error", "Unhandled"));
    }
    raw(200, payload, &headers)
}

fn raw(status: u16, payload: Value, pairs: &[(&'static str, &str)]) -> Answer {
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    for (name, value) in pairs {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(*name, value);
        }
    }
    let body = if status == 200 {
        payload.to_string().into_bytes()
    } else {
        Vec::new()
    };
    Answer {
        status,
        headers,
        body,
        outcome: Ok(payload),
    }
}
