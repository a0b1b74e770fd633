//! Whether a statement is about a request.

use serde_json::Value;

use super::caller::{Caller, Named};
use super::condition;
use super::matching::{chars, is_like, replaced, wild};
use super::world::Ask;

/// A single value as a list of one.
pub(super) fn list(value: &Value) -> &[Value] {
    match value {
        Value::Array(values) => values,
        single => std::slice::from_ref(single),
    }
}

fn statements(policy: &Value) -> &[Value] {
    list(&policy["Statement"])
}

pub(super) fn has_variables(policy: &Value) -> bool {
    policy
        .get("Version")
        .is_some_and(|version| version == "2012-10-17")
}

/// Whether some statement with this effect is about the request.
pub(super) fn some(policy: &Value, effect: &str, ask: &Ask) -> bool {
    statements(policy)
        .iter()
        .any(|one| one["Effect"] == effect && is_about(one, has_variables(policy), ask))
}

/// The same of a resource's policy, if it names the caller in one of these ways.
pub(super) fn some_of_resource(
    policy: &Value,
    effect: &str,
    ask: &Ask,
    caller: &Caller,
    wanted: &[Named],
) -> bool {
    statements(policy).iter().any(|one| {
        one["Effect"] == effect
            && caller
                .named(one)
                .is_some_and(|named| wanted.contains(&named))
            && is_about(one, has_variables(policy), ask)
    })
}

fn is_about(statement: &Value, variables: bool, ask: &Ask) -> bool {
    let action = |pattern: &Value| {
        is_like(
            &wild(&pattern.as_str().unwrap().to_lowercase()),
            &chars(&ask.action.to_lowercase()),
        )
    };
    let resource = |pattern: &Value| {
        let pattern = pattern.as_str().unwrap();
        let pieces = if variables {
            replaced(pattern, &ask.context, true)
        } else {
            Some(wild(pattern))
        };
        pieces.is_some_and(|pieces| is_like(&pieces, &chars(&ask.resource)))
    };
    let is_action = match (statement.get("Action"), statement.get("NotAction")) {
        (Some(listed), _) => list(listed).iter().any(action),
        (None, Some(listed)) => !list(listed).iter().any(action),
        (None, None) => panic!("{statement}"),
    };
    let is_resource = match (statement.get("Resource"), statement.get("NotResource")) {
        (Some(listed), _) => list(listed).iter().any(resource),
        (None, Some(listed)) => !list(listed).iter().any(resource),
        (None, None) => true,
    };
    let conditions = statement.get("Condition").and_then(Value::as_object);
    is_action
        && is_resource
        && conditions.into_iter().flatten().all(|(operator, keys)| {
            let keys = keys.as_object().unwrap();
            keys.iter().all(|(key, values)| {
                condition::holds(operator, key, list(values), variables, &ask.context)
            })
        })
}
