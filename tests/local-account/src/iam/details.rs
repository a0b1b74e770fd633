//! Everything that IAM holds of the account's own, in the shapes of `GetAccountAuthorizationDetails`. moto answers it
//! in one call, but leaves out names, ids and tags of policies, boundaries of users, and what uses a boundary.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::boundaries::{UserBoundaries, attached};
use super::identifiers;
use super::text::{date, document, list, text};
use crate::moto::{IAM, Moto};
use crate::wire::answer::Refusal;

/// The details of one moment.
#[derive(Debug, Default)]
pub(crate) struct Details {
    pub(crate) users: Vec<Value>,
    pub(crate) groups: Vec<Value>,
    pub(crate) roles: Vec<Value>,
    /// Customer managed policies.
    pub(crate) policies: Vec<Value>,
    /// Tags of the policies by ARN, which the details do not show.
    pub(crate) policy_tags: HashMap<String, Vec<Value>>,
}

impl Details {
    pub(crate) async fn read(moto: &Moto, boundaries: &UserBoundaries) -> Result<Self, Refusal> {
        let filter = [
            ("Filter.member.1", "User"),
            ("Filter.member.2", "Group"),
            ("Filter.member.3", "Role"),
            ("Filter.member.4", "LocalManagedPolicy"),
        ];
        let answer = moto
            .query(IAM, "GetAccountAuthorizationDetails", &filter)
            .await?;
        let each = |member: &str| list(&answer, member);
        let mut details = Self {
            users: each("UserDetailList")
                .iter()
                .map(|raw| user(raw, boundaries))
                .collect(),
            groups: each("GroupDetailList").iter().map(group).collect(),
            roles: each("RoleDetailList").iter().map(role).collect(),
            ..Self::default()
        };
        for raw in each("Policies") {
            let arn = text(&raw, "Arn");
            let answer = moto.query(IAM, "GetPolicy", &[("PolicyArn", arn)]).await?;
            let described = answer.get("Policy").unwrap_or(&Value::Null);
            details
                .policy_tags
                .insert(arn.to_owned(), list(described, "Tags"));
            let usage = details.usage(arn);
            details.policies.push(policy(described, &raw, usage));
        }
        Ok(details)
    }

    /// Users, groups and roles, in this order.
    pub(crate) fn bearers(&self) -> impl Iterator<Item = &Value> {
        self.users.iter().chain(&self.groups).chain(&self.roles)
    }

    pub(crate) fn usage(&self, policy: &str) -> Usage {
        let count = |used: fn(&Value, &str) -> bool| {
            self.bearers().filter(|bearer| used(bearer, policy)).count()
        };
        Usage {
            attachments: count(has_attached),
            boundaries: count(is_bounded_by),
        }
    }
}

/// How many users, groups and roles use a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) attachments: usize,
    pub(crate) boundaries: usize,
}

/// Whether the policy is attached to the user, group or role.
pub(crate) fn has_attached(bearer: &Value, policy: &str) -> bool {
    list(bearer, "AttachedManagedPolicies")
        .iter()
        .any(|attached| text(attached, "PolicyArn") == policy)
}

/// Whether the policy is the user's or role's boundary.
pub(crate) fn is_bounded_by(bearer: &Value, policy: &str) -> bool {
    bearer
        .get("PermissionsBoundary")
        .is_some_and(|boundary| text(boundary, "PermissionsBoundaryArn") == policy)
}

