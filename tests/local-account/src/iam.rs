//! IAM: moto keeps users, groups, roles and policies; what it answers otherwise than AWS is mended here.

pub(crate) mod access_advisor;
pub(crate) mod authorization_details;
pub(crate) mod boundaries;
pub(crate) mod conflicts;
pub(crate) mod details;
pub(crate) mod entities;
pub(crate) mod identifiers;
pub(crate) mod page;
pub(crate) mod text;

use std::sync::Arc;

use serde_json::{Value, json};

use self::details::Details;
use self::page::Page;
use self::text::{document, list, text, texts_of};
use crate::moto::IAM;
use crate::state::State;
use crate::wire::answer::{Answer, Refusal};
use crate::wire::call::ApiCall;

/// Lists that moto answers whole, whatever `MaxItems` says.
const WHOLE_LISTS: [(&str, &str); 9] = [
    ("GetGroup", "Users"),
    ("ListGroupPolicies", "PolicyNames"),
    ("ListGroups", "Groups"),
    ("ListGroupsForUser", "Groups"),
    ("ListPolicyVersions", "Versions"),
    ("ListRolePolicies", "PolicyNames"),
    ("ListUserPolicies", "PolicyNames"),
    ("ListUserTags", "Tags"),
    ("ListUsers", "Users"),
];

/// Everything of the account's own, as it is now.
pub(crate) async fn details(state: &State) -> Result<Details, Refusal> {
    Details::read(&state.moto, &state.authority.user_boundaries).await
}

/// Answers an IAM call.
pub(crate) async fn answer(state: &Arc<State>, call: &ApiCall) -> Answer {
    let boundaries = &state.authority.user_boundaries;
    match call.operation.as_str() {
        "PutUserPermissionsBoundary" => Answer::own(call, boundaries.put(&state.moto, call).await),
        "DeleteUserPermissionsBoundary" => {
            Answer::own(call, boundaries.delete(&state.moto, call).await)
        }
        "GetAccountAuthorizationDetails" | "ListEntitiesForPolicy" => {
            Answer::own(call, from_details(state, call).await)
        }
        "GenerateServiceLastAccessedDetails" => {
            Answer::own(call, access_advisor::generate(state, call).await)
        }
        "GetServiceLastAccessedDetails" => Answer::own(call, access_advisor::get(state, call)),
        _ => match check(state, call).await {
            Err(refusal) => Answer::own(call, Err(refusal)),
            Ok(Effect::None) => Answer::own(call, Ok(json!({}))),
            Ok(Effect::Some) => mended(state, call).await,
        },
    }
}

async fn from_details(state: &State, call: &ApiCall) -> Result<Value, Refusal> {
    let details = details(state).await?;
    if call.operation == "ListEntitiesForPolicy" {
        entities::list(&state.moto, &details, call).await
    } else {
        authorization_details::answer(&state.moto, &details, call).await
    }
}

/// Whether a call changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    Some,
    None,
}

/// Refuses what AWS refuses, and finds calls without an effect: moto counts a second attachment, and loses its default
/// version when it is set once more.
async fn check(state: &State, call: &ApiCall) -> Result<Effect, Refusal> {
    if conflicts::may_conflict(call) {
        conflicts::check(&details(state).await?, call)?;
    }
    let policy = call.text("PolicyArn").unwrap_or_default();
    let is_done = match call.operation.as_str() {
        "AttachRolePolicy" => is_attached(state, "Role", call).await?,
        "AttachUserPolicy" => is_attached(state, "User", call).await?,
        "SetDefaultPolicyVersion" => {
            let answer = state
                .moto
                .query(IAM, "GetPolicy", &[("PolicyArn", policy)])
                .await?;
            answer
                .get("Policy")
                .map(|policy| text(policy, "DefaultVersionId"))
                == call.text("VersionId")
        }
        "CreateUser" => {
            if let Some(boundary) = call.text("PermissionsBoundary") {
                boundaries::check_policy(&state.moto, boundary).await?;
            }
            false
        }
        _ => false,
    };
    Ok(if is_done { Effect::None } else { Effect::Some })
}

async fn is_attached(state: &State, kind: &str, call: &ApiCall) -> Result<bool, Refusal> {
    let member = format!("{kind}Name");
    let named = [(member.as_str(), call.text(&member).unwrap_or_default())];
    let action = format!("ListAttached{kind}Policies");
    let attached = state.moto.query(IAM, &action, &named).await?;
    let attached = texts_of(&list(&attached, "AttachedPolicies"), "PolicyArn");
    Ok(attached
        .iter()
        .any(|arn| Some(arn.as_str()) == call.text("PolicyArn")))
}

/// What moto says, as AWS would say it.
async fn mended(state: &State, call: &ApiCall) -> Answer {
    let page = match Page::read(call) {
        Ok(page) => page,
        Err(refusal) => return Answer::own(call, Err(refusal)),
    };
    let mut answer = state.moto.forward(call).await;
    answer.body = identifiers::in_body(&String::from_utf8_lossy(&answer.body)).into_bytes();
    let Ok(said) = &answer.outcome else {
        return answer;
    };
    let mut mended = said.clone();
    identifiers::in_value(&mut mended);
    let with_ids = mended.clone();
    encode_documents(&mut mended);
    leave_documents_out(call, &mut mended);
    state.authority.user_boundaries.note(call, &mut mended);
    if let ("GetPolicy", Ok(details)) = (call.operation.as_str(), details(state).await) {
        count_uses(&details, call, &mut mended);
    }
    if let Some((_, member)) = WHOLE_LISTS
        .iter()
        .find(|(operation, _)| *operation == call.operation)
    {
        let (items, more) = page.of(list(&mended, member));
        if let Value::Object(members) = &mut mended {
            members.insert((*member).to_owned(), Value::Array(items));
            members.extend(more);
        }
    }
    if mended == with_ids {
        answer.outcome = Ok(mended);
        return answer;
    }
    Answer::own(call, Ok(mended))
}

fn encode_documents(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let is_document = matches!(
                    name.as_str(),
                    "AssumeRolePolicyDocument" | "PolicyDocument" | "Document"
                );
                match member.as_str() {
                    Some(written) if is_document => *member = Value::from(document(written)),
                    _ => encode_documents(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(encode_documents),
        _ => {}
    }
}

/// `CreatePolicyVersion` and `ListPolicyVersions` answer without the documents (IAM API reference,
/// `PolicyVersion`).
fn leave_documents_out(call: &ApiCall, output: &mut Value) {
    let versions = match call.operation.as_str() {
        "CreatePolicyVersion" => output.get_mut("PolicyVersion").into_iter().collect(),
        "ListPolicyVersions" => match output.get_mut("Versions").and_then(Value::as_array_mut) {
            Some(versions) => versions.iter_mut().collect(),
            None => Vec::new(),
        },
        _ => Vec::new(),
    };
    for version in versions.into_iter().filter_map(Value::as_object_mut) {
        version.remove("Document");
    }
}

fn count_uses(details: &Details, call: &ApiCall, output: &mut Value) {
    let usage = details.usage(call.text("PolicyArn").unwrap_or_default());
    if let Some(Value::Object(policy)) = output.get_mut("Policy") {
        policy.insert("AttachmentCount".into(), json!(usage.attachments));
        policy.insert(
            "PermissionsBoundaryUsageCount".into(),
            json!(usage.boundaries),
        );
    }
}
