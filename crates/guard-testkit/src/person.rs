//! People, programs and services that act in the account.

use guard_core::names::{AccountId, Partition, Region, RoleArn, Scope};
use serde_json::{Value, json};

/// The account of the tests.
pub const ACCOUNT: &str = "123456789012";
/// Another account.
pub const OTHER_ACCOUNT: &str = "111122223333";
/// The Region of the tests.
pub const REGION: &str = "eu-central-1";
/// The role of the guard's function.
pub const GUARD_ROLE: &str =
    "arn:aws:iam::123456789012:role/session-guard-preferences-guard-eu-central-1";
/// The guard's function.
pub const GUARD_FUNCTION: &str =
    "arn:aws:lambda:eu-central-1:123456789012:function:preferences-guard";
/// The role that the charter of the tests names as an editor.
pub const EDITOR_ROLE: &str = "arn:aws:iam::123456789012:role/session-editors";
/// The permission set that the charter of the tests names as an editor.
pub const EDITOR_PERMISSION_SET: &str = "SessionAdmins";
/// The role that deploys; the charter of the tests takes it only through CloudFormation.
pub const TOOL_ROLE: &str = "arn:aws:iam::123456789012:role/deploy/stacks";

/// The account and Region of the tests.
///
/// # Panics
/// Never: the names are constants.
#[expect(
    clippy::expect_used,
    reason = "constants of the form wanted; there is no test without them"
)]
pub fn scope() -> Scope {
    Scope {
        partition: Partition::parse("aws").expect("a partition"),
        account: AccountId::parse(ACCOUNT).expect("an account"),
        region: Region::parse(REGION).expect("a Region"),
    }
}

/// Somebody who calls AWS.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    name: String,
    identity: Value,
    source_ip: String,
}

impl Person {
    /// Mallory: an IAM user who may do everything in Systems Manager and is no editor.
    pub fn stranger() -> Self {
        Self::user("mallory")
    }

    /// An IAM user.
    pub fn user(name: &str) -> Self {
        Self::new(
            &format!("the user {name}"),
            json!({
                "type": "IAMUser",
                "principalId": format!("AIDA{}", unique(name)),
                "arn": format!("arn:aws:iam::{ACCOUNT}:user/{name}"),
                "accountId": ACCOUNT,
                "accessKeyId": "AKIAIOSFODNN7EXAMPLE",
                "userName": name,
            }),
        )
    }

    /// Alice, in a session of the role that is an editor.
    pub fn editor() -> Self {
        Self::session(EDITOR_ROLE, "alice").named("the editor alice")
    }

    /// Bob, in a session of the same role.
    pub fn other_editor() -> Self {
        Self::session(EDITOR_ROLE, "bob").named("the editor bob")
    }

    /// Carol, in a session of the permission set that is an editor.
    pub fn permission_set_editor() -> Self {
        Self::permission_set(EDITOR_PERMISSION_SET, "carol@example.com").named("the editor carol")
    }

    /// The role that deploys stacks, called by CloudFormation: an editor that way.
    pub fn tool() -> Self {
        Self::session(TOOL_ROLE, "AWSCloudFormation")
            .through("cloudformation.amazonaws.com")
            .named("CloudFormation's stack role")
    }

    /// The role that deploys stacks, used by hand: no editor.
    pub fn tool_by_hand() -> Self {
        Self::session(TOOL_ROLE, "dave").named("dave in the stack role")
    }

    /// A session of a role, given by the role's ARN.
    pub fn session(role: &str, session: &str) -> Self {
        let role_name = role.rsplit('/').next().unwrap_or(role);
        let unique_id = format!("AROA{}", unique(role_name));
        Self::new(
            &format!("{session} in {role_name}"),
            json!({
                "type": "AssumedRole",
                "principalId": format!("{unique_id}:{session}"),
                "arn": format!("arn:aws:sts::{ACCOUNT}:assumed-role/{role_name}/{session}"),
                "accountId": ACCOUNT,
                "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
                "sessionContext": {
                    "sessionIssuer": {
                        "type": "Role",
                        "principalId": unique_id,
                        "arn": role,
                        "accountId": ACCOUNT,
                        "userName": role_name,
                    },
                    "attributes": { "creationDate": "2026-01-15T01:00:00Z", "mfaAuthenticated": "false" },
                },
            }),
        )
    }

