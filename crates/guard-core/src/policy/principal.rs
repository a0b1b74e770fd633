//! Whom a statement of a resource policy or trust policy is about.

use serde_json::{Map, Value};

use super::{OneOrMany, Sense};

/// `Principal` or `NotPrincipal`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrincipalElement {
    /// Which of the two.
    pub sense: Sense,
    /// Who is listed.
    pub who: Principals,
}

/// Everybody, or principals by type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principals {
    /// `"*"`.
    Everybody,
    /// An object with an entry for each type.
    Listed(Vec<PrincipalEntry>),
}

/// The principals of one type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrincipalEntry {
    /// The type.
    pub kind: PrincipalKind,
    /// The principals, as written.
    pub names: OneOrMany<String>,
}

/// The types of principals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PrincipalKind {
    /// Accounts, users, roles and their sessions.
    Aws,
    /// AWS services.
    Service,
    /// Identity providers.
    Federated,
    /// Accounts as S3 names them.
    CanonicalUser,
}

impl PrincipalKind {
    /// All that there are.
    pub(super) const ALL: [Self; 4] = [
        Self::Aws,
        Self::Service,
        Self::Federated,
        Self::CanonicalUser,
    ];

    /// IAM's name of it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "AWS",
            Self::Service => "Service",
            Self::Federated => "Federated",
            Self::CanonicalUser => "CanonicalUser",
        }
    }
}

impl PrincipalElement {
    pub(super) fn name(&self) -> &'static str {
        match self.sense {
            Sense::Listed => "Principal",
            Sense::NotListed => "NotPrincipal",
        }
    }

    pub(super) fn to_value(&self) -> Value {
        match &self.who {
            Principals::Everybody => Value::String("*".to_owned()),
            Principals::Listed(entries) => {
                let entries = entries.iter().map(|entry| {
                    let names = entry.names.map_ref(|name| Value::String(name.clone()));
                    (entry.kind.as_str().to_owned(), names.into())
                });
                Value::Object(entries.collect::<Map<_, _>>())
            }
        }
    }
}
