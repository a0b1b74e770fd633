//! Who holds which access key, as CloudTrail would write it.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::ACCOUNT;
use crate::iam::identifiers::of_user;
use crate::locked::Locked;
use crate::moto::{IAM, Moto};
use crate::trail::time::to_second;
use crate::wire::answer::Refusal;

/// What a client signs with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// Begins `AKIA` for users and `ASIA` for sessions.
    pub access_key_id: String,
    /// Any text: the local account does not verify signatures.
    pub secret_access_key: String,
    /// Present for sessions only.
    pub session_token: Option<String>,
}

impl Credentials {
    /// The environment variables that the AWS CLI and the SDKs read.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let mut variables = vec![
            ("AWS_ACCESS_KEY_ID", self.access_key_id.clone()),
            ("AWS_SECRET_ACCESS_KEY", self.secret_access_key.clone()),
        ];
        variables.extend(
            self.session_token
                .clone()
                .map(|token| ("AWS_SESSION_TOKEN", token)),
        );
        variables
    }
}

/// An IAM user, or a session of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Principal {
    User {
        name: String,
        arn: String,
        id: String,
        access_key: String,
    },
    Session(Session),
}

/// A session of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) role: Role,
    pub(crate) name: String,
    pub(crate) access_key: String,
    pub(crate) created: Timestamp,
    /// The function that Lambda gave these credentials to.
    pub(crate) function: Option<String>,
}

/// A role as IAM knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) id: String,
    pub(crate) trust: Value,
}

impl Principal {
    /// The ARN that records and refusals name.
    pub(crate) fn arn(&self) -> String {
        match self {
            Self::User { arn, .. } => arn.clone(),
            Self::Session(session) => session.arn(),
        }
    }

    /// The ARN that policies hang on: the user's, or the role's.
    pub(crate) fn bearer_arn(&self) -> &str {
        match self {
            Self::User { arn, .. } => arn,
            Self::Session(session) => &session.role.arn,
        }
    }

    /// `aws:userid`: the user's id, or the role's id and the session's name.
    pub(crate) fn unique_id(&self) -> String {
        match self {
            Self::User { id, .. } => id.clone(),
            Self::Session(session) => format!("{}:{}", session.role.id, session.name),
        }
    }

    /// The name by which `LookupEvents` finds the caller's events.
    pub(crate) fn user_name(&self) -> &str {
        match self {
            Self::User { name, .. } => name,
            Self::Session(session) => &session.name,
        }
    }

    /// `userIdentity` (CloudTrail user guide, "CloudTrail userIdentity element").
    pub(crate) fn user_identity(&self) -> Value {
        match self {
            Self::User {
                name,
                arn,
                id,
                access_key,
            } => json!({
                "type": "IAMUser",
                "principalId": id,
                "arn": arn,
                "accountId": ACCOUNT,
                "accessKeyId": access_key,
                "userName": name,
            }),
            Self::Session(session) => session.user_identity(),
        }
    }
}

impl Session {
    pub(crate) fn arn(&self) -> String {
        format!(
            "arn:aws:sts::{ACCOUNT}:assumed-role/{}/{}",
            self.role.name, self.name
        )
    }

    fn user_identity(&self) -> Value {
        let mut identity = json!({
            "type": "AssumedRole",
            "principalId": format!("{}:{}", self.role.id, self.name),
            "arn": self.arn(),
            "accountId": ACCOUNT,
            "accessKeyId": self.access_key,
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": self.role.id,
                    "arn": self.role.arn,
                    "accountId": ACCOUNT,
                    "userName": self.role.name,
                },
                "webIdFederationData": {},
                "attributes": { "creationDate": to_second(self.created), "mfaAuthenticated": "false" },
            },
        });
        if let (Some(function), Value::Object(identity)) = (&self.function, &mut identity) {
            identity.insert(
                "inScopeOf".into(),
                json!({
                    "sourceArn": function,
                    "sourceAccount": ACCOUNT,
                    "issuerType": "AWS::Lambda::Function",
                    "credentialsIssuedTo": function,
                }),
            );
        }
        identity
    }
}

/// Every access key that was given out.
#[derive(Debug, Default)]
pub(crate) struct Principals {
    by_key: Locked<HashMap<String, Principal>>,
}

