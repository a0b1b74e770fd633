//! Where events go that could not be handled (Lambda developer guide, "Capturing records of Lambda asynchronous
//! invocations").

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Function;
use crate::access::authority::caller_context;
use crate::access::need::Need;
use crate::calls::Call;
use crate::moto::Service;
use crate::principals::{self, Principal, role_name};
use crate::queues;
use crate::state::State;
use crate::trail::time::to_millisecond;
use crate::wire::answer::Refusal;

/// Why Lambda gave up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Condition {
    RetriesExhausted,
    EventAgeExceeded,
}

/// An event that failed for good.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Failure<'a> {
    pub(crate) request_id: &'a str,
    pub(crate) event: &'a Value,
    pub(crate) response: &'a Value,
    pub(crate) attempt: u64,
    pub(crate) condition: Condition,
}

/// Sends the record to the on-failure destination, with the permissions of the function's role.
pub(crate) async fn send(state: &State, function: &Function, failure: Failure<'_>) {
    let Some(destination) = function.invoke_config.lock().on_failure() else {
        return;
    };
    let record = record(function, failure, Timestamp::now());
    let (service, operation) = if destination.starts_with("arn:aws:sns:") {
        ("sns", "Publish")
    } else {
        ("sqs", "SendMessage")
    };
    let started = std::time::Instant::now();
    let sent = deliver(
        state,
        function,
        &destination,
        &record,
        &format!("{service}:{operation}"),
    )
    .await;
    if let Err(refusal) = &sent {
        tracing::warn!(function.name = function.name, "an event is lost: {refusal}");
    }
    state.calls.add(Call {
        at: Timestamp::now(),
        principal_arn: function.deployment().role_arn.clone(),
        service: service.to_owned(),
        region: function.region.clone(),
        operation: operation.to_owned(),
        parameters: json!({"Destination": destination, "Message": record}),
        read_only: false,
        error_code: sent.err().map(|refusal| refusal.code),
        duration: started.elapsed(),
    });
}

async fn deliver(
    state: &State,
    function: &Function,
    destination: &str,
    record: &Value,
    action: &str,
) -> Result<(), Refusal> {
    let role = principals::role(&state.moto, role_name(&function.deployment().role_arn)).await?;
    // Lambda itself makes this call, outside the function: the session is not in the function's scope.
    let (session, _) = state.principals.open_session(role, &function.name, None);
    let caller = Principal::Session(session);
    let need = Need {
        action: action.to_owned(),
        resource: destination.to_owned(),
    };
    let context = caller_context(&caller, &function.region);
    state
        .authority
        .check_need(&state.moto, &caller, &need, &context)
        .await?;
    if action == "sqs:SendMessage" {
        return queues::send(state, destination, &record.to_string(), &json!({})).await;
    }
    state
        .moto
        .query(
            Service::sns(&function.region),
            "Publish",
            &[("TopicArn", destination), ("Message", &record.to_string())],
        )
        .await
        .map(|_| ())
}

fn record(function: &Function, failure: Failure<'_>, at: Timestamp) -> Value {
    let mut response_context =
        json!({"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"});
    if failure.condition == Condition::EventAgeExceeded {
        response_context = Value::Null;
    }
    json!({
        "version": "1.0",
        "timestamp": to_millisecond(at),
        "requestContext": {
            "requestId": failure.request_id,
            "functionArn": format!("{}:$LATEST", function.arn),
            "condition": match failure.condition {
                Condition::RetriesExhausted => "RetriesExhausted",
                Condition::EventAgeExceeded => "EventAgeExceeded",
            },
            "approximateInvokeCount": failure.attempt,
        },
        "requestPayload": failure.event,
        "responseContext": response_context,
        "responsePayload": failure.response,
    })
}
