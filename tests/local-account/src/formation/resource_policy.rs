//! Policies of queues and topics, which moto leaves out of a stack.

use serde_json::{Value, json};

use crate::access::policy::texts;
use crate::moto::Service;
use crate::queues;
use crate::state::State;
use crate::wire::answer::Refusal;

/// `AWS::SQS::QueuePolicy`.
pub(crate) async fn of_queues(
    state: &State,
    region: &str,
    properties: &Value,
) -> Result<(), Refusal> {
    for queue in properties.get("Queues").map(texts).unwrap_or_default() {
        let name = queue.rsplit('/').next().unwrap_or(&queue);
        let input =
            json!({"QueueUrl": queues::url(name), "Attributes": {"Policy": document(properties)}});
        state
            .moto
            .json(Service::sqs(region), "SetQueueAttributes", &input)
            .await?;
    }
    Ok(())
}

/// `AWS::SNS::TopicPolicy`.
pub(crate) async fn of_topics(
    state: &State,
    region: &str,
    properties: &Value,
) -> Result<(), Refusal> {
    for topic in properties.get("Topics").map(texts).unwrap_or_default() {
        let policy = document(properties);
        let input = [
            ("TopicArn", topic.as_str()),
            ("AttributeName", "Policy"),
            ("AttributeValue", &policy),
        ];
        state
            .moto
            .query(Service::sns(region), "SetTopicAttributes", &input)
            .await?;
    }
    Ok(())
}

fn document(properties: &Value) -> String {
    properties
        .get("PolicyDocument")
        .map(ToString::to_string)
        .unwrap_or_default()
}
