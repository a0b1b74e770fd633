//! The lists of an answer of `GetAccountAuthorizationDetails`.

use super::BearerKind;

/// A list that the answer has, be it empty: one that is missing says nothing of whether there is anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum List {
    /// The users.
    Users,
    /// The groups.
    Groups,
    /// The roles.
    Roles,
    /// The managed policies.
    Policies,
}

impl List {
    /// All of them, in the order of the API reference.
    pub const ALL: [Self; 4] = [Self::Users, Self::Groups, Self::Roles, Self::Policies];

    /// Its member in the answer.
    pub fn member(self) -> &'static str {
        match self {
            Self::Users => "UserDetailList",
            Self::Groups => "GroupDetailList",
            Self::Roles => "RoleDetailList",
            Self::Policies => "Policies",
        }
    }
}

impl From<BearerKind> for List {
    fn from(kind: BearerKind) -> Self {
        match kind {
            BearerKind::Role => Self::Roles,
            BearerKind::User => Self::Users,
            BearerKind::Group => Self::Groups,
        }
    }
}
