//! CloudFormation: moto creates what it can; what it skips without a word is applied or kept here.

pub(crate) mod change_set;
pub(crate) mod config_rules;
pub(crate) mod documents;
pub(crate) mod inline;
pub(crate) mod intrinsic;
pub(crate) mod listing;
pub(crate) mod remediations;
pub(crate) mod resource_policy;
pub(crate) mod scope;
pub(crate) mod template;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use self::change_set::EmptyChangeSets;
use self::config_rules::StackRules;
use self::documents::StackDocuments;
use self::intrinsic::Lookup;
use self::remediations::StackRemediations;
use self::scope::Scope;
use crate::locked::Locked;
use crate::moto::Service;
use crate::state::State;
use crate::wire::answer::{Answer, Refusal};
use crate::wire::call::ApiCall;

/// An alarm that a stack declares; nothing measures it.
#[derive(Debug, Clone, PartialEq)]
pub struct Alarm {
    /// The stack's Region.
    pub region: String,
    /// The stack's name.
    pub stack: String,
    /// The alarm's name in the template.
    pub logical_id: String,
    /// Its properties, with references resolved.
    pub properties: Value,
}

/// What stacks declare and moto skips.
#[derive(Debug, Default)]
pub(crate) struct Stacks {
    alarms: Locked<BTreeMap<(String, String), Vec<Alarm>>>,
    empty: EmptyChangeSets,
    pub(crate) config_rules: StackRules,
    pub(crate) documents: StackDocuments,
    pub(crate) remediations: StackRemediations,
}

impl Stacks {
    pub(crate) fn alarms(&self) -> Vec<Alarm> {
        self.alarms.lock().values().flatten().cloned().collect()
    }
}

/// Answers a CloudFormation call; a stack that moto has created or changed is looked through afterwards.
pub(crate) async fn answer(state: &Arc<State>, call: &ApiCall) -> Answer {
    if let Some(outcome) = state.stacks.empty.answer(call) {
        return Answer::own(call, outcome);
    }
    let stack = stack_of(state, call).await;
    if let ("DeleteStack", Some(stack)) = (call.operation.as_str(), &stack) {
        release_roles(state, &call.region, stack).await;
    }
    let answer = state.moto.forward(call).await;
    let Some(stack) = stack else { return answer };
    match (call.operation.as_str(), &answer.outcome) {
        ("CreateChangeSet", Err(refusal)) if change_set::is_about_nothing(refusal) => {
            Answer::own(call, Ok(state.stacks.empty.open(call, &stack)))
        }
        ("CreateStack" | "UpdateStack" | "ExecuteChangeSet", Ok(_)) => {
            match apply(state, &call.region, &stack).await {
                Ok(()) => answer,
                Err(refusal) => Answer::own(call, Err(refusal)),
            }
        }
        ("ExecuteChangeSet", Err(_)) => {
            discard_unless_complete(state, &call.region, &stack).await;
            answer
        }
        ("DeleteStack", Ok(_)) => {
            remediations::forget(state, &call.region, &stack);
            config_rules::forget(state, &call.region, &stack);
            documents::forget(state, &call.region, &stack);
            state
                .stacks
                .alarms
                .lock()
                .remove(&(call.region.clone(), stack));
            answer
        }
        _ => listing::mend(state, call, &stack, answer).await,
    }
}

/// moto does not delete a role that has managed policies.
async fn release_roles(state: &State, region: &str, stack: &str) {
    let Ok(scope) = Scope::read(&state.moto, region, stack).await else {
        return;
    };
    for (logical_id, resource) in scope.resources() {
        if resource.get("Type").and_then(Value::as_str) == Some("AWS::IAM::Role") {
            let properties = scope.resolve(resource.get("Properties").unwrap_or(&Value::Null));
            let role = scope.reference(logical_id).unwrap_or_default();
            inline::detach(&state.moto, &role, &properties).await;
        }
    }
}

/// A stack that moto could not create would stay in the way for ever; AWS rolls it back.
async fn discard_unless_complete(state: &State, region: &str, stack: &str) {
    let service = Service::cloudformation(region);
    let named = [("StackName", stack)];
    let described = state
        .moto
        .query(service, "DescribeStacks", &named)
        .await
        .unwrap_or_default();
    let status = described
        .pointer("/Stacks/0/StackStatus")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if !status.ends_with("_COMPLETE") {
        let deleted = state.moto.query(service, "DeleteStack", &named).await;
        tracing::debug!(
            stack.name = stack,
            "discarded a stack in status `{status}`: {deleted:?}"
        );
    }
}

/// The stack's name; a change set may be named by its ARN alone.
async fn stack_of(state: &State, call: &ApiCall) -> Option<String> {
    if let Some(stack) = call.text("StackName") {
        // arn:aws:cloudformation:region:account:stack/name/id
        return Some(stack.split('/').nth(1).unwrap_or(stack).to_owned());
    }
    let change_set = call.text("ChangeSetName")?;
    let service = Service::cloudformation(&call.region);
    let answer = state
        .moto
        .query(
            service,
            "DescribeChangeSet",
            &[("ChangeSetName", change_set)],
        )
        .await
        .ok()?;
    answer.get("StackName")?.as_str().map(str::to_owned)
}

/// A resource that cannot be applied fails the call: a stack that only half stands must not look whole.
async fn apply(state: &Arc<State>, region: &str, stack: &str) -> Result<(), Refusal> {
    let mut scope = Scope::read(&state.moto, region, stack).await?;
    documents::apply(state, &mut scope, region, stack)?;
    let mut alarms = Vec::new();
    for (logical_id, resource) in scope.resources() {
        let properties = scope.resolve(resource.get("Properties").unwrap_or(&Value::Null));
        let applied = match resource.get("Type").and_then(Value::as_str) {
            Some("AWS::CloudWatch::Alarm") => {
                let (region, stack, logical_id) =
                    (region.to_owned(), stack.to_owned(), logical_id.clone());
                alarms.push(Alarm {
                    region,
                    stack,
                    logical_id,
                    properties,
                });
                Ok(())
            }
            Some("AWS::Lambda::EventInvokeConfig") => configure(state, region, &properties),
            Some("AWS::IAM::Role") => {
                let role = scope.reference(logical_id).unwrap_or_default();
                inline::put(&state.moto, &role, &properties).await
            }
            Some("AWS::SQS::QueuePolicy") => {
                resource_policy::of_queues(state, region, &properties).await
            }
            Some("AWS::SNS::TopicPolicy") => {
                resource_policy::of_topics(state, region, &properties).await
            }
            _ => Ok(()),
        };
        applied.map_err(|refusal| Refusal {
            message: format!("{logical_id}: {}", refusal.message),
            ..refusal
        })?;
    }
    state
        .stacks
        .alarms
        .lock()
        .insert((region.to_owned(), stack.to_owned()), alarms);
    remediations::release(state, &scope, region, stack);
    config_rules::apply(state, &scope, region, stack).await?;
    for (logical_id, name) in state.stacks.config_rules.names(region, stack) {
        scope.learn(&logical_id, &name);
    }
    remediations::apply(state, &scope, region, stack)
}

fn configure(state: &State, region: &str, properties: &Value) -> Result<(), Refusal> {
    let name = properties
        .get("FunctionName")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let function = state.functions.find(region, name).ok_or_else(|| {
        Refusal::new(
            "ResourceNotFoundException",
            format!("an EventInvokeConfig names the function `{name}`, which does not exist"),
        )
    })?;
    function.invoke_config.lock().put(properties)
}
