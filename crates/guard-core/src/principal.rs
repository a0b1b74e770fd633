//! Who made a call, as far as CloudTrail's `userIdentity` says it and the caller cannot choose it.
//!
//! Variants after the `CloudTrail` user guide, "userIdentity element".
//! Session names, `userName` and user agents are chosen by callers: they are kept to be shown, never to decide.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::names::{RoleArn, UserArn};

/// The caller of one API call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Principal {
    /// What kind of caller, with what identifies it.
    pub identity: Identity,
    /// The AWS service that made the call with the caller's credentials (`invokedBy`); set by AWS.
    pub via: Option<String>,
    /// Whether the session was opened with a second factor.
    pub mfa: Mfa,
    /// The function whose credentials were used (`inScopeOf.credentialsIssuedTo`), where recorded.
    pub function: Option<String>,
    /// How to name the caller to people; may hold text that the caller chose.
    pub label: String,
}

/// The kinds of `userIdentity`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Identity {
    /// An IAM user.
    User {
        /// The user's ARN.
        arn: UserArn,
        /// The user's unique id (`AIDA…`), which a user created again under the same name does not share.
        unique_id: Option<String>,
    },
    /// A session of an IAM role, Identity Center sessions through a permission set among them.
    RoleSession {
        /// The ARN of the role itself, with its path (`sessionIssuer.arn`).
        role: RoleArn,
        /// The role's unique id (`AROA…`).
        unique_id: Option<String>,
    },
    /// The account's root user.
    Root,
    /// A session of `GetFederationToken`.
    FederatedUser,
    /// An Identity Center user recorded without a role.
    IdentityCenterUser,
    /// An AWS service acting for itself.
    Service,
    /// A principal of another account.
    OtherAccount,
    /// Anything that is not one of these, or lacks what identifies it.
    Unknown {
        /// What could not be understood.
        why: String,
    },
}

/// Whether a session was opened with a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mfa {
    /// `mfaAuthenticated` was true.
    Yes,
    /// `mfaAuthenticated` was false; Identity Center sessions say so whatever the user did.
    No,
    /// Nothing was recorded.
    NotRecorded,
}

impl Principal {
    /// Reads a `userIdentity` element; whatever is not understood becomes [`Identity::Unknown`].
    pub fn from_user_identity(element: &Value) -> Self {
        let identity = identity(element);
        Self {
            via: text(element, "/invokedBy"),
            mfa: mfa(element),
            function: text(element, "/inScopeOf/credentialsIssuedTo"),
            label: label(element, &identity),
            identity,
        }
    }

    /// The ARN that decides, where the kind has one.
    pub fn deciding_arn(&self) -> Option<&str> {
        match &self.identity {
            Identity::User { arn, .. } => Some(arn.as_str()),
            Identity::RoleSession { role, .. } => Some(role.as_str()),
            Identity::Root
            | Identity::FederatedUser
            | Identity::IdentityCenterUser
            | Identity::Service
            | Identity::OtherAccount
            | Identity::Unknown { .. } => None,
        }
    }
}

fn identity(element: &Value) -> Identity {
    if !element.is_object() {
        return unknown("userIdentity is not an object");
    }
    match element.get("type").and_then(Value::as_str) {
        Some("IAMUser") => user(element),
        Some("AssumedRole") => role_session(element),
        Some("Root") => Identity::Root,
        Some("FederatedUser") => Identity::FederatedUser,
        Some("IdentityCenterUser") => Identity::IdentityCenterUser,
        Some("AWSService") => Identity::Service,
        Some("AWSAccount") => Identity::OtherAccount,
        Some(other) => unknown(&format!("type `{}` decides nothing here", cut(other))),
        None => unknown("userIdentity has no type"),
    }
}

fn user(element: &Value) -> Identity {
    let arn = text(element, "/arn").and_then(|arn| UserArn::parse(&arn).ok());
    match arn {
        Some(arn) => Identity::User {
            arn,
            unique_id: text(element, "/principalId"),
        },
        None => unknown("IAMUser without the ARN of a user"),
    }
}

