//! `AWS::Config::ConfigRule`, which moto leaves out of a stack.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use super::scope::Scope;
use crate::access::policy::texts;
use crate::config::rules;
use crate::functions::name::short;
use crate::locked::Locked;
use crate::state::State;
use crate::wire::answer::Refusal;

/// Rules by their names in the template: properties, with the rule's own name.
type Declared = BTreeMap<String, Value>;

/// The rules of each stack, by Region and the stack's name.
#[derive(Debug, Default)]
pub(crate) struct StackRules(Locked<BTreeMap<(String, String), Declared>>);

impl StackRules {
    fn of(&self, region: &str, stack: &str) -> Declared {
        let key = (region.to_owned(), stack.to_owned());
        self.0.lock().get(&key).cloned().unwrap_or_default()
    }

    /// The rules' own names by those in the template.
    pub(crate) fn names(&self, region: &str, stack: &str) -> Vec<(String, String)> {
        let rules = self.of(region, stack);
        let names = rules.iter();
        names
            .map(|(logical_id, rule)| (logical_id.clone(), rule_name(rule).to_owned()))
            .collect()
    }

    fn keep(&self, region: &str, stack: &str, rules: Declared) {
        let key = (region.to_owned(), stack.to_owned());
        self.0.lock().insert(key, rules);
    }
}

/// Puts new and changed rules, and deletes those that the template has no longer.
pub(crate) async fn apply(
    state: &Arc<State>,
    scope: &Scope,
    region: &str,
    stack: &str,
) -> Result<(), Refusal> {
    let before = state.stacks.config_rules.of(region, stack);
    let mut kept = before.clone();
    let mut outcome = Ok(());
    for (logical_id, resource) in rules_of(scope) {
        let present = before.get(logical_id);
        let properties = named(scope, stack, logical_id, resource, present);
        if present == Some(&properties) {
            continue;
        }
        let rule = Rule {
            resource,
            properties: &properties,
            present,
        };
        match rule.put(state, scope, region).await {
            Ok(()) => {
                kept.insert(logical_id.clone(), properties);
            }
            Err(refusal) => {
                outcome = Err(Refusal {
                    message: format!("{logical_id}: {}", refusal.message),
                    ..refusal
                });
            }
        }
    }
    for (logical_id, gone) in &before {
        if !rules_of(scope).any(|(declared, _)| declared == logical_id) {
            delete(state, region, rule_name(gone));
            kept.remove(logical_id);
        }
    }
    state.stacks.config_rules.keep(region, stack, kept);
    outcome
}

/// Deletes the rules of a stack that is gone.
pub(crate) fn forget(state: &State, region: &str, stack: &str) {
    for rule in state.stacks.config_rules.of(region, stack).values() {
        delete(state, region, rule_name(rule));
    }
    state
        .stacks
        .config_rules
        .keep(region, stack, Declared::new());
}

fn rules_of(scope: &Scope) -> impl Iterator<Item = (&String, &Value)> {
    scope
        .resources()
        .filter(|(_, resource)| text(resource, "Type") == "AWS::Config::ConfigRule")
}

/// The resolved properties; a rule without a name gets one, as in AWS, and keeps it.
fn named(
    scope: &Scope,
    stack: &str,
    logical_id: &str,
    resource: &Value,
    present: Option<&Value>,
) -> Value {
    let mut properties = scope.resolve(resource.get("Properties").unwrap_or(&Value::Null));
    if let Value::Object(members) = &mut properties {
        let random = Uuid::new_v4().simple().to_string().to_uppercase();
        let made = || {
            format!(
                "{stack}-{logical_id}-{}",
                random.get(..12).unwrap_or(&random)
            )
        };
        let name = present.map_or_else(made, |present| rule_name(present).to_owned());
        members
            .entry("ConfigRuleName")
            .or_insert_with(|| json!(name));
        // The template has an object where the API has text.
        if let Some(parameters) = members.get_mut("InputParameters")
            && parameters.is_object()
        {
            *parameters = json!(parameters.to_string());
        }
    }
    properties
}

/// One rule of a template.
struct Rule<'a> {
    resource: &'a Value,
    properties: &'a Value,
    /// What it was before.
    present: Option<&'a Value>,
}

impl Rule<'_> {
    async fn put(&self, state: &Arc<State>, scope: &Scope, region: &str) -> Result<(), Refusal> {
        self.check_order(scope)?;
        let name = rule_name(self.properties);
        let before = self.present.map(rule_name);
        let is_foreign = state.config.rules.find(region, name).is_some() && before != Some(name);
        if is_foreign {
            let message = format!("the Config rule `{name}` already exists");
            return Err(Refusal::new("AlreadyExistsException", message));
        }
        rules::put(state, region, self.properties).await?;
        if let Some(before) = before.filter(|before| *before != name) {
            delete(state, region, before);
        }
        Ok(())
    }

    /// `CloudFormation` makes resources at the same time unless one depends on the other, and Config refuses a rule
    /// whose permission is not there yet: a template that leaves the order open works by chance only.
    fn check_order(&self, scope: &Scope) -> Result<(), Refusal> {
        let function = self
            .properties
            .pointer("/Source/SourceIdentifier")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let after = self
            .resource
            .get("DependsOn")
            .map(texts)
            .unwrap_or_default();
        for (logical_id, resource) in scope.resources() {
            let properties = scope.resolve(resource.get("Properties").unwrap_or(&Value::Null));
            let is_needed = text(resource, "Type") == "AWS::Lambda::Permission"
                && text(&properties, "Principal") == "config.amazonaws.com"
                && short(text(&properties, "FunctionName")) == short(function);
            if is_needed && !after.contains(logical_id) {
                let message = format!("the rule does not depend on its permission `{logical_id}`");
                return Err(Refusal::new("InsufficientPermissionsException", message));
            }
        }
        Ok(())
    }
}

/// Somebody may have deleted it by hand.
fn delete(state: &State, region: &str, name: &str) {
    let deleted = rules::delete(state, region, name);
    tracing::debug!(rule.name = name, "a stack gives up its rule: {deleted:?}");
}

fn rule_name(properties: &Value) -> &str {
    text(properties, "ConfigRuleName")
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value
        .get(member)
        .and_then(Value::as_str)
        .unwrap_or_default()
}
