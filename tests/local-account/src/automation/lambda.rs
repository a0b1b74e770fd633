//! The action `aws:invokeLambdaFunction` (Systems Manager user guide): a synchronous call, so Lambda neither tries
//! again nor sends anything to a destination.

use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::FunctionError;
use super::run::{Failure, Outputs};
use crate::access::authority::caller_context;
use crate::access::need::Need;
use crate::calls::Call;
use crate::functions::invocation::Outcome;
use crate::functions::{Function, name, run};
use crate::principals::Principal;
use crate::state::State;
use crate::wire::answer::Refusal;

/// What the step is about when it fails.
const STAGE: &str = "Execute action";

/// Calls the function as the actor.
pub(crate) async fn invoke(
    state: &Arc<State>,
    actor: &Principal,
    region: &str,
    inputs: &Value,
) -> Result<Outputs, Failure> {
    let text = |member: &str| inputs.get(member).and_then(Value::as_str);
    let unsupported = text("InvocationType").filter(|kind| *kind != "RequestResponse");
    if let Some(unsupported) =
        unsupported.or_else(|| text("Qualifier").filter(|it| *it != "$LATEST"))
    {
        let message = format!("The local account does not know `{unsupported}` here");
        return Err(Failure::new(STAGE, &message));
    }
    let event = event(inputs).map_err(|message| Failure::new(STAGE, &message))?;
    let started = Instant::now();
    let called = call(
        state,
        actor,
        region,
        text("FunctionName").unwrap_or_default(),
        &event,
    )
    .await;
    state.calls.add(Call {
        at: Timestamp::now(),
        principal_arn: actor.arn(),
        service: "lambda".to_owned(),
        region: region.to_owned(),
        operation: "Invoke".to_owned(),
        parameters: json!({"functionName": text("FunctionName"), "payload": event}),
        read_only: false,
        error_code: called.as_ref().err().map(|refusal| refusal.code.clone()),
        duration: started.elapsed(),
    });
    let answer = called.map_err(|refusal| Failure::new(STAGE, &refusal.to_string()))?;
    judge(&answer, *state.automation.function_error.lock())
}

/// `InputPayload`, or the older `Payload`, which is text.
fn event(inputs: &Value) -> Result<Value, String> {
    match (inputs.get("InputPayload"), inputs.get("Payload")) {
        (Some(payload), _) => Ok(payload.clone()),
        (None, Some(Value::String(text))) => serde_json::from_str(text)
            .map_err(|_| "Could not parse request body into json".to_owned()),
        (None, Some(_)) => Err("Payload is no text".to_owned()),
        (None, None) => Ok(json!({})),
    }
}

/// What the function answered, and whether it is an error.
struct Reply {
    payload: Value,
    is_error: bool,
}

async fn call(
    state: &Arc<State>,
    actor: &Principal,
    region: &str,
    named: &str,
    event: &Value,
) -> Result<Reply, Refusal> {
    let arn = name::arn(region, name::short(named));
    let need = Need {
        action: "lambda:InvokeFunction".into(),
        resource: arn.clone(),
    };
    let context = caller_context(actor, region);
    state
        .authority
        .check_need(&state.moto, actor, &need, &context)
        .await?;
    let function = state.functions.find(region, named).ok_or_else(|| {
        Refusal::new(
            "ResourceNotFoundException",
            format!("Function not found: {arn}"),
        )
    })?;
    let timeout = function.deployment().timeout;
    let (state, event, busy) = (Arc::clone(state), event.clone(), state.activity.begin());
    // The function runs on when the step no longer waits for it.
    let task = tokio::spawn(async move {
        let (id, outcome) = run_now(&state, &function, &event).await;
        drop(busy);
        (id, outcome)
    });
    let (id, outcome) = task.await.map_err(Refusal::internal)?;
    Ok(Reply {
        payload: outcome.payload(&id, timeout),
        is_error: !matches!(outcome, Outcome::Done(_)),
    })
}

/// Automation tries throttled calls again by itself, so a place is waited for.
async fn run_now(state: &Arc<State>, function: &Arc<Function>, event: &Value) -> (String, Outcome) {
    let id = Uuid::new_v4().to_string();
    let entry = run::open(state, function, &id, event, 1);
    let slot = function.slot().await;
    let outcome = run::run(state, function, &entry, slot).await;
    (id, outcome)
}

fn judge(reply: &Reply, rule: FunctionError) -> Result<Outputs, Failure> {
    let mut outputs = Outputs::from([
        ("StatusCode".to_owned(), json!("200")),
        ("Payload".to_owned(), json!(reply.payload.to_string())),
    ]);
    if !reply.is_error {
        return Ok(outputs);
    }
    outputs.insert("FunctionError".to_owned(), json!("Unhandled"));
    match rule {
        FunctionError::IsAnOutput => Ok(outputs),
        FunctionError::FailsTheStep => {
            let payload = &reply.payload;
            let message = payload.get("errorMessage").and_then(Value::as_str);
            let message = message.map_or_else(|| payload.to_string(), str::to_owned);
            Err(Failure::new(STAGE, &message).with_outputs(outputs))
        }
    }
}
