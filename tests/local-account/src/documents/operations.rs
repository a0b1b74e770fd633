//! The document calls of Systems Manager.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Limits;
use super::content::Format;
use super::document::Document;
use super::{refusals, sharing};
use crate::ACCOUNT;
use crate::access::policy::texts;
use crate::wire::answer::Refusal;
use crate::wire::call::ApiCall;

/// Versions a page, at most and by default (Systems Manager API reference, `ListDocumentVersions`).
const PAGE: usize = 50;
/// Documents of an account and Region, at most.
const DOCUMENTS: usize = 500;

type All = BTreeMap<(String, String), Document>;
type Operation = fn(&mut All, &ApiCall, Limits) -> Result<Value, Refusal>;

/// The operation a call names; `None` when it is not about documents.
pub(crate) fn named(call: &ApiCall) -> Option<Operation> {
    let is_tagged_document = call.text("ResourceType") == Some("Document");
    Some(match call.operation.as_str() {
        "CreateDocument" => create,
        "UpdateDocument" => update,
        "UpdateDocumentDefaultVersion" => move_default,
        "DeleteDocument" => delete,
        "GetDocument" => content,
        "DescribeDocument" => describe,
        "ListDocuments" => list,
        "ListDocumentVersions" => versions,
        "ModifyDocumentPermission" => modify_permission,
        "DescribeDocumentPermission" => describe_permission,
        "AddTagsToResource" if is_tagged_document => add_tags,
        "RemoveTagsFromResource" if is_tagged_document => remove_tags,
        "ListTagsForResource" if is_tagged_document => list_tags,
        _ => return None,
    })
}

/// Reading calls take an ARN too.
fn key(call: &ApiCall, member: &str) -> (String, String) {
    let name = call.text(member).unwrap_or_default();
    let name = name.rsplit_once("document/").map_or(name, |(_, name)| name);
    (call.region.clone(), name.to_owned())
}

fn find<'a>(all: &'a mut All, call: &ApiCall) -> Result<&'a mut Document, Refusal> {
    let key = key(call, "Name");
    let absent = refusals::absent(&key.1);
    all.get_mut(&key).ok_or(absent)
}

fn create(all: &mut All, call: &ApiCall, limits: Limits) -> Result<Value, Refusal> {
    let key = key(call, "Name");
    if all.contains_key(&key) {
        return Err(Refusal::new(
            "DocumentAlreadyExists",
            "The specified document already exists.",
        ));
    }
    if all
        .keys()
        .filter(|(region, _)| *region == call.region)
        .count()
        >= DOCUMENTS
    {
        return Err(Refusal::new(
            "DocumentLimitExceeded",
            "You can have at most 500 active SSM documents.",
        ));
    }
    let document = Document::create(call, limits)?;
    let description = written(&document, 1)?;
    all.insert(key, document);
    Ok(json!({ "DocumentDescription": description }))
}

fn update(all: &mut All, call: &ApiCall, limits: Limits) -> Result<Value, Refusal> {
    let document = find(all, call)?;
    let number = document.update(call, limits)?.number;
    Ok(json!({ "DocumentDescription": written(document, number)? }))
}

fn written(document: &Document, number: u64) -> Result<Value, Refusal> {
    let version = document.version(number)?;
    let mut description = document.description(version);
    if let Some(status) = description.get_mut("Status") {
        *status = Value::from(version.first_status());
    }
    Ok(description)
}

/// Takes a number only: `$LATEST` is refused by the model's pattern.
fn move_default(all: &mut All, call: &ApiCall, _: Limits) -> Result<Value, Refusal> {
    let document = find(all, call)?;
    let wanted = call.text("DocumentVersion").unwrap_or_default();
    let Ok(number) = wanted.parse::<u64>() else {
        return Err(refusals::validation(format!(
            "Value '{wanted}' at 'documentVersion' failed to satisfy constraint"
        )));
    };
    document.version(number)?;
    document.default = number;
    Ok(json!({"Description": {"Name": document.name, "DefaultVersion": number.to_string()}}))
}

fn delete(all: &mut All, call: &ApiCall, _: Limits) -> Result<Value, Refusal> {
    let document = find(all, call)?;
    if call.text("DocumentVersion").is_none() && call.text("VersionName").is_none() {
        if !document.shared_with.is_empty() {
            return Err(refusals::operation(
                "You attempted to delete a document while it is still shared. You must stop sharing the document before you can delete it.",
            ));
        }
        all.remove(&key(call, "Name"));
        return Ok(json!({}));
    }
    let number = document.number(call)?;
    if number == document.default {
        return Err(refusals::operation(
            "Default version of the document can't be deleted.",
        ));
    }
    document.versions.remove(&number);
    Ok(json!({}))
}

fn content(all: &mut All, call: &ApiCall, _: Limits) -> Result<Value, Refusal> {
    let document = find(all, call)?;
    let version = document.version(document.number(call)?)?;
    let format = match call.text("DocumentFormat") {
        None => version.content.format,
        wanted => Format::read(wanted)?,
    };
    let mut answer = json!({
        "Name": document.name,
        "CreatedDate": crate::trail::time::epoch(version.created),
        "DocumentVersion": version.number.to_string(),
        "Status": version.status(),
        "Content": version.content.written(format),
        "DocumentType": document.kind,
        "DocumentFormat": format.name(),
    });
    if let (Some(name), Value::Object(answer)) = (&version.name, &mut answer) {
        answer.insert("VersionName".into(), Value::from(name.as_str()));
    }
    Ok(answer)
}

