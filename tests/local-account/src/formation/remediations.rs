//! `AWS::Config::RemediationConfiguration`, which moto leaves out of a stack.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::scope::Scope;
use crate::config::remediation::operations;
use crate::locked::Locked;
use crate::state::State;
use crate::wire::answer::Refusal;

/// Properties by their names in the template.
type Declared = BTreeMap<String, Value>;

/// The remediations of each stack, by Region and the stack's name.
#[derive(Debug, Default)]
pub(crate) struct StackRemediations(Locked<BTreeMap<(String, String), Declared>>);

impl StackRemediations {
    fn of(&self, region: &str, stack: &str) -> Declared {
        let key = (region.to_owned(), stack.to_owned());
        self.0.lock().get(&key).cloned().unwrap_or_default()
    }

    fn keep(&self, region: &str, stack: &str, remediations: Declared) {
        let key = (region.to_owned(), stack.to_owned());
        self.0.lock().insert(key, remediations);
    }
}

/// Puts new and changed remediations; those that the template has no longer are deleted with `release`, before their
/// rules.
pub(crate) fn apply(
    state: &Arc<State>,
    scope: &Scope,
    region: &str,
    stack: &str,
) -> Result<(), Refusal> {
    let mut kept = state.stacks.remediations.of(region, stack);
    let mut outcome = Ok(());
    for (logical_id, resource) in declared(scope) {
        let properties = scope.resolve(resource.get("Properties").unwrap_or(&Value::Null));
        if kept.get(logical_id) == Some(&properties) {
            continue;
        }
        match operations::put(state, region, &properties) {
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
    state.stacks.remediations.keep(region, stack, kept);
    outcome
}

/// Deletes the remediations that the template has no longer: a rule that has one stays.
pub(crate) fn release(state: &State, scope: &Scope, region: &str, stack: &str) {
    let mut kept = state.stacks.remediations.of(region, stack);
    kept.retain(|logical_id, gone| {
        let is_declared = declared(scope).any(|(declared, _)| declared == logical_id);
        if !is_declared {
            delete(state, region, gone);
        }
        is_declared
    });
    state.stacks.remediations.keep(region, stack, kept);
}

/// Deletes the remediations of a stack that is gone.
pub(crate) fn forget(state: &State, region: &str, stack: &str) {
    for gone in state.stacks.remediations.of(region, stack).values() {
        delete(state, region, gone);
    }
    state
        .stacks
        .remediations
        .keep(region, stack, Declared::new());
}

fn declared(scope: &Scope) -> impl Iterator<Item = (&String, &Value)> {
    scope.resources().filter(|(_, resource)| {
        let kind = resource.get("Type").and_then(Value::as_str);
        kind == Some("AWS::Config::RemediationConfiguration")
    })
}

/// Somebody may have deleted it by hand.
fn delete(state: &State, region: &str, properties: &Value) {
    let rule = properties.get("ConfigRuleName").and_then(Value::as_str);
    let rule = rule.unwrap_or_default();
    let deleted = operations::delete(state, region, rule);
    tracing::debug!(
        rule.name = rule,
        "a stack gives up its remediation: {deleted:?}"
    );
}
