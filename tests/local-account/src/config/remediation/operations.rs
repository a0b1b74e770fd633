//! The calls on remediations (AWS Config API reference).

use std::sync::Arc;

use serde_json::{Value, json};

use super::configuration::Configuration;
use super::{Key, automatic, execution};
use crate::access::authority::caller_context;
use crate::access::need::{Need, automation};
use crate::access::policy::texts;
use crate::automation::start::Starter;
use crate::config::page::{self, MEMBERS, MOST};
use crate::config::refusals::{self, invalid_value, validation};
use crate::principals::Principal;
use crate::state::State;
use crate::wire::answer::Refusal;
use crate::wire::call::ApiCall;

/// Configurations in a call.
const CONFIGURATIONS: usize = 25;
/// Resources in a call.
const KEYS: usize = 100;

/// Answers a call on remediations.
pub(crate) async fn answer(
    state: &Arc<State>,
    caller: &Principal,
    call: &ApiCall,
) -> Result<Value, Refusal> {
    let named = call.text("ConfigRuleName").unwrap_or_default();
    match call.operation.as_str() {
        "PutRemediationConfigurations" => put_all(state, call),
        "DescribeRemediationConfigurations" => Ok(describe(state, call)),
        "DeleteRemediationConfiguration" => delete(state, &call.region, named).map(|()| json!({})),
        "StartRemediationExecution" => start(state, caller, call).await,
        "DescribeRemediationExecutionStatus" => statuses(state, call),
        other => Err(Refusal::new(
            "NotImplementedException",
            format!("The local account does not know {other}."),
        )),
    }
}

fn put_all(state: &Arc<State>, call: &ApiCall) -> Result<Value, Refusal> {
    let inputs = call.parameters.get("RemediationConfigurations");
    let inputs = inputs
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    if inputs.len() > CONFIGURATIONS {
        let constraint = "Member must have length less than or equal to 25";
        return Err(validation(
            inputs.len(),
            "remediationConfigurations",
            constraint,
        ));
    }
    for input in &inputs {
        put(state, &call.region, input)?;
    }
    Ok(json!({"FailedBatches": []}))
}

/// Adds or replaces the configuration of a rule; an automatic one begins with everything that is noncompliant now.
pub(crate) fn put(state: &Arc<State>, region: &str, input: &Value) -> Result<(), Refusal> {
    let configuration = Arc::new(Configuration::read(region, input)?);
    let name = &configuration.rule;
    let Some(rule) = state.config.rules.find(region, name) else {
        return Err(invalid_value(refusals::no_such_rule(name).message));
    };
    let document = &configuration.document;
    // AWS's own documents are no concern of this account until they are run.
    let is_known =
        document.starts_with("AWS") || state.documents.find(region, document, |_| ()).is_some();
    if !is_known {
        let message = format!("The SSM document {document} does not exist.");
        return Err(invalid_value(message));
    }
    state.config.remediations.insert(region, &configuration);
    for result in state.config.results.of(region, &rule.id) {
        if result.is_against() {
            automatic::begin(state, Key::of(region, name, &result));
        }
    }
    Ok(())
}

fn describe(state: &State, call: &ApiCall) -> Value {
    let names = call.parameters.get("ConfigRuleNames").map(texts);
    let found: Vec<Value> = names
        .unwrap_or_default()
        .iter()
        .filter_map(|name| state.config.remediations.find(&call.region, name))
        .map(|configuration| configuration.shown().clone())
        .collect();
    json!({ "RemediationConfigurations": found })
}

/// Not while something is under way for the rule.
pub(crate) fn delete(state: &State, region: &str, rule: &str) -> Result<(), Refusal> {
    let remediations = &state.config.remediations;
    known(state, region, rule)?;
    if remediations.running.is_set_for(region, rule) {
        let message = "Remediation action is in progress. You can either cancel execution in AWS Systems Manager or wait and try again later.";
        return Err(Refusal::new("RemediationInProgressException", message));
    }
    remediations.remove(region, rule);
    Ok(())
}

fn known(state: &State, region: &str, rule: &str) -> Result<Arc<Configuration>, Refusal> {
    let found = state.config.remediations.find(region, rule);
    found.ok_or_else(|| {
        let message = format!("No RemediationConfiguration for rule {rule} exists.");
        Refusal::new("NoSuchRemediationConfigurationException", message)
    })
}

