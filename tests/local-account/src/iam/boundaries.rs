//! Permissions boundaries of users, which moto does not know.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::identifiers::of_user;
use super::text::text;
use crate::locked::Locked;
use crate::moto::{IAM, Moto};
use crate::wire::answer::Refusal;
use crate::wire::call::ApiCall;

/// The boundary policy's ARN by the user's id, which a rename keeps.
#[derive(Debug, Default)]
pub(crate) struct UserBoundaries(Locked<HashMap<String, String>>);

impl UserBoundaries {
    pub(crate) fn of(&self, user_id: &str) -> Option<String> {
        self.0.lock().get(user_id).cloned()
    }

    /// `PutUserPermissionsBoundary`.
    pub(crate) async fn put(&self, moto: &Moto, call: &ApiCall) -> Result<Value, Refusal> {
        let user = id_of(moto, text(&call.parameters, "UserName")).await?;
        let policy = text(&call.parameters, "PermissionsBoundary");
        check_policy(moto, policy).await?;
        self.0.lock().insert(user, policy.to_owned());
        Ok(json!({}))
    }

    /// `DeleteUserPermissionsBoundary`.
    pub(crate) async fn delete(&self, moto: &Moto, call: &ApiCall) -> Result<Value, Refusal> {
        let user = id_of(moto, text(&call.parameters, "UserName")).await?;
        self.0.lock().remove(&user);
        Ok(json!({}))
    }

    /// Keeps what `CreateUser` asks for, and puts the boundary into the answer of a call that describes one user.
    pub(crate) fn note(&self, call: &ApiCall, output: &mut Value) {
        let Some(user) = output.get_mut("User") else {
            return;
        };
        let id = of_user(text(user, "UserId"));
        if let ("CreateUser", Some(policy)) =
            (call.operation.as_str(), call.text("PermissionsBoundary"))
        {
            self.0.lock().insert(id.clone(), policy.to_owned());
        }
        if let (Some(arn), Value::Object(user)) = (self.of(&id), user) {
            user.insert("PermissionsBoundary".into(), attached(&arn));
        }
    }
}

/// `AttachedPermissionsBoundary`.
pub(crate) fn attached(arn: &str) -> Value {
    json!({"PermissionsBoundaryType": "PermissionsBoundaryPolicy", "PermissionsBoundaryArn": arn})
}

/// A boundary must be a policy that exists.
pub(crate) async fn check_policy(moto: &Moto, arn: &str) -> Result<(), Refusal> {
    let found = moto.query(IAM, "GetPolicy", &[("PolicyArn", arn)]).await;
    found.map(|_| ()).map_err(|_| {
        let message = format!("Policy {arn} does not exist or is not attachable.");
        Refusal::new("NoSuchEntity", message).with_status(404)
    })
}

async fn id_of(moto: &Moto, name: &str) -> Result<String, Refusal> {
    let answer = moto.query(IAM, "GetUser", &[("UserName", name)]).await?;
    let user = answer.get("User").unwrap_or(&Value::Null);
    Ok(of_user(text(user, "UserId")))
}
