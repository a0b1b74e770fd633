//! Who is an editor, and who nearly is.

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;

use super::permission_set::RESERVED_PATH;
use super::{Editor, Who};
use crate::names::{RoleArn, Scope};
use crate::principal::{Identity, Mfa, Principal};

/// The charter's answer about one principal at one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "answer")]
pub enum Editorship {
    /// The principal may change preferences.
    Editor {
        /// The entry's place in the file: 1 for the first `[[editor]]`.
        entry: usize,
        /// Whom the entry names.
        name: String,
        /// Why, in the operator's words.
        reason: String,
    },
    /// The principal may not.
    NotEditor {
        /// Entries that name the principal and still do not let it.
        near: Vec<NearMiss>,
    },
}

/// An entry that names the principal, with the limits that it does not meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NearMiss {
    /// The entry's place in the file: 1 for the first `[[editor]]`.
    pub entry: usize,
    /// Whom the entry names.
    pub name: String,
    /// The limits, at least one.
    pub unmet: Vec<Unmet>,
}

/// A limit of an entry that a principal does not meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unmet {
    /// The call did not come through one of the services.
    Via {
        /// The services that count.
        wanted: Vec<String>,
        /// The service that made the call; `None` for none.
        found: Option<String>,
    },
    /// The session had no second factor, as far as was recorded.
    Mfa {
        /// What was recorded.
        found: Mfa,
    },
    /// The entry no longer held at the time of the change.
    Expired {
        /// When it ended.
        until: Timestamp,
    },
    /// The principal bears the name and is another one.
    UniqueId {
        /// The id that is pinned.
        wanted: String,
        /// The id that was recorded.
        found: Option<String>,
    },
}

impl Editorship {
    /// Whether the answer is yes.
    pub fn is_editor(&self) -> bool {
        match self {
            Self::Editor { .. } => true,
            Self::NotEditor { .. } => false,
        }
    }
}

/// The first entry that lets the principal, or else all that nearly do.
pub(super) fn of(
    editors: &[Editor],
    scope: &Scope,
    principal: &Principal,
    at: Timestamp,
) -> Editorship {
    let mut near = Vec::new();
    for (index, editor) in editors.iter().enumerate() {
        if !names(&editor.who, scope, &principal.identity) {
            continue;
        }
        let (entry, name) = (index + 1, editor.who.to_string());
        let unmet = unmet(editor, principal, at);
        if unmet.is_empty() {
            return Editorship::Editor {
                entry,
                name,
                reason: editor.reason.clone(),
            };
        }
        near.push(NearMiss { entry, name, unmet });
    }
    Editorship::NotEditor { near }
}

/// Whether any entry names the principal, limits aside.
pub(super) fn is_named(editors: &[Editor], scope: &Scope, identity: &Identity) -> bool {
    editors
        .iter()
        .any(|editor| names(&editor.who, scope, identity))
}

/// Whether the entry names the principal, by what CloudTrail says and the caller cannot choose.
fn names(who: &Who, scope: &Scope, identity: &Identity) -> bool {
    match (who, identity) {
        (Who::Role(pattern), Identity::RoleSession { role, .. }) => {
            is_at_home(role.as_str(), scope) && !is_reserved(role) && pattern.matches(role.as_str())
        }
        (Who::User(pattern), Identity::User { arn, .. }) => {
            is_at_home(arn.as_str(), scope) && pattern.matches(arn.as_str())
        }
        (Who::PermissionSet(set), Identity::RoleSession { role, .. }) => set.is_role(role, scope),
        (Who::Role(_) | Who::PermissionSet(_), Identity::User { .. })
        | (Who::User(_), Identity::RoleSession { .. })
        | (
            _,
            Identity::Root
            | Identity::FederatedUser
            | Identity::IdentityCenterUser
            | Identity::Service
            | Identity::OtherAccount
            | Identity::Unknown { .. },
        ) => false,
    }
}

fn is_at_home(arn: &str, scope: &Scope) -> bool {
    arn.starts_with(&format!("arn:{}:iam::{}:", scope.partition, scope.account))
}

/// Roles of Identity Center and of services are no roles of the operator's: a wildcard never reaches them.
fn is_reserved(role: &RoleArn) -> bool {
    let resource = role.as_str().splitn(6, ':').nth(5).unwrap_or_default();
    let path = resource.strip_prefix("role/").unwrap_or(resource);
    path.starts_with(RESERVED_PATH) || path.starts_with("aws-service-role/")
}

fn unmet(editor: &Editor, principal: &Principal, at: Timestamp) -> Vec<Unmet> {
    let mut unmet = Vec::new();
    let found = principal.via.clone();
    if !editor.via.is_empty() && !found.as_ref().is_some_and(|via| editor.via.contains(via)) {
        unmet.push(Unmet::Via {
            wanted: editor.via.clone(),
            found,
        });
    }
    if editor.needs_mfa && principal.mfa != Mfa::Yes {
        unmet.push(Unmet::Mfa {
            found: principal.mfa,
        });
    }
    if let Some(until) = editor.until.filter(|until| at >= *until) {
        unmet.push(Unmet::Expired { until });
    }
    if let Some(wanted) = &editor.unique_id {
        let found = unique_id(&principal.identity);
        if found != Some(wanted) {
            unmet.push(Unmet::UniqueId {
                wanted: wanted.clone(),
                found: found.cloned(),
            });
        }
    }
    unmet
}

fn unique_id(identity: &Identity) -> Option<&String> {
    match identity {
        Identity::User { unique_id, .. } | Identity::RoleSession { unique_id, .. } => {
            unique_id.as_ref()
        }
        Identity::Root
        | Identity::FederatedUser
        | Identity::IdentityCenterUser
        | Identity::Service
        | Identity::OtherAccount
        | Identity::Unknown { .. } => None,
    }
}

/// As a sentence without a full stop.
impl fmt::Display for NearMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "editor[{}] names {} but ", self.entry, self.name)?;
        let unmet: Vec<_> = self.unmet.iter().map(ToString::to_string).collect();
        f.write_str(&unmet.join(", and "))
    }
}

/// As it follows "but".
impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Via {
                wanted,
                found: None,
            } => {
                write!(
                    f,
                    "only through {}, and no service made the call",
                    wanted.join(" or ")
                )
            }
            Self::Via {
                wanted,
                found: Some(found),
            } => {
                write!(
                    f,
                    "only through {}, and {} made the call",
                    wanted.join(" or "),
                    found.escape_debug()
                )
            }
            Self::Mfa {
                found: Mfa::NotRecorded,
            } => f.write_str("only with a second factor, of which nothing was recorded"),
            Self::Mfa {
                found: Mfa::No | Mfa::Yes,
            } => f.write_str("only with a second factor, which the session did not have"),
            Self::Expired { until } => write!(f, "only until {until}"),
            Self::UniqueId {
                wanted,
                found: Some(found),
            } => {
                write!(
                    f,
                    "only the one with the id {wanted}, and this one has {}",
                    found.escape_debug()
                )
            }
            Self::UniqueId {
                wanted,
                found: None,
            } => {
                write!(
                    f,
                    "only the one with the id {wanted}, and no id was recorded"
                )
            }
        }
    }
}

#[cfg(test)]
mod tests;
