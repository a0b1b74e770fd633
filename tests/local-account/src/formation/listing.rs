//! What a stack consists of and tells: moto lists what it skips as nothing.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::scope::Scope;
use crate::state::State;
use crate::trail::time::to_second;
use crate::wire::answer::Answer;
use crate::wire::call::ApiCall;

/// Operations with the list of their answer.
const LISTS: [(&str, &str); 2] = [
    ("DescribeStackResources", "StackResources"),
    ("ListStackResources", "StackResourceSummaries"),
];

/// Puts what moto skips into an answer that tells a stack's resources or outputs.
pub(crate) async fn mend(state: &State, call: &ApiCall, stack: &str, answer: Answer) -> Answer {
    let listed = LISTS
        .iter()
        .find(|(operation, _)| *operation == call.operation);
    let is_told = listed.is_some() || call.operation == "DescribeStacks";
    let (true, Ok(said)) = (is_told, &answer.outcome) else {
        return answer;
    };
    let Ok(mut scope) = Scope::read(&state.moto, &call.region, stack).await else {
        return answer;
    };
    let names = names(state, &call.region, stack);
    for (logical_id, name) in &names {
        scope.learn(logical_id, name);
    }
    let mut said = said.clone();
    if let Some((_, member)) = listed {
        if let Some(Value::Array(entries)) = said.get_mut(*member) {
            add_resources(entries, &scope, &names, call, stack);
        }
    } else if let Some(Value::Object(described)) = said.pointer_mut("/Stacks/0") {
        let told = described.get("Outputs").cloned().unwrap_or_default();
        described.insert("Outputs".to_owned(), json!(outputs(&scope, &told)));
    }
    Answer::own(call, Ok(said))
}

fn add_resources(
    entries: &mut Vec<Value>,
    scope: &Scope,
    names: &BTreeMap<String, String>,
    call: &ApiCall,
    stack: &str,
) {
    entries.retain(|entry| !text(entry, "LogicalResourceId").is_empty());
    for entry in entries.iter_mut() {
        let name = names.get(text(entry, "LogicalResourceId"));
        if let (Some(name), Value::Object(entry)) = (name, entry) {
            entry.insert("PhysicalResourceId".to_owned(), json!(name));
        }
    }
    let wanted = call.text("LogicalResourceId");
    let is_listed = |entries: &[Value], logical_id: &str| {
        let mut listed = entries.iter().map(|it| text(it, "LogicalResourceId"));
        listed.any(|listed| listed == logical_id)
    };
    for (logical_id, resource) in scope.resources() {
        let is_wanted = wanted.is_none_or(|wanted| wanted == logical_id);
        if is_wanted && !is_listed(entries, logical_id) {
            // Without a name of its own, a resource is called after its place.
            let made = format!("{stack}-{logical_id}");
            let name = names.get(logical_id).unwrap_or(&made);
            entries.push(entry(entries.first(), logical_id, resource, name));
        }
    }
}

/// moto tells no outputs of a stack that a change set has created, and none that name what it skips.
fn outputs(scope: &Scope, told: &Value) -> Vec<Value> {
    let told = told.as_array().cloned().unwrap_or_default();
    let each = scope.outputs().map(|(key, output)| {
        let is_it =
            |told: &&Value| text(told, "OutputKey") == key && !text(told, "OutputValue").is_empty();
        if let Some(told) = told.iter().find(is_it) {
            return told.clone();
        }
        let resolved = scope.resolve(output);
        let mut shown = json!({"OutputKey": key, "OutputValue": resolved.get("Value")});
        let more = [
            ("Description", resolved.get("Description")),
            ("ExportName", resolved.pointer("/Export/Name")),
        ];
        if let Value::Object(shown) = &mut shown {
            let more = more
                .into_iter()
                .filter_map(|(name, value)| Some((name, value?)));
            shown.extend(more.map(|(name, value)| (name.to_owned(), value.clone())));
        }
        shown
    });
    each.collect()
}

/// Another entry with the stack and the times of the first.
fn entry(first: Option<&Value>, logical_id: &str, resource: &Value, name: &str) -> Value {
    let now = to_second(Timestamp::now());
    let alone = || json!({"LastUpdatedTimestamp": now, "Timestamp": now});
    let mut entry = first.cloned().unwrap_or_else(alone);
    if let Value::Object(entry) = &mut entry {
        let own = [
            ("LogicalResourceId", logical_id),
            ("PhysicalResourceId", name),
            ("ResourceType", text(resource, "Type")),
            ("ResourceStatus", "CREATE_COMPLETE"),
        ];
        entry.extend(
            own.into_iter()
                .map(|(member, value)| (member.to_owned(), json!(value))),
        );
    }
    entry
}

/// What the account itself calls the resources of a stack.
fn names(state: &State, region: &str, stack: &str) -> BTreeMap<String, String> {
    let stacks = &state.stacks;
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    names.extend(stacks.config_rules.names(region, stack));
    names.extend(stacks.documents.names(region, stack));
    names
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value
        .get(member)
        .and_then(Value::as_str)
        .unwrap_or_default()
}
