//! Policies of roles: moto keeps inline ones of a template as Python text, which is no policy, and attaches none.

use serde_json::Value;

use crate::access::policy::texts;
use crate::iam::text::{list, texts_of};
use crate::moto::{IAM, Moto};
use crate::wire::answer::Refusal;

/// Puts the policies of an `AWS::IAM::Role` again, as JSON, and attaches the managed ones.
pub(crate) async fn put(moto: &Moto, role: &Value, properties: &Value) -> Result<(), Refusal> {
    let role = role.as_str().unwrap_or_default();
    for policy in properties
        .get("Policies")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let name = policy
            .get("PolicyName")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let document = policy
            .get("PolicyDocument")
            .map(ToString::to_string)
            .unwrap_or_default();
        let input = [
            ("RoleName", role),
            ("PolicyName", name),
            ("PolicyDocument", document.as_str()),
        ];
        moto.query(IAM, "PutRolePolicy", &input).await?;
    }
    let present = moto
        .query(IAM, "ListAttachedRolePolicies", &[("RoleName", role)])
        .await?;
    let present = texts_of(&list(&present, "AttachedPolicies"), "PolicyArn");
    let mut managed = properties
        .get("ManagedPolicyArns")
        .map(texts)
        .unwrap_or_default();
    // moto counts a second attachment.
    managed.retain(|policy| !present.contains(policy));
    for policy in managed {
        let input = [("RoleName", role), ("PolicyArn", policy.as_str())];
        moto.query(IAM, "AttachRolePolicy", &input).await?;
    }
    Ok(())
}

/// Detaches the managed policies of an `AWS::IAM::Role`; those that somebody else has detached are no trouble.
pub(crate) async fn detach(moto: &Moto, role: &Value, properties: &Value) {
    let role = role.as_str().unwrap_or_default();
    let managed = properties.get("ManagedPolicyArns").map(texts);
    for policy in managed.unwrap_or_default() {
        let input = [("RoleName", role), ("PolicyArn", policy.as_str())];
        let detached = moto.query(IAM, "DetachRolePolicy", &input).await;
        tracing::debug!(role.name = role, "detached `{policy}`: {detached:?}");
    }
}
