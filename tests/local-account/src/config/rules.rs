//! The rules of the account: `PutConfigRule`, `DescribeConfigRules`, `DeleteConfigRule`.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use super::page::{self, MEMBERS};
use super::refusals::{self, invalid_value, no_such_rule, validation};
use super::rule::Rule;
use super::{calling, permission};
use crate::ACCOUNT;
use crate::access::policy::texts;
use crate::locked::Locked;
use crate::state::State;
use crate::wire::answer::Refusal;
use crate::wire::call::ApiCall;

/// Names in a call, and rules a page (AWS Config API reference, `DescribeConfigRules`).
const NAMES: usize = 25;

/// Rules by Region and name.
#[derive(Debug, Default)]
pub(crate) struct ConfigRules(Locked<BTreeMap<(String, String), Arc<Rule>>>);

impl ConfigRules {
    pub(crate) fn find(&self, region: &str, name: &str) -> Option<Arc<Rule>> {
        let key = (region.to_owned(), name.to_owned());
        self.0.lock().get(&key).cloned()
    }

    pub(crate) fn of(&self, region: &str) -> Vec<Arc<Rule>> {
        let all = self.0.lock();
        let own = all.iter().filter(|((of, _), _)| of == region);
        own.map(|(_, rule)| Arc::clone(rule)).collect()
    }

    pub(crate) fn by_id(&self, region: &str, id: &str) -> Option<Arc<Rule>> {
        self.of(region).into_iter().find(|rule| rule.id == id)
    }

    /// The named rules, or all.
    pub(crate) fn named(&self, call: &ApiCall) -> Result<Vec<Arc<Rule>>, Refusal> {
        let names = call
            .parameters
            .get("ConfigRuleNames")
            .map(texts)
            .unwrap_or_default();
        if names.len() > NAMES {
            let constraint = "Member must have length less than or equal to 25";
            return Err(validation(
                format!("'[{}]'", names.join(", ")),
                "configRuleNames",
                constraint,
            ));
        }
        if names.is_empty() {
            return Ok(self.of(&call.region));
        }
        names
            .iter()
            .map(|name| {
                self.find(&call.region, name)
                    .ok_or_else(|| no_such_rule(name))
            })
            .collect()
    }

    /// `DescribeConfigRules`.
    pub(crate) fn describe(&self, call: &ApiCall) -> Result<Value, Refusal> {
        let rules = self.named(call)?;
        let described = rules
            .iter()
            .map(|rule| rule.description().clone())
            .collect();
        page::sized(call, MEMBERS, "ConfigRules", described, NAMES)
    }

    fn insert(&self, region: &str, rule: &Arc<Rule>) {
        let key = (region.to_owned(), rule.name.clone());
        self.0.lock().insert(key, Arc::clone(rule));
    }

    fn remove(&self, region: &str, name: &str) -> Option<Arc<Rule>> {
        let key = (region.to_owned(), name.to_owned());
        self.0.lock().remove(&key)
    }
}

/// `PutConfigRule`: a new or changed rule judges what is there already.
pub(crate) async fn put(
    state: &Arc<State>,
    region: &str,
    input: &Value,
) -> Result<Arc<Rule>, Refusal> {
    if state.config.recorders.of(region).is_none() {
        return Err(refusals::no_recorder());
    }
    let present = present(state, region, input)?;
    let name = match (
        &present,
        input.get("ConfigRuleName").and_then(Value::as_str),
    ) {
        (Some(present), _) => present.name.clone(),
        (None, Some(name)) => name.to_owned(),
        (None, None) => {
            return Err(invalid_value(
                "One or more identifiers needs to be provided. Provide Name or Id or Arn",
            ));
        }
    };
    if !(1..=128).contains(&name.chars().count()) || name.trim().is_empty() {
        let constraint = "Member must have length between 1 and 128";
        return Err(validation(
            format!("'{name}'"),
            "configRule.configRuleName",
            constraint,
        ));
    }
    let id = present.map_or_else(new_id, |present| present.id.clone());
    let rule = Arc::new(Rule::read(&name, &id, &arn(region, &id), input)?);
    if !permission::may_invoke(state, &rule).await {
        return Err(refusals::not_invocable(&rule.function_arn));
    }
    state.config.rules.insert(region, &rule);
    calling::evaluate_all(state, region, &rule);
    Ok(rule)
}

/// The rule that a call changes: named, or told by its id or ARN.
fn present(state: &State, region: &str, input: &Value) -> Result<Option<Arc<Rule>>, Refusal> {
    let text = |member: &str| input.get(member).and_then(Value::as_str);
    let (id, arn) = (text("ConfigRuleId"), text("ConfigRuleArn"));
    let found = state.config.rules.of(region).into_iter().find(|rule| {
        text("ConfigRuleName").is_none_or(|name| rule.name == name)
            && id.is_none_or(|id| rule.id == id)
            && arn.is_none_or(|arn| rule.arn == arn)
    });
    let is_told = id.is_some() || arn.is_some() || text("ConfigRuleName").is_some();
    match found.filter(|_| is_told) {
        None if id.is_some() || arn.is_some() => Err(invalid_value(
            "ConfigRule Arn and Id can not be specified when creating a new ConfigRule. ConfigRule Arn and Id are generated by the service. Please try the request again without specifying ConfigRule Arn or Id",
        )),
        found => Ok(found),
    }
}

/// `DeleteConfigRule`: the rule and its results are gone at once, where AWS takes its time; not while a remediation is
/// configured for it.
pub(crate) fn delete(state: &State, region: &str, name: &str) -> Result<(), Refusal> {
    if state.config.remediations.find(region, name).is_some() {
        return Err(refusals::remediated(name));
    }
    let rule = state.config.rules.remove(region, name);
    let rule = rule.ok_or_else(|| no_such_rule(name))?;
    state.config.results.forget(region, &rule.id);
    Ok(())
}

/// The ARNs that a call on rules is authorised on (Service Authorization Reference, "AWS Config"): a rule's ARN holds
/// its id, so a rule that is not there yet is any rule.
pub(crate) fn resources(state: &State, call: &ApiCall) -> Vec<String> {
    let is_about_rules = call.operation.contains("ConfigRule")
        || matches!(call.operation.as_str(), "DeleteEvaluationResults");
    if !is_about_rules {
        return vec!["*".to_owned()];
    }
    let put = call
        .parameters
        .get("ConfigRule")
        .and_then(|rule| rule.get("ConfigRuleName"));
    let names = put
        .or_else(|| call.parameters.get("ConfigRuleName"))
        .or_else(|| call.parameters.get("ConfigRuleNames"))
        .map(texts)
        .unwrap_or_default();
    if names.is_empty() {
        return vec![arn(&call.region, "*")];
    }
    names
        .iter()
        .map(|name| match state.config.rules.find(&call.region, name) {
            Some(rule) => rule.arn.clone(),
            None => arn(&call.region, "*"),
        })
        .collect()
}

fn arn(region: &str, id: &str) -> String {
    format!("arn:aws:config:{region}:{ACCOUNT}:config-rule/{id}")
}

fn new_id() -> String {
    let random = Uuid::new_v4().simple().to_string();
    format!("config-rule-{}", random.get(..6).unwrap_or(&random))
}

/// The input of a call, as a stack's template has it too.
pub(crate) fn input(call: &ApiCall) -> Value {
    call.parameters
        .get("ConfigRule")
        .cloned()
        .unwrap_or_else(|| json!({}))
}
