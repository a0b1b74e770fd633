//! A role, user or group with every policy that it carries.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Document, Unknown};

/// What carries policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BearerKind {
    /// A role.
    Role,
    /// A user.
    User,
    /// A group.
    Group,
}

/// A role, user or group, and everything that its own policies and those of its groups say.
#[derive(Debug, Clone, PartialEq)]
pub struct Bearer {
    /// What it is.
    pub kind: BearerKind,
    /// The id that no other bearer ever gets: `AROA…`, `AIDA…` or `AGPA…`; AWS Config's `resourceId`.
    pub id: String,
    /// Its ARN, with its path.
    pub arn: String,
    /// Its name, unique among those of its kind.
    pub name: String,
    /// Its path, `/` for most.
    pub path: String,
    /// Its tags; `None` where the source does not tell them, and for groups, which have none.
    pub tags: Option<BTreeMap<String, String>>,
    /// Who may assume it; `None` for users and groups.
    pub trust: Option<Document>,
    /// Its inline policies, its managed ones, then those of a user's groups.
    pub policies: Vec<Carried>,
    /// The policy beyond which its own ones give nothing.
    pub boundary: Option<Carried>,
    /// The names of a user's groups.
    pub groups: Vec<String>,
}

/// One policy of a bearer.
#[derive(Debug, Clone, PartialEq)]
pub struct Carried {
    /// Which policy, and how the bearer comes by it.
    pub source: Source,
    /// What it says.
    pub document: Document,
}

/// Which policy, and how its bearer comes by it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    /// Part of the bearer.
    Inline {
        /// Its name.
        name: String,
    },
    /// Attached to the bearer, or its boundary.
    Managed {
        /// Its ARN.
        arn: String,
    },
    /// Part of a group of the user.
    GroupInline {
        /// The group's name.
        group: String,
        /// The policy's name.
        name: String,
    },
    /// Attached to a group of the user.
    GroupManaged {
        /// The group's name.
        group: String,
        /// The policy's ARN.
        arn: String,
    },
    /// All that a group gives, when nothing is known of it.
    Group {
        /// The group's name.
        group: String,
    },
}

impl BearerKind {
    /// `role`, `user` or `group`, as in ARNs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Role => "role",
            Self::User => "user",
            Self::Group => "group",
        }
    }

    /// The kind that AWS Config means by a type.
    pub fn of_config_type(name: &str) -> Option<Self> {
        let kinds = [Self::Role, Self::User, Self::Group];
        kinds.into_iter().find(|kind| kind.config_type() == name)
    }

    /// The type that AWS Config gives it.
    pub fn config_type(self) -> &'static str {
        match self {
            Self::Role => "AWS::IAM::Role",
            Self::User => "AWS::IAM::User",
            Self::Group => "AWS::IAM::Group",
        }
    }
}

impl fmt::Display for BearerKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Bearer {
    /// Every policy, boundary included, of which something is not known.
    pub fn unknown(&self) -> impl Iterator<Item = (&Source, &Unknown)> {
        let carried = self.policies.iter().chain(&self.boundary);
        carried.filter_map(|carried| match &carried.document {
            Document::Known(_) => None,
            Document::Unknown(why) => Some((&carried.source, why)),
        })
    }
}

impl Source {
    /// What people call the policy: a name without its path, for an unknown group the group's.
    pub fn name(&self) -> &str {
        match self {
            Self::Inline { name } | Self::GroupInline { name, .. } => name,
            Self::Managed { arn } | Self::GroupManaged { arn, .. } => last_segment(arn),
            Self::Group { group } => group,
        }
    }
}

/// The policy, findable in the console: "policy `arn…`", "inline policy `x` of group `y`".
impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inline { name } => write!(f, "inline policy `{name}`"),
            Self::Managed { arn } => write!(f, "policy `{arn}`"),
            Self::GroupInline { group, name } => {
                write!(f, "inline policy `{name}` of group `{group}`")
            }
            Self::GroupManaged { group, arn } => write!(f, "policy `{arn}` of group `{group}`"),
            Self::Group { group } => write!(f, "group `{group}`"),
        }
    }
}

fn last_segment(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or_default()
}
