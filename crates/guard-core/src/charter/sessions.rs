//! `[sessions]`: which sessions people may open, at most.

use std::fmt;

use serde::Serialize;

use super::tag::{check_key, check_value};
use super::{InstanceArn, TagError};
use crate::names::DocumentName;

/// Documents of AWS that open a tunnel, of which nothing is ever recorded (Systems Manager user guide, "Logging session
/// activity": port forwarding and SSH).
pub const TUNNEL_DOCUMENTS: [&str; 4] = [
    "AWS-StartSSHSession",
    "AWS-StartPortForwardingSession",
    "AWS-StartPortForwardingSessionToRemoteHost",
    "AWS-StartPortForwardingSessionToSocket",
];

/// Documents of AWS that run whatever command the caller names; what they put out is recorded at the end or not at all.
pub const COMMAND_DOCUMENTS: [&str; 2] = [
    "AWS-StartInteractiveCommand",
    "AWS-StartNonInteractiveCommand",
];

/// What sessions may be, whoever opens them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sessions {
    /// How sessions are narrowed to instances.
    pub instances: InstancePattern,
    /// Documents that sessions may use, beside those that the permissions below let in; at least one.
    pub documents: Vec<DocumentName>,
    /// Whether [`TUNNEL_DOCUMENTS`] may be used.
    pub tunnels: Permission,
    /// Whether [`COMMAND_DOCUMENTS`] may be used.
    pub commands: Permission,
}

/// The one way in which the policies of an account narrow sessions to instances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InstancePattern {
    /// Instances by their ARNs.
    Arns(Vec<InstanceArn>),
    /// Instances that carry a tag.
    Tag {
        /// The tag's key.
        key: String,
        /// Its values, in which `*` and `?` are wildcards; at least one.
        values: Vec<String>,
    },
    /// Instances that carry the same value in a tag as the principal does in one of its own.
    Abac {
        /// The key of the instance's tag.
        key: String,
        /// The key of the principal's tag.
        principal_key: String,
    },
}

impl InstancePattern {
    /// Instances that carry a tag with one of the values.
    pub fn tag(key: &str, values: &[String]) -> Result<Self, TagError> {
        check_key(key)?;
        if values.is_empty() {
            return Err(TagError::Value);
        }
        values.iter().try_for_each(|value| check_value(value))?;
        Ok(Self::Tag {
            key: key.to_owned(),
            values: values.to_vec(),
        })
    }

    /// Instances that carry the principal's own value.
    pub fn abac(key: &str, principal_key: &str) -> Result<Self, TagError> {
        check_key(key)?;
        check_key(principal_key)?;
        Ok(Self::Abac {
            key: key.to_owned(),
            principal_key: principal_key.to_owned(),
        })
    }
}

/// Whether something may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Permission {
    /// It may.
    Granted,
    /// It may not.
    Refused,
}

impl Sessions {
    /// Whether sessions may use the document; `name` is a bare name, not an ARN of another account.
    pub fn allows_document(&self, name: &str) -> bool {
        self.document_names().any(|allowed| allowed == name)
    }

    /// Every document that sessions may use.
    pub fn document_names(&self) -> impl Iterator<Item = &str> {
        let tunnels = granted(self.tunnels, &TUNNEL_DOCUMENTS);
        let commands = granted(self.commands, &COMMAND_DOCUMENTS);
        let listed = self.documents.iter().map(DocumentName::as_str);
        listed.chain(tunnels).chain(commands)
    }
}

fn granted<'d>(
    permission: Permission,
    documents: &'static [&'static str],
) -> impl Iterator<Item = &'d str> {
    let documents = match permission {
        Permission::Granted => documents,
        Permission::Refused => &[],
    };
    documents.iter().copied()
}

/// As it follows "instances".
impl fmt::Display for InstancePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Arns(arns) => {
                let arns: Vec<_> = arns.iter().map(InstanceArn::as_str).collect();
                f.write_str(&arns.join(" or "))
            }
            Self::Tag { key, values } => write!(f, "tagged {key} = {}", values.join(" or ")),
            Self::Abac { key, principal_key } => {
                write!(
                    f,
                    "whose tag {key} equals the principal's tag {principal_key}"
                )
            }
        }
    }
}

#[cfg(test)]
mod tests;