fn role_session(element: &Value) -> Identity {
    let issuer = "/sessionContext/sessionIssuer";
    let role = text(element, &format!("{issuer}/arn")).and_then(|arn| RoleArn::parse(&arn).ok());
    match role {
        Some(role) => Identity::RoleSession {
            role,
            unique_id: text(element, &format!("{issuer}/principalId")),
        },
        None => unknown("AssumedRole without the ARN of its role in sessionIssuer"),
    }
}

fn mfa(element: &Value) -> Mfa {
    match element.pointer("/sessionContext/attributes/mfaAuthenticated") {
        Some(Value::Bool(true)) => Mfa::Yes,
        Some(Value::String(text)) if text == "true" => Mfa::Yes,
        Some(_) => Mfa::No,
        None => Mfa::NotRecorded,
    }
}

fn label(element: &Value, identity: &Identity) -> String {
    let named = ["/arn", "/principalId", "/invokedBy", "/accountId"]
        .into_iter()
        .find_map(|pointer| text(element, pointer));
    match (named, identity) {
        (Some(named), _) => cut(&named),
        (None, Identity::Root) => "the root user".to_owned(),
        (None, _) => "an unnamed principal".to_owned(),
    }
}

fn unknown(why: &str) -> Identity {
    Identity::Unknown {
        why: why.to_owned(),
    }
}

fn text(element: &Value, pointer: &str) -> Option<String> {
    element
        .pointer(pointer)
        .and_then(Value::as_str)
        .map(str::to_owned)
}

/// Long enough for every ARN that IAM allows, short enough for an alert.
fn cut(text: &str) -> String {
    text.chars().take(600).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn identity_of(element: &Value) -> Identity {
        Principal::from_user_identity(element).identity
    }

    #[test]
    fn a_role_session_is_known_by_its_issuer_not_by_its_sts_arn() {
        let principal = Principal::from_user_identity(&json!({
            "type": "AssumedRole",
            "arn": "arn:aws:sts::123456789012:assumed-role/editor/anything-the-caller-likes",
            "principalId": "AROAEXAMPLE:anything-the-caller-likes",
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role", "principalId": "AROAEXAMPLE",
                    "arn": "arn:aws:iam::123456789012:role/team/editor"
                },
                "attributes": { "mfaAuthenticated": "true" }
            },
            "invokedBy": "cloudformation.amazonaws.com"
        }));
        assert_eq!(
            principal.deciding_arn(),
            Some("arn:aws:iam::123456789012:role/team/editor")
        );
        assert_eq!(principal.mfa, Mfa::Yes);
        assert_eq!(
            principal.via.as_deref(),
            Some("cloudformation.amazonaws.com")
        );
    }

    #[test]
    fn a_role_session_without_issuer_is_nobody() {
        let identity = identity_of(&json!({
            "type": "AssumedRole", "arn": "arn:aws:sts::123456789012:assumed-role/editor/me"
        }));
        assert!(matches!(identity, Identity::Unknown { .. }));
    }

    #[test]
    fn a_user_whose_arn_is_a_roles_is_nobody() {
        let identity = identity_of(&json!({
            "type": "IAMUser", "arn": "arn:aws:iam::123456789012:role/editor"
        }));
        assert!(matches!(identity, Identity::Unknown { .. }));
    }

    #[test]
    fn services_root_and_others_are_told_apart() {
        for (kind, expected) in [
            ("Root", Identity::Root),
            ("FederatedUser", Identity::FederatedUser),
            ("IdentityCenterUser", Identity::IdentityCenterUser),
            ("AWSService", Identity::Service),
            ("AWSAccount", Identity::OtherAccount),
        ] {
            assert_eq!(identity_of(&json!({ "type": kind })), expected);
        }
        for odd in [
            json!(null),
            json!([]),
            json!({}),
            json!({ "type": "Directory" }),
            json!({ "type": 7 }),
        ] {
            assert!(
                matches!(identity_of(&odd), Identity::Unknown { .. }),
                "{odd}"
            );
        }
    }
}