/// The resources that a call names.
fn keys(call: &ApiCall) -> Result<Vec<Key>, Refusal> {
    let keys = call
        .parameters
        .get("ResourceKeys")
        .and_then(Value::as_array);
    let keys = keys.map(Vec::as_slice).unwrap_or_default();
    if keys.len() > KEYS {
        let constraint = "Member must have length less than or equal to 100";
        return Err(validation(keys.len(), "resourceKeys", constraint));
    }
    let rule = call.text("ConfigRuleName").unwrap_or_default();
    let each = keys.iter().enumerate().map(|(place, key)| {
        let text = |member: &str| {
            let text = key.get(member).and_then(Value::as_str);
            text.map(str::to_owned).ok_or_else(|| {
                let at = format!("resourceKeys.{}.member.{member}", place + 1);
                validation("null", &at, "Member must not be null")
            })
        };
        Ok(Key {
            region: call.region.clone(),
            rule: rule.to_owned(),
            resource_type: text("resourceType")?,
            resource_id: text("resourceId")?,
        })
    });
    each.collect()
}

/// The runbook is started as the caller's own request; resources for which it is not come back with a reason.
async fn start(state: &Arc<State>, caller: &Principal, call: &ApiCall) -> Result<Value, Refusal> {
    let rule = call.text("ConfigRuleName").unwrap_or_default();
    let configuration = known(state, &call.region, rule)?;
    let keys = keys(call)?;
    if keys.is_empty() {
        let constraint = "Member must have length greater than or equal to 1";
        return Err(validation("'[]'", "resourceKeys", constraint));
    }
    check(state, caller, &call.region, &configuration.document).await?;
    let (mut failed, mut reasons) = (Vec::new(), Vec::new());
    for key in keys {
        match start_one(state, caller, &configuration, &key).await {
            Ok(()) => {}
            Err(refusal) if refusal.code == "AccessDeniedException" => {
                return Err(insufficient(refusal));
            }
            Err(refusal) => {
                failed.push(
                    json!({"resourceType": key.resource_type, "resourceId": key.resource_id}),
                );
                if !reasons.contains(&refusal.message) {
                    reasons.push(refusal.message);
                }
            }
        }
    }
    if failed.is_empty() {
        return Ok(json!({}));
    }
    Ok(json!({"FailureMessage": reasons.join(" "), "FailedItems": failed}))
}

async fn start_one(
    state: &Arc<State>,
    caller: &Principal,
    configuration: &Configuration,
    key: &Key,
) -> Result<(), Refusal> {
    if !key.is_noncompliant(state) {
        return Err(invalid_value("The resource is already compliant."));
    }
    let Some(running) = state.config.remediations.running.set(key) else {
        return Err(invalid_value(
            "An existing remediation execution for the resource is in progress.",
        ));
    };
    let busy = state.activity.begin();
    let task = execution::start(state, Starter::Caller(caller), configuration, key).await?;
    let resource_id = key.resource_id.clone();
    tokio::spawn(async move {
        let ended = task.await;
        tracing::debug!(resource.id = resource_id, "remediated: {ended:?}");
        drop(running);
        drop(busy);
    });
    Ok(())
}

async fn check(
    state: &State,
    caller: &Principal,
    region: &str,
    document: &str,
) -> Result<(), Refusal> {
    let context = caller_context(caller, region);
    for resource in automation(region, document) {
        let need = Need {
            action: "ssm:StartAutomationExecution".into(),
            resource,
        };
        let checked = state
            .authority
            .check_need(&state.moto, caller, &need, &context);
        checked.await.map_err(insufficient)?;
    }
    Ok(())
}

fn insufficient(refusal: Refusal) -> Refusal {
    Refusal::new("InsufficientPermissionsException", refusal.message)
}

fn statuses(state: &State, call: &ApiCall) -> Result<Value, Refusal> {
    let rule = call.text("ConfigRuleName").unwrap_or_default();
    known(state, &call.region, rule)?;
    let keys = keys(call)?;
    let statuses = state
        .config
        .remediations
        .of_rule(&call.region, rule)
        .into_iter()
        .filter(|(key, _)| keys.is_empty() || keys.contains(key))
        .map(|(key, remediation)| remediation.described(&key))
        .collect();
    let limit = call.parameters.get("Limit").and_then(Value::as_u64);
    let limit = limit.and_then(|limit| usize::try_from(limit).ok());
    let size = limit.filter(|limit| (1..=MOST).contains(limit));
    let (member, size) = ("RemediationExecutionStatuses", size.unwrap_or(MOST));
    page::sized(call, MEMBERS, member, statuses, size)
}
