//! `ListEntitiesForPolicy` (IAM API reference): moto sees no boundaries and only the first hundred roles.

use serde_json::{Map, Value, json};

use super::authorization_details::is_of_aws;
use super::boundaries::check_policy;
use super::details::{Details, has_attached, is_bounded_by};
use super::page::Page;
use super::text::text;
use crate::moto::Moto;
use crate::wire::answer::Refusal;
use crate::wire::call::ApiCall;

pub(crate) async fn list(moto: &Moto, details: &Details, call: &ApiCall) -> Result<Value, Refusal> {
    let page = Page::read(call)?;
    let policy = call.text("PolicyArn").unwrap_or_default();
    check_policy(moto, policy).await?;
    let filter = call.text("EntityFilter");
    let prefix = call.text("PathPrefix").unwrap_or("/");
    let kinds = [
        ("PolicyGroups", "Group", &details.groups),
        ("PolicyUsers", "User", &details.users),
        ("PolicyRoles", "Role", &details.roles),
    ];
    let mut entities = Vec::new();
    for (member, kind, bearers) in kinds {
        if !passes(filter, kind, policy) {
            continue;
        }
        let (name, id) = (format!("{kind}Name"), format!("{kind}Id"));
        for bearer in bearers {
            if text(bearer, "Path").starts_with(prefix) && uses(bearer, policy, call) {
                let entity = json!({&name: text(bearer, &name), &id: text(bearer, &id)});
                entities.push((member, entity));
            }
        }
    }
    let (entities, more) = page.of(entities);
    let mut answer: Map<String, Value> = kinds
        .iter()
        .map(|(member, ..)| ((*member).to_owned(), json!([])))
        .collect();
    for (member, entity) in entities {
        if let Some(Value::Array(entities)) = answer.get_mut(member) {
            entities.push(entity);
        }
    }
    answer.extend(more);
    Ok(Value::Object(answer))
}

/// The filter names a kind of entity, or a kind of policy.
fn passes(filter: Option<&str>, kind: &str, policy: &str) -> bool {
    match filter {
        None => true,
        Some("AWSManagedPolicy") => is_of_aws(policy),
        Some("LocalManagedPolicy") => !is_of_aws(policy),
        Some(wanted) => wanted == kind,
    }
}

fn uses(bearer: &Value, policy: &str, call: &ApiCall) -> bool {
    match call.text("PolicyUsageFilter") {
        Some("PermissionsPolicy") => has_attached(bearer, policy),
        Some("PermissionsBoundary") => is_bounded_by(bearer, policy),
        _ => has_attached(bearer, policy) || is_bounded_by(bearer, policy),
    }
}
