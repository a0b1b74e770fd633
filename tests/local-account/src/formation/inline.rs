//! Inline policies of roles: moto keeps those of a template as Python text, which is no policy.

use serde_json::Value;

use crate::moto::{IAM, Moto};
use crate::wire::answer::Refusal;

/// Puts the policies of an `AWS::IAM::Role` again, as JSON.
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
    Ok(())
}
