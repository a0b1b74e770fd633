//! `AWS::SSM::Document`: moto makes documents of its own, with content as Python text; the account's are kept here.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::intrinsic::Lookup;
use super::scope::Scope;
use crate::locked::Locked;
use crate::moto::Service;
use crate::state::State;
use crate::wire::answer::Refusal;

/// Documents by their names in the template.
type Declared = BTreeMap<String, Kept>;

/// A document's own name, and what the template said of it.
#[derive(Debug, Clone)]
struct Kept {
    name: String,
    properties: Value,
}

/// The documents of each stack, by Region and the stack's name.
#[derive(Debug, Default)]
pub(crate) struct StackDocuments(Locked<BTreeMap<(String, String), Declared>>);

impl StackDocuments {
    fn of(&self, region: &str, stack: &str) -> Declared {
        let key = (region.to_owned(), stack.to_owned());
        self.0.lock().get(&key).cloned().unwrap_or_default()
    }

    /// The documents' own names by those in the template.
    pub(crate) fn names(&self, region: &str, stack: &str) -> Vec<(String, String)> {
        let documents = self.of(region, stack).into_iter();
        documents
            .map(|(logical_id, kept)| (logical_id, kept.name))
            .collect()
    }

    fn keep(&self, region: &str, stack: &str, documents: Declared) {
        let key = (region.to_owned(), stack.to_owned());
        self.0.lock().insert(key, documents);
    }
}

/// Creates and changes documents, and deletes those that the template has no longer.
pub(crate) fn apply(
    state: &State,
    scope: &mut Scope,
    region: &str,
    stack: &str,
) -> Result<(), Refusal> {
    let mut kept = state.stacks.documents.of(region, stack);
    let mut outcome = Ok(());
    let declared: Vec<(String, Value)> = scope
        .resources()
        .filter(|(_, resource)| text(resource, "Type") == Some("AWS::SSM::Document"))
        .map(|(logical_id, resource)| {
            let properties = resource.get("Properties").unwrap_or(&Value::Null);
            (logical_id.clone(), scope.resolve(properties))
        })
        .collect();
    for (logical_id, properties) in &declared {
        // moto's name is the one that its other resources and the outputs know.
        let made = scope.reference(logical_id).unwrap_or_default();
        let made = made.as_str().unwrap_or(logical_id);
        match put(state, region, made, properties, kept.get(logical_id)) {
            Ok(name) => {
                scope.learn(logical_id, &name);
                let properties = properties.clone();
                kept.insert(logical_id.clone(), Kept { name, properties });
            }
            Err(refusal) => {
                outcome = Err(Refusal {
                    message: format!("{logical_id}: {}", refusal.message),
                    ..refusal
                });
            }
        }
    }
    kept.retain(|logical_id, gone| {
        let is_declared = declared.iter().any(|(declared, _)| declared == logical_id);
        if !is_declared {
            delete(state, region, &gone.name);
        }
        is_declared
    });
    state.stacks.documents.keep(region, stack, kept);
    outcome
}

/// Deletes the documents of a stack that is gone.
pub(crate) fn forget(state: &State, region: &str, stack: &str) {
    for document in state.stacks.documents.of(region, stack).values() {
        delete(state, region, &document.name);
    }
    state.stacks.documents.keep(region, stack, Declared::new());
}

/// Answers the document's name; `made` is that of one that the template does not name. `UpdateMethod` decides whether a
/// change makes a new version, which becomes the default one, or another document (CloudFormation template reference,
/// `AWS::SSM::Document`).
fn put(
    state: &State,
    region: &str,
    made: &str,
    properties: &Value,
    present: Option<&Kept>,
) -> Result<String, Refusal> {
    let named = text(properties, "Name");
    match present {
        Some(present) if present.properties == *properties => return Ok(present.name.clone()),
        Some(present) if named.is_none_or(|name| name == present.name) => {
            if text(properties, "UpdateMethod") == Some("NewVersion") {
                change(state, region, &present.name, properties)?;
                return Ok(present.name.clone());
            }
            if let Some(name) = named {
                let message = format!(
                    "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename {name} and update the stack again."
                );
                return Err(Refusal::new("ValidationError", message));
            }
        }
        _ => {}
    }
    let name = named.unwrap_or(made).to_owned();
    let mut input = input(&name, properties);
    for member in ["DocumentType", "TargetType", "Tags"] {
        if let (Some(value), Value::Object(input)) = (properties.get(member), &mut input) {
            input.insert(member.to_owned(), value.clone());
        }
    }
    call(state, region, "CreateDocument", &input)?;
    if let Some(present) = present {
        delete(state, region, &present.name);
    }
    Ok(name)
}

fn change(state: &State, region: &str, name: &str, properties: &Value) -> Result<(), Refusal> {
    let mut input = input(name, properties);
    if let Value::Object(input) = &mut input {
        input.insert("DocumentVersion".to_owned(), json!("$LATEST"));
    }
    let updated = match call(state, region, "UpdateDocument", &input) {
        // Something but the content has changed.
        Err(refusal) if refusal.code == "DuplicateDocumentContent" => return Ok(()),
        updated => updated?,
    };
    let version = updated.pointer("/DocumentDescription/DocumentVersion");
    let input = json!({"Name": name, "DocumentVersion": version});
    call(state, region, "UpdateDocumentDefaultVersion", &input).map(|_| ())
}

/// The template has an object where the API has text; JSON is YAML too.
fn input(name: &str, properties: &Value) -> Value {
    let content = match properties.get("Content") {
        Some(Value::String(text)) => text.clone(),
        Some(content) => content.to_string(),
        None => String::new(),
    };
    let mut input = json!({"Name": name, "Content": content});
    for member in ["DocumentFormat", "VersionName"] {
        if let (Some(value), Value::Object(input)) = (properties.get(member), &mut input) {
            input.insert(member.to_owned(), value.clone());
        }
    }
    input
}

/// Somebody may have deleted it by hand.
fn delete(state: &State, region: &str, name: &str) {
    let deleted = call(state, region, "DeleteDocument", &json!({"Name": name}));
    tracing::debug!(
        document.name = name,
        "a stack gives up its document: {deleted:?}"
    );
}

fn call(state: &State, region: &str, operation: &str, input: &Value) -> Result<Value, Refusal> {
    let call = Service::ssm(region).own_call(operation, input);
    let answer = state.documents.answer(&call);
    answer.unwrap_or_else(|| Err(Refusal::internal(format!("nobody answers {operation}"))))
}

fn text<'a>(value: &'a Value, member: &str) -> Option<&'a str> {
    value.get(member).and_then(Value::as_str)
}
