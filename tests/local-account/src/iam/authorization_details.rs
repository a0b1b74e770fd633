//! `GetAccountAuthorizationDetails` (IAM API reference), a page at a time.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::details::{self, Details, Usage};
use super::page::Page;
use super::text::{list, text};
use crate::access::policy::texts;
use crate::moto::{IAM, Moto};
use crate::wire::answer::Refusal;
use crate::wire::call::ApiCall;

/// What can be asked for, with the list of the answer that it goes into.
const KINDS: [(&str, &str); 5] = [
    ("User", "UserDetailList"),
    ("Group", "GroupDetailList"),
    ("Role", "RoleDetailList"),
    ("LocalManagedPolicy", "Policies"),
    ("AWSManagedPolicy", "Policies"),
];

pub(crate) async fn answer(
    moto: &Moto,
    details: &Details,
    call: &ApiCall,
) -> Result<Value, Refusal> {
    let page = Page::read(call)?;
    let wanted = wanted(call)?;
    let mut entries: Vec<(&str, Value)> = Vec::new();
    for (kind, member) in KINDS.iter().filter(|(kind, _)| wanted(kind)) {
        let found = match *kind {
            "User" => details.users.clone(),
            "Group" => details.groups.clone(),
            "Role" => details.roles.clone(),
            "LocalManagedPolicy" => details.policies.clone(),
            _ => of_aws(moto, details).await?,
        };
        entries.extend(found.into_iter().map(|entry| (*member, entry)));
    }
    let (entries, next) = page.of(entries);
    let mut answer: Map<String, Value> = KINDS
        .iter()
        .map(|(_, member)| ((*member).to_owned(), json!([])))
        .collect();
    for (member, entry) in entries {
        if let Some(Value::Array(entries)) = answer.get_mut(member) {
            entries.push(entry);
        }
    }
    answer.extend(next);
    Ok(Value::Object(answer))
}

fn wanted(call: &ApiCall) -> Result<impl Fn(&str) -> bool + use<>, Refusal> {
    let filter = call.parameters.get("Filter").map(texts).unwrap_or_default();
    let unknown = filter
        .iter()
        .find(|wanted| !KINDS.iter().any(|(kind, _)| kind == wanted));
    if let Some(unknown) = unknown {
        let message = format!(
            "1 validation error detected: Value '[{unknown}]' at 'filter' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [User, Role, Group, LocalManagedPolicy, AWSManagedPolicy]]"
        );
        return Err(Refusal::new("ValidationError", message));
    }
    Ok(move |kind: &str| filter.is_empty() || filter.iter().any(|wanted| wanted == kind))
}

/// Of AWS's own policies only those that somebody uses.
async fn of_aws(moto: &Moto, details: &Details) -> Result<Vec<Value>, Refusal> {
    let mut used = BTreeSet::new();
    for bearer in details.bearers() {
        let attached = list(bearer, "AttachedManagedPolicies");
        used.extend(
            attached
                .iter()
                .map(|policy| text(policy, "PolicyArn").to_owned()),
        );
        used.extend(
            bearer
                .get("PermissionsBoundary")
                .map(|boundary| text(boundary, "PermissionsBoundaryArn").to_owned()),
        );
    }
    let mut policies = Vec::new();
    for arn in used.iter().filter(|arn| is_of_aws(arn)) {
        policies.push(one_of_aws(moto, arn, details.usage(arn)).await?);
    }
    Ok(policies)
}

/// AWS's own policies have `aws` for an account.
pub(crate) fn is_of_aws(arn: &str) -> bool {
    arn.split(':').nth(4) == Some("aws")
}

async fn one_of_aws(moto: &Moto, arn: &str, usage: Usage) -> Result<Value, Refusal> {
    let answer = moto.query(IAM, "GetPolicy", &[("PolicyArn", arn)]).await?;
    let described = answer.get("Policy").unwrap_or(&Value::Null);
    let named = [
        ("PolicyArn", arn),
        ("VersionId", text(described, "DefaultVersionId")),
    ];
    let answer = moto.query(IAM, "GetPolicyVersion", &named).await?;
    let version = answer.get("PolicyVersion").unwrap_or(&Value::Null);
    let versioned = json!({"PolicyVersionList": [version]});
    Ok(details::policy(described, &versioned, usage))
}
