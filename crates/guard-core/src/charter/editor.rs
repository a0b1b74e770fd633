//! One `[[editor]]` of the charter.

use std::fmt;

use jiff::Timestamp;

use super::{ArnPattern, PermissionSet};

/// A principal who may change preferences, and the limits of that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Editor {
    /// Whom the entry names.
    pub who: Who,
    /// Why, for the record.
    pub reason: String,
    /// Services that must have made the call for the editor; empty for calls with or without one.
    pub via: Vec<String>,
    /// Whether only sessions with a second factor count.
    pub needs_mfa: bool,
    /// The first moment at which the entry no longer holds.
    pub until: Option<Timestamp>,
    /// The unique id that the principal must have, so that one created again under the same name does not count.
    pub unique_id: Option<String>,
}

/// Whom an entry names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// Sessions of a role, or of the roles that a pattern matches.
    Role(ArnPattern),
    /// An IAM user, or the users that a pattern matches.
    User(ArnPattern),
    /// Sessions through a permission set of Identity Center.
    PermissionSet(PermissionSet),
}

/// As it stands in sentences: "role `arn:…`".
impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Role(arn) => write!(f, "role `{arn}`"),
            Self::User(arn) => write!(f, "user `{arn}`"),
            Self::PermissionSet(name) => write!(f, "permission set `{name}`"),
        }
    }
}
