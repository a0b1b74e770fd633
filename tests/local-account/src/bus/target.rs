//! Sends an event to a rule's target, if the target's policy lets EventBridge in.

use std::sync::Arc;

use serde_json::{Value, json};

use super::rules::{Rule, Target};
use crate::ACCOUNT;
use crate::access::context::Context;
use crate::access::policy::{Asker, Decision, Request, decide_all};
use crate::functions;
use crate::queues;
use crate::state::State;

const SERVICE: &str = "events.amazonaws.com";

/// Why a target could not be reached, in the words of the dead-letter queue's attributes (EventBridge user guide,
/// "Using dead-letter queues").
struct Unreachable {
    code: &'static str,
    message: String,
}

/// Delivers, or writes to the target's dead-letter queue.
pub(crate) async fn deliver(state: &Arc<State>, rule: &Rule, target: &Target, event: &Value) {
    let payload = match &target.input {
        Some(input) => serde_json::from_str(input).unwrap_or_else(|_| Value::from(input.as_str())),
        None => event.clone(),
    };
    let sent = match target.arn.split(':').nth(2) {
        Some("lambda") => to_function(state, rule, target, payload.clone()).await,
        Some("sqs") => to_queue(state, rule, &target.arn, &payload.to_string(), &json!({})).await,
        _ => Err(Unreachable {
            code: "SDK_CLIENT_ERROR",
            message: format!("target `{}` is not known here", target.arn),
        }),
    };
    if let Err(unreachable) = sent {
        tracing::warn!(
            rule.name = rule.name,
            target.arn = target.arn,
            "{}",
            unreachable.message
        );
        dead_letter(state, rule, target, &payload, &unreachable).await;
    }
}

async fn to_function(
    state: &Arc<State>,
    rule: &Rule,
    target: &Target,
    payload: Value,
) -> Result<(), Unreachable> {
    let Some(function) = state.functions.by_arn(&target.arn) else {
        return Err(Unreachable {
            code: "NO_RESOURCE",
            message: format!("function `{}` does not exist", target.arn),
        });
    };
    let policy = functions::routes::resource_policy(state, &function).await;
    permitted(
        &policy.into_iter().collect::<Vec<_>>(),
        "lambda:InvokeFunction",
        &function.arn,
        rule,
    )?;
    functions::queue::accept(state, function, payload);
    Ok(())
}

async fn to_queue(
    state: &Arc<State>,
    rule: &Rule,
    arn: &str,
    body: &str,
    attributes: &Value,
) -> Result<(), Unreachable> {
    let policy = queues::policy(state, arn).await;
    permitted(
        &policy.into_iter().collect::<Vec<_>>(),
        "sqs:SendMessage",
        arn,
        rule,
    )?;
    queues::send(state, arn, body, attributes)
        .await
        .map_err(|refusal| Unreachable {
            code: "SDK_CLIENT_ERROR",
            message: refusal.to_string(),
        })
}

fn permitted(
    policies: &[Value],
    action: &str,
    resource: &str,
    rule: &Rule,
) -> Result<(), Unreachable> {
    let context = Context::default()
        .with("aws:SourceArn", Some(&rule.arn))
        .with("aws:SourceAccount", Some(ACCOUNT))
        .with("aws:SecureTransport", Some("true"))
        .with("aws:PrincipalIsAWSService", Some("true"));
    let request = Request {
        action,
        resource,
        asker: Asker::Service(SERVICE),
        context: &context,
    };
    match decide_all(policies, &request) {
        Decision::Allowed => Ok(()),
        Decision::NotAllowed | Decision::Denied => Err(Unreachable {
            code: "NO_PERMISSIONS",
            message: format!(
                "the policy of `{resource}` does not let {SERVICE} do {action} for rule `{}`",
                rule.name
            ),
        }),
    }
}

async fn dead_letter(
    state: &Arc<State>,
    rule: &Rule,
    target: &Target,
    payload: &Value,
    why: &Unreachable,
) {
    let Some(queue) = &target.dead_letter_queue else {
        return;
    };
    let attributes = json!({
        "ERROR_CODE": why.code,
        "ERROR_MESSAGE": why.message,
        "RULE_ARN": rule.arn,
        "TARGET_ARN": target.arn,
    });
    if let Err(unreachable) = to_queue(state, rule, queue, &payload.to_string(), &attributes).await
    {
        tracing::warn!(
            rule.name = rule.name,
            queue.arn = queue,
            "an event is lost: {}",
            unreachable.message
        );
    }
}