/// The detail of a managed policy from what moto says of it in two calls.
pub(crate) fn policy(described: &Value, versioned: &Value, usage: Usage) -> Value {
    let default = text(described, "DefaultVersionId");
    let versions: Vec<Value> = list(versioned, "PolicyVersionList")
        .iter()
        .map(|version| {
            json!({
                "Document": document(text(version, "Document")),
                "VersionId": text(version, "VersionId"),
                "IsDefaultVersion": text(version, "VersionId") == default,
                "CreateDate": date(version, "CreateDate"),
            })
        })
        .collect();
    // "This field contains the date and time when the most recent policy version was created" (IAM API reference,
    // `ManagedPolicyDetail`); moto keeps the first one for ever.
    let updated = versions
        .iter()
        .map(|version| text(version, "CreateDate"))
        .max()
        .unwrap_or_default()
        .to_owned();
    let mut detail = copied(
        described,
        &["PolicyName", "PolicyId", "Arn", "Path", "DefaultVersionId"],
    );
    identifiers::in_value(&mut detail);
    let more = json!({
        "AttachmentCount": usage.attachments,
        "PermissionsBoundaryUsageCount": usage.boundaries,
        "IsAttachable": true,
        "Description": described.get("Description").filter(|description| *description != ""),
        "CreateDate": date(described, "CreateDate"),
        "UpdateDate": updated,
        "PolicyVersionList": versions,
    });
    joined(detail, more)
}

fn user(raw: &Value, boundaries: &UserBoundaries) -> Value {
    let mut detail = bearer(raw, "User");
    let boundary = boundaries.of(text(&detail, "UserId"));
    let more = json!({
        "GroupList": list(raw, "GroupList"),
        "PermissionsBoundary": boundary.as_deref().map(attached),
        "Tags": list(raw, "Tags"),
    });
    detail = joined(detail, more);
    detail
}

fn group(raw: &Value) -> Value {
    bearer(raw, "Group")
}

fn role(raw: &Value) -> Value {
    let profiles: Vec<Value> = list(raw, "InstanceProfileList")
        .iter()
        .map(instance_profile)
        .collect();
    let trust = document(text(raw, "AssumeRolePolicyDocument"));
    let more = json!({
        "AssumeRolePolicyDocument": trust,
        "InstanceProfileList": profiles,
        "PermissionsBoundary": raw.get("PermissionsBoundary"),
        "Tags": list(raw, "Tags"),
    });
    joined(bearer(raw, "Role"), more)
}

/// What users, groups and roles have in common.
fn bearer(raw: &Value, kind: &str) -> Value {
    let (name, id) = (format!("{kind}Name"), format!("{kind}Id"));
    let mut detail = copied(raw, &["Path", &name, &id, "Arn"]);
    identifiers::in_value(&mut detail);
    let inline: Vec<Value> = list(raw, &format!("{kind}PolicyList"))
        .iter()
        .map(|policy| {
            json!({
                "PolicyName": text(policy, "PolicyName"),
                "PolicyDocument": document(text(policy, "PolicyDocument")),
            })
        })
        .collect();
    let more = json!({
        "CreateDate": date(raw, "CreateDate"),
        format!("{kind}PolicyList"): inline,
        "AttachedManagedPolicies": list(raw, "AttachedManagedPolicies"),
    });
    joined(detail, more)
}

fn instance_profile(raw: &Value) -> Value {
    let roles: Vec<Value> = list(raw, "Roles")
        .iter()
        .map(|role| {
            let more = json!({
                "CreateDate": date(role, "CreateDate"),
                "AssumeRolePolicyDocument": document(text(role, "AssumeRolePolicyDocument")),
            });
            joined(copied(role, &["Path", "RoleName", "RoleId", "Arn"]), more)
        })
        .collect();
    let mut profile = copied(
        raw,
        &["Path", "InstanceProfileName", "InstanceProfileId", "Arn"],
    );
    identifiers::in_value(&mut profile);
    joined(
        profile,
        json!({"CreateDate": date(raw, "CreateDate"), "Roles": roles}),
    )
}

fn copied(raw: &Value, members: &[&str]) -> Value {
    let members = members
        .iter()
        .map(|member| ((*member).to_owned(), Value::from(text(raw, member))));
    Value::Object(members.collect())
}

/// All members of both; those without a value are left out, as XML has no null.
fn joined(first: Value, second: Value) -> Value {
    let mut members = Map::new();
    for value in [first, second] {
        if let Value::Object(more) = value {
            members.extend(more.into_iter().filter(|(_, member)| !member.is_null()));
        }
    }
    Value::Object(members)
}