    /// A session of Identity Center through a permission set.
    pub fn permission_set(name: &str, login: &str) -> Self {
        let role = format!(
            "arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/{REGION}/AWSReservedSSO_{name}_0123456789abcdef"
        );
        Self::session(&role, login)
    }

    /// The guard itself, from inside its function.
    pub fn guard() -> Self {
        let mut guard = Self::guard_elsewhere();
        set(
            &mut guard.identity,
            "inScopeOf",
            json!({
                "sourceArn": GUARD_FUNCTION,
                "sourceAccount": ACCOUNT,
                "issuerType": "AWS::Lambda::Function",
                "credentialsIssuedTo": GUARD_FUNCTION,
            }),
        );
        guard.named("the guard")
    }

    /// The guard's role where no function is recorded.
    pub fn guard_elsewhere() -> Self {
        Self::session(GUARD_ROLE, "preferences-guard").named("the guard's role")
    }

    /// The guard's role, used by another function.
    pub fn guard_role_in_another_function() -> Self {
        let mut other = Self::guard();
        if let Some(scope) = other.identity.get_mut("inScopeOf") {
            set(
                scope,
                "credentialsIssuedTo",
                format!("{GUARD_FUNCTION}-copy").into(),
            );
        }
        other.named("another function in the guard's role")
    }

    /// The account's root user.
    pub fn root() -> Self {
        Self::new(
            "the root user",
            json!({
                "type": "Root",
                "principalId": ACCOUNT,
                "arn": format!("arn:aws:iam::{ACCOUNT}:root"),
                "accountId": ACCOUNT,
                "sessionContext": {
                    "attributes": { "creationDate": "2026-01-15T01:00:00Z", "mfaAuthenticated": "true" },
                },
            }),
        )
    }

    /// A session of `GetFederationToken`.
    pub fn federated() -> Self {
        Self::new(
            "a federated user",
            json!({
                "type": "FederatedUser",
                "principalId": format!("{ACCOUNT}:erin"),
                "arn": format!("arn:aws:sts::{ACCOUNT}:federated-user/erin"),
                "accountId": ACCOUNT,
            }),
        )
    }

    /// An AWS service acting for itself.
    pub fn service(name: &str) -> Self {
        let mut service = Self::new(name, json!({ "type": "AWSService", "invokedBy": name }));
        name.clone_into(&mut service.source_ip);
        service
    }

    /// Somebody whose `userIdentity` has no kind that decides anything.
    pub fn unknown() -> Self {
        Self::new(
            "somebody unknown",
            json!({ "type": "Unknown", "principalId": "?" }),
        )
    }

    /// The same person, but the call is made by a service for them.
    #[must_use]
    pub fn through(mut self, service: &str) -> Self {
        set(&mut self.identity, "invokedBy", service.into());
        service.clone_into(&mut self.source_ip);
        self.name = format!("{} through {service}", self.name);
        self
    }

    /// The same person under another name for readers.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// How to name the person to readers.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The `userIdentity` element of their records.
    pub fn identity(&self) -> &Value {
        &self.identity
    }

    /// The ARN of the caller as services note it, such as `LastModifiedUser`.
    pub fn caller_arn(&self) -> String {
        let arn = self.identity.get("arn").and_then(Value::as_str);
        arn.unwrap_or(&self.name).to_owned()
    }

    pub(crate) fn source_ip(&self) -> &str {
        &self.source_ip
    }

    fn new(name: &str, identity: Value) -> Self {
        Self {
            name: name.to_owned(),
            identity,
            source_ip: "203.0.113.24".to_owned(),
        }
    }
}

/// The role of the guard's function, parsed.
///
/// # Panics
/// Never: the ARN is a constant.
#[expect(
    clippy::expect_used,
    reason = "a constant of the form wanted; there is no test without it"
)]
pub fn guard_role() -> RoleArn {
    RoleArn::parse(GUARD_ROLE).expect("a role's ARN")
}

fn set(object: &mut Value, key: &str, value: Value) {
    if let Value::Object(members) = object {
        members.insert(key.to_owned(), value);
    }
}

/// Unique ids are capital letters and digits; made from the name so that they are the same in every run.
fn unique(name: &str) -> String {
    let letters = name.chars().filter(char::is_ascii_alphanumeric).take(10);
    format!(
        "{}EXAMPLE",
        letters.collect::<String>().to_ascii_uppercase()
    )
}
