//! Queues in moto: their policies, and messages that services send to them.

use serde_json::{Map, Value, json};

use crate::ACCOUNT;
use crate::moto::Service;
use crate::state::State;
use crate::wire::answer::Refusal;

/// A queue's policy; `None` when it has none.
pub(crate) async fn policy(state: &State, arn: &str) -> Option<Value> {
    let (region, url) = address(arn)?;
    let input = json!({"QueueUrl": url, "AttributeNames": ["Policy"]});
    let answer = state
        .moto
        .json(Service::sqs(region), "GetQueueAttributes", &input)
        .await
        .ok()?;
    let text = answer.get("Attributes")?.get("Policy")?.as_str()?;
    serde_json::from_str(text).ok()
}

/// Sends a message with text attributes.
pub(crate) async fn send(
    state: &State,
    arn: &str,
    body: &str,
    attributes: &Value,
) -> Result<(), Refusal> {
    let (region, url) =
        address(arn).ok_or_else(|| Refusal::internal(format!("`{arn}` is no queue")))?;
    let attributes: Map<String, Value> = attributes
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| {
            (
                name.clone(),
                json!({"DataType": "String", "StringValue": value}),
            )
        })
        .collect();
    let input = json!({"QueueUrl": url, "MessageBody": body, "MessageAttributes": attributes});
    state
        .moto
        .json(Service::sqs(region), "SendMessage", &input)
        .await
        .map(|_| ())
}

/// Everything that lies in a queue, left where it is.
pub(crate) async fn messages(
    state: &State,
    region: &str,
    name: &str,
) -> Result<Vec<Value>, Refusal> {
    let url = url(name);
    let service = Service::sqs(region);
    let mut messages = Vec::new();
    loop {
        // Hidden for a moment, so that each is received once.
        let input = json!({
            "QueueUrl": url, "MaxNumberOfMessages": 10, "VisibilityTimeout": 30,
            "WaitTimeSeconds": 0, "MessageAttributeNames": ["All"],
        });
        let page = state.moto.json(service, "ReceiveMessage", &input).await?;
        let received = page
            .get("Messages")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        if received.is_empty() {
            break;
        }
        messages.extend(received);
    }
    for message in &messages {
        let input = json!({"QueueUrl": url, "ReceiptHandle": message.get("ReceiptHandle"), "VisibilityTimeout": 0});
        state
            .moto
            .json(service, "ChangeMessageVisibility", &input)
            .await?;
    }
    Ok(messages)
}

/// Region and URL of a queue's ARN.
fn address(arn: &str) -> Option<(&str, String)> {
    let mut parts = arn.split(':').skip(2);
    let (service, region, _account, name) =
        (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    (service == "sqs").then(|| (region, url(name)))
}

/// A queue's URL; moto reads nothing but its path.
pub(crate) fn url(name: &str) -> String {
    format!("http://127.0.0.1/{ACCOUNT}/{name}")
}
