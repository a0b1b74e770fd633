//! What the charter asks of roles, users and groups, for one account.

use jiff::Timestamp;

use crate::charter::{Charter, Sessions};
use crate::inventory::Bearer;
use crate::mandate::OwnIdentity;
use crate::names::{Region, Scope};

/// The terms under which bearers are judged.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    /// The charter, filled in for the scope.
    pub charter: &'a Charter,
    /// What it says of sessions.
    pub sessions: &'a Sessions,
    /// The account, and the Region in which it is judged.
    pub scope: &'a Scope,
    /// The Regions that are guarded; at least one.
    pub regions: &'a [Region],
    /// When it is judged: entries of the charter may have ended.
    pub now: Timestamp,
}

impl<'a> Terms<'a> {
    /// The terms of a charter that says something of sessions.
    pub fn of(charter: &'a Charter, scope: &'a Scope, now: Timestamp) -> Option<Self> {
        charter.sessions().map(|sessions| Self {
            charter,
            sessions,
            scope,
            regions: charter.regions(),
            now,
        })
    }

    /// The Region that examples are taken from.
    pub(super) fn first_region(&self) -> &'a Region {
        self.regions.first().unwrap_or(&self.scope.region)
    }

    /// Whether the bearer may change the preferences, in any Region that the charter names.
    pub(super) fn is_editor(&self, bearer: &Bearer) -> bool {
        self.charter
            .editor_named(&bearer.arn, Some(&bearer.id), self.now)
            .is_some()
    }

    /// Whether the bearer is the role of the guard itself in a Region that the charter names: the template's name, which
    /// no other role of the account can have.
    pub(super) fn is_guard(&self, bearer: &Bearer) -> bool {
        self.regions.iter().any(|region| {
            let scope = Scope {
                region: region.clone(),
                ..self.scope.clone()
            };
            OwnIdentity::of_guard(&scope).is_ok_and(|guard| guard.role.as_str() == bearer.arn)
        })
    }
}
