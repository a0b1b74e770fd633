//! One `[[exemption]]` of the charter: who may do more than the rules allow, and why.

use std::fmt;

use jiff::Timestamp;

use super::{ArnPattern, PermissionSet};

/// The ids of the rules that judge roles, users and groups, from which one can be exempt.
pub const RULES_ON_PRINCIPALS: [&str; 4] = [
    "session-access",
    "preferences-access",
    "forbidden-policy",
    "role-logging",
];

/// A principal about whom rules are silent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exemption {
    /// Whom the entry names.
    pub who: Exempt,
    /// The ids of the rules, at least one of [`RULES_ON_PRINCIPALS`].
    pub rules: Vec<&'static str>,
    /// The first moment at which the entry no longer holds.
    pub until: Option<Timestamp>,
    /// The one principal that is meant, whoever else gets its name.
    pub unique_id: Option<String>,
    /// Why, for the record.
    pub reason: String,
}

/// Whom an exemption names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exempt {
    /// A role, or the roles that a pattern matches.
    Role(ArnPattern),
    /// An IAM user, or the users that a pattern matches.
    User(ArnPattern),
    /// An IAM group, or the groups that a pattern matches; not the users in it.
    Group(ArnPattern),
    /// The roles of a permission set of Identity Center.
    PermissionSet(PermissionSet),
}

impl Exemption {
    /// Whether the entry holds for the rule at `now`.
    pub(super) fn holds(&self, rule: &str, now: Timestamp) -> bool {
        self.rules.contains(&rule) && self.until.is_none_or(|until| now < until)
    }
}

/// As it stands in sentences: "role `arn:…`".
impl fmt::Display for Exempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Role(arn) => write!(f, "role `{arn}`"),
            Self::User(arn) => write!(f, "user `{arn}`"),
            Self::Group(arn) => write!(f, "group `{arn}`"),
            Self::PermissionSet(name) => write!(f, "permission set `{name}`"),
        }
    }
}

#[cfg(test)]
mod tests;
