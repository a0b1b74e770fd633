//! What IAM does not delete while something hangs on it, where moto is kinder (IAM API reference, `DeleteConflict`).

use serde_json::Value;

use super::details::Details;
use super::text::{list, text};
use crate::wire::answer::Refusal;
use crate::wire::call::ApiCall;

/// Whether a call is checked here.
pub(crate) fn may_conflict(call: &ApiCall) -> bool {
    matches!(
        call.operation.as_str(),
        "DeletePolicy" | "DeleteGroup" | "DeleteUser"
    )
}

/// Refuses a deletion that AWS refuses.
pub(crate) fn check(details: &Details, call: &ApiCall) -> Result<(), Refusal> {
    let reason = match call.operation.as_str() {
        "DeletePolicy" => of_policy(details, text(&call.parameters, "PolicyArn")),
        "DeleteGroup" => of_group(details, text(&call.parameters, "GroupName")),
        _ => of_user(details, text(&call.parameters, "UserName")),
    };
    reason.map_or(Ok(()), |reason| {
        Err(Refusal::new("DeleteConflict", reason).with_status(409))
    })
}

fn of_policy(details: &Details, arn: &str) -> Option<&'static str> {
    let policy = details
        .policies
        .iter()
        .find(|policy| text(policy, "Arn") == arn)?;
    let usage = details.usage(arn);
    if usage.attachments + usage.boundaries > 0 {
        Some("Cannot delete a policy attached to entities.")
    } else if list(policy, "PolicyVersionList").len() > 1 {
        Some(
            "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
        )
    } else {
        None
    }
}

fn of_group(details: &Details, name: &str) -> Option<&'static str> {
    let group = details
        .groups
        .iter()
        .find(|group| text(group, "GroupName") == name)?;
    let has_members = details
        .users
        .iter()
        .any(|user| list(user, "GroupList").contains(&Value::from(name)));
    if has_members {
        Some("Cannot delete entity, must remove users from group first.")
    } else if !list(group, "AttachedManagedPolicies").is_empty() {
        Some("Cannot delete entity, must detach all policies first.")
    } else if !list(group, "GroupPolicyList").is_empty() {
        Some("Cannot delete entity, must delete policies first.")
    } else {
        None
    }
}

fn of_user(details: &Details, name: &str) -> Option<&'static str> {
    let user = details
        .users
        .iter()
        .find(|user| text(user, "UserName") == name)?;
    (!list(user, "GroupList").is_empty())
        .then_some("Cannot delete entity, must remove users from group first.")
}