fn describe(all: &mut All, call: &ApiCall, _: Limits) -> Result<Value, Refusal> {
    let document = find(all, call)?;
    let number = document.number(call)?;
    let description = document.description(document.version(number)?);
    if let Some(version) = document.versions.get_mut(&number) {
        version.polls_left = version.polls_left.saturating_sub(1);
    }
    Ok(json!({ "Document": description }))
}

fn versions(all: &mut All, call: &ApiCall, _: Limits) -> Result<Value, Refusal> {
    let document = find(all, call)?;
    let listed: Vec<Value> = document
        .versions
        .values()
        .rev()
        .map(|version| version.listed(&document.name, document.default))
        .collect();
    page(call, "DocumentVersions", listed)
}

fn list(all: &mut All, call: &ApiCall, _: Limits) -> Result<Value, Refusal> {
    let filters: Vec<(String, Vec<String>)> = call
        .parameters
        .get("Filters")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|filter| {
            Some((
                filter.get("Key")?.as_str()?.to_owned(),
                texts(filter.get("Values")?),
            ))
        })
        .collect();
    let mut listed = Vec::new();
    for ((region, _), document) in all.iter() {
        if *region == call.region
            && filters
                .iter()
                .all(|(key, values)| passes(document, key, values))
        {
            let mut description = document.description(document.version(document.default)?);
            if let Value::Object(members) = &mut description {
                for member in [
                    "Hash",
                    "HashType",
                    "Status",
                    "LatestVersion",
                    "DefaultVersion",
                    "Description",
                ] {
                    members.remove(member);
                }
            }
            listed.push(description);
        }
    }
    page(call, "DocumentIdentifiers", listed)
}

fn passes(document: &Document, key: &str, values: &[String]) -> bool {
    let has = |text: &str| values.iter().any(|value| value == text);
    match key {
        "Name" => values
            .iter()
            .any(|value| document.name.starts_with(value.as_str())),
        "DocumentType" => has(&document.kind),
        "Owner" => {
            has("Self")
                || has("All")
                || has(ACCOUNT)
                || (has("Public") && document.shared_with.contains_key("all"))
        }
        tag => tag
            .strip_prefix("tag:")
            .is_some_and(|tag| document.tags.get(tag).is_some_and(|value| has(value))),
    }
}

/// The page that `MaxResults` and `NextToken` ask for.
pub(crate) fn page(call: &ApiCall, member: &str, items: Vec<Value>) -> Result<Value, Refusal> {
    let size = call
        .parameters
        .get("MaxResults")
        .and_then(Value::as_u64)
        .and_then(|size| usize::try_from(size).ok());
    let size = size.unwrap_or(PAGE).clamp(1, PAGE);
    let offset = match call.text("NextToken") {
        None | Some("") => 0,
        Some(token) => token
            .parse()
            .map_err(|_| Refusal::new("InvalidNextToken", "The specified token isn't valid."))?,
    };
    let total = items.len();
    let page: Vec<Value> = items.into_iter().skip(offset).take(size).collect();
    let next = offset + page.len();
    let mut answer = Map::from_iter([(member.to_owned(), Value::Array(page))]);
    if next < total {
        answer.insert("NextToken".into(), Value::from(next.to_string()));
    }
    Ok(Value::Object(answer))
}

fn modify_permission(all: &mut All, call: &ApiCall, _: Limits) -> Result<Value, Refusal> {
    sharing::modify(find(all, call)?, call)
}

fn describe_permission(all: &mut All, call: &ApiCall, _: Limits) -> Result<Value, Refusal> {
    sharing::describe(find(all, call)?, call)
}

fn tagged<'a>(all: &'a mut All, call: &ApiCall) -> Result<&'a mut Document, Refusal> {
    let key = key(call, "ResourceId");
    all.get_mut(&key)
        .ok_or_else(|| Refusal::new("InvalidResourceId", "The resource ID isn't valid."))
}

fn add_tags(all: &mut All, call: &ApiCall, _: Limits) -> Result<Value, Refusal> {
    let document = tagged(all, call)?;
    for tag in call
        .parameters
        .get("Tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let text = |member: &str| {
            tag.get(member)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        document.tags.insert(text("Key"), text("Value"));
    }
    Ok(json!({}))
}

fn remove_tags(all: &mut All, call: &ApiCall, _: Limits) -> Result<Value, Refusal> {
    let document = tagged(all, call)?;
    for tag in call
        .parameters
        .get("TagKeys")
        .map(texts)
        .unwrap_or_default()
    {
        document.tags.remove(&tag);
    }
    Ok(json!({}))
}

fn list_tags(all: &mut All, call: &ApiCall, _: Limits) -> Result<Value, Refusal> {
    let document = tagged(all, call)?;
    let tags: Vec<Value> = document
        .tags
        .iter()
        .map(|(key, value)| json!({"Key": key, "Value": value}))
        .collect();
    Ok(json!({ "TagList": tags }))
}