impl Principals {
    /// Whose key it is; an unknown one is looked for among the IAM users of moto.
    pub(crate) async fn find(&self, moto: &Moto, access_key: &str) -> Result<Principal, Refusal> {
        if let Some(principal) = self.by_key.lock().get(access_key) {
            return Ok(principal.clone());
        }
        let principal = user_of_key(moto, access_key).await.ok_or_else(|| {
            Refusal::new(
                "UnrecognizedClientException",
                "The security token included in the request is invalid.",
            )
        })?;
        self.by_key
            .lock()
            .insert(access_key.to_owned(), principal.clone());
        Ok(principal)
    }

    /// Forgets users' keys after IAM changed; sessions live on, as in AWS.
    pub(crate) fn forget_users(&self) {
        self.by_key
            .lock()
            .retain(|_, principal| matches!(principal, Principal::Session(_)));
    }

    /// Opens a session of a role.
    pub(crate) fn open_session(
        &self,
        role: Role,
        name: &str,
        function: Option<String>,
    ) -> (Session, Credentials) {
        let random = Uuid::new_v4().simple().to_string().to_uppercase();
        let access_key = format!("ASIA{}", random.get(..16).unwrap_or(&random));
        let session = Session {
            role,
            name: name.to_owned(),
            access_key: access_key.clone(),
            created: Timestamp::now(),
            function,
        };
        self.by_key
            .lock()
            .insert(access_key.clone(), Principal::Session(session.clone()));
        let credentials = Credentials {
            access_key_id: access_key,
            secret_access_key: format!("{}{}", Uuid::new_v4().simple(), "local"),
            session_token: Some(format!(
                "{}{}",
                Uuid::new_v4().simple(),
                Uuid::new_v4().simple()
            )),
        };
        (session, credentials)
    }
}

async fn user_of_key(moto: &Moto, access_key: &str) -> Option<Principal> {
    let last_use = moto
        .query(IAM, "GetAccessKeyLastUsed", &[("AccessKeyId", access_key)])
        .await
        .ok()?;
    let name = last_use.get("UserName")?.as_str()?;
    let answer = moto
        .query(IAM, "GetUser", &[("UserName", name)])
        .await
        .ok()?;
    let user = answer.get("User")?;
    Some(Principal::User {
        name: name.to_owned(),
        arn: user.get("Arn")?.as_str()?.to_owned(),
        id: of_user(user.get("UserId")?.as_str()?),
        access_key: access_key.to_owned(),
    })
}

/// Reads a role by its name.
pub(crate) async fn role(moto: &Moto, name: &str) -> Result<Role, Refusal> {
    let answer = moto.query(IAM, "GetRole", &[("RoleName", name)]).await?;
    let text = |member: &str| {
        let value = answer
            .get("Role")
            .and_then(|role| role.get(member))
            .and_then(Value::as_str);
        value
            .map(str::to_owned)
            .ok_or_else(|| Refusal::internal(format!("role `{name}` has no {member}")))
    };
    let trust = crate::wire::rest::decode(&text("AssumeRolePolicyDocument")?);
    Ok(Role {
        name: name.to_owned(),
        arn: text("Arn")?,
        id: text("RoleId")?,
        trust: serde_json::from_str(&trust).unwrap_or(Value::Null),
    })
}

/// The last segment of a role's ARN: its name, whatever its path.
pub(crate) fn role_name(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role_with_path() -> Role {
        Role {
            name: "guard".into(),
            arn: format!("arn:aws:iam::{ACCOUNT}:role/ops/guard"),
            id: "AROAEXAMPLE".into(),
            trust: Value::Null,
        }
    }

    #[test]
    fn a_sessions_issuer_keeps_the_path_that_its_arn_loses() {
        let (session, _) = Principals::default().open_session(role_with_path(), "guard", None);
        let identity = session.user_identity();
        assert_eq!(
            identity["arn"],
            "arn:aws:sts::123456789012:assumed-role/guard/guard"
        );
        assert_eq!(
            identity["sessionContext"]["sessionIssuer"]["arn"],
            "arn:aws:iam::123456789012:role/ops/guard"
        );
        assert!(identity.get("inScopeOf").is_none());
    }

    #[test]
    fn a_functions_credentials_are_marked_as_issued_to_it() {
        let function = "arn:aws:lambda:eu-central-1:123456789012:function:guard".to_owned();
        let (session, _) =
            Principals::default().open_session(role_with_path(), "guard", Some(function.clone()));
        assert_eq!(
            session.user_identity()["inScopeOf"]["credentialsIssuedTo"],
            function
        );
    }
}
