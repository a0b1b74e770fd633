//! One `[[editor]]` of the charter.

use std::fmt;

use jiff::Timestamp;

use super::arn_pattern::ArnKind;
use super::{ArnPattern, ArnPatternError, PermissionSet};

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

impl Who {
    /// Takes the ARN of a role or user with its account written out, or `permission-set/` and the exact name of one.
    pub fn parse(text: &str) -> Result<Self, ArnPatternError> {
        if let Some(name) = text.strip_prefix("permission-set/") {
            let set = PermissionSet::parse(name).map_err(|_| ArnPatternError::Name)?;
            return Ok(Self::PermissionSet(set));
        }
        let user = text.contains(":user/");
        let kind = if user { ArnKind::User } else { ArnKind::Role };
        ArnPattern::check(text, kind)?;
        let arn = ArnPattern::of_checked(text.to_owned());
        Ok(if user {
            Self::User(arn)
        } else {
            Self::Role(arn)
        })
    }
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
