//! The charter: the one file in which an operator says what must hold and who may change it.

mod arn_pattern;
mod bearer;
mod editor;
mod editorship;
mod error;
mod exemption;
mod forbidden;
mod instance_arn;
mod parse;
mod permission_set;
pub(crate) mod placeholder;
mod sessions;
mod suspension;
mod tag;
mod warning;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

pub use arn_pattern::{ArnPattern, ArnPatternError};
pub use editor::{Editor, Who};
pub use editorship::{Editorship, NearMiss, Unmet};
pub use error::{CharterError, CharterErrors, Position, Problem};
pub use exemption::{Exempt, Exemption, RULES_ON_PRINCIPALS};
pub(crate) use forbidden::is_same;
pub use forbidden::{
    AgentUse, Bucket, Enforcement, Forbidden, NoBucket, Pin, Purpose, Remediation, Successor,
};
pub use instance_arn::{InstanceArn, InstanceArnError};
pub use permission_set::PermissionSet;
pub use sessions::{COMMAND_DOCUMENTS, InstancePattern, Permission, Sessions, TUNNEL_DOCUMENTS};
pub use suspension::Suspension;
pub use tag::TagError;
pub use warning::Warning;

use crate::floor::Floor;
use crate::names::{Region, RoleArn, Scope};
use crate::preferences::Preferences;
use crate::principal::{Identity, Principal};

/// Whether the guard changes anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// It says what it would do.
    Report,
    /// It does it.
    Revert,
}

/// A charter without errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charter {
    mode: Mode,
    regions: Vec<Region>,
    config_region: Option<Region>,
    baseline_file: String,
    floor: Floor,
    tags: BTreeMap<String, String>,
    editors: Vec<Editor>,
    sessions: Option<Sessions>,
    forbidden: Vec<Forbidden>,
    exemptions: Vec<Exemption>,
    suspensions: Vec<Suspension>,
    /// Whose placeholders were filled in; `None` while they stand as written.
    scope: Option<Scope>,
}

impl Charter {
    /// Reads a charter and leaves `${account}`, `${region}` and `${partition}` as written.
    ///
    /// Such a charter is good for everything but [`Charter::editor`], for which nobody is an editor before it is known
    /// in which account. A caller puts the file's name in front of each line of the errors.
    pub fn parse(text: &str) -> Result<Self, CharterErrors> {
        parse::charter(text, None)
    }

    /// Reads a charter with its placeholders filled in for one account and Region.
    pub fn parse_for(text: &str, scope: &Scope) -> Result<Self, CharterErrors> {
        parse::charter(text, Some(scope))
    }

    /// Whether the guard changes anything.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The Regions that are guarded; at least one.
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// The one Region in which roles, users and groups are judged, since AWS Config records IAM's resources there.
    pub fn config_region(&self) -> Option<&Region> {
        self.config_region.as_ref()
    }

    /// The name of the baseline's file, which lies beside the charter.
    pub fn baseline_file(&self) -> &str {
        &self.baseline_file
    }

    /// What must hold whoever makes a change.
    pub fn floor(&self) -> &Floor {
        &self.floor
    }

    /// The tags that the document carries when it has to be created again.
    pub fn tags(&self) -> &BTreeMap<String, String> {
        &self.tags
    }

    /// Who may change preferences, in the order of the file.
    pub fn editors(&self) -> &[Editor] {
        &self.editors
    }

    /// What sessions may be, whoever opens them; `None` where the charter says nothing of it.
    pub fn sessions(&self) -> Option<&Sessions> {
        self.sessions.as_ref()
    }

    /// The managed policies that nobody shall carry, in the order of the file; where it names none, the deprecated
    /// policy of Systems Manager alone, to be reported.
    pub fn forbidden(&self) -> &[Forbidden] {
        &self.forbidden
    }

    /// The entry that forbids the managed policy with this ARN.
    pub fn forbids(&self, arn: &str) -> Option<&Forbidden> {
        self.forbidden.iter().find(|entry| entry.is(arn))
    }

    /// Whether AWS Config may have everybody remedied who carries a forbidden policy, without being asked: it knows one
    /// switch for the whole rule, so only where every entry says so; and nothing is changed while the mode is to report.
    pub fn is_remedied_automatically(&self) -> bool {
        let mut entries = self.forbidden.iter();
        let all_consent = entries.all(|entry| entry.remediation == Remediation::Automatic);
        match self.mode {
            Mode::Revert => all_consent,
            Mode::Report => false,
        }
    }

    /// Who may do more than the rules allow, in the order of the file.
    pub fn exemptions(&self) -> &[Exemption] {
        &self.exemptions
    }

    /// The exemption of a role, user or group from a rule at `now`.
    ///
    /// An entry with a `unique-id` exempts only the bearer of that very id, so that without `unique_id` it exempts nobody.
    pub fn exemption(
        &self,
        arn: &str,
        unique_id: Option<&str>,
        rule: &str,
        now: Timestamp,
    ) -> Option<&Exemption> {
        let scope = self.scope.as_ref()?;
        let bearer = bearer::Bearer { arn, unique_id };
        bearer::exemption(&self.exemptions, scope, bearer, rule, now)
    }

    /// The entry by which a role or user is an editor at `now`: whether it may hold the right to change preferences.
    ///
    /// Other than [`Charter::editor`], which judges one call, this asks nothing of `via` and `mfa`: an editor limited by
    /// them holds the right all the same, and the guard sees to the limits when it is used. An entry with a
    /// `unique-id` names only the bearer of that very id, so that without `unique_id` it names nobody.
    /// `${region}` in an entry was filled in with the Region of the scope, as everywhere.
    pub fn editor_named(
        &self,
        arn: &str,
        unique_id: Option<&str>,
        now: Timestamp,
    ) -> Option<&Editor> {
        let scope = self.scope.as_ref()?;
        bearer::editor(&self.editors, scope, bearer::Bearer { arn, unique_id }, now)
    }

    /// Times in which the guard holds still, in the order of the file.
    pub fn suspensions(&self) -> &[Suspension] {
        &self.suspensions
    }

    /// Of the suspensions that last at `now` the one that lasts longest.
    pub fn suspension_at(&self, now: Timestamp) -> Option<&Suspension> {
        self.suspensions
            .iter()
            .filter(|suspension| now < suspension.until)
            .max_by_key(|it| it.until)
    }

    /// Whether the charter lets `principal` change preferences at the time `at` of the change.
    pub fn editor(&self, principal: &Principal, at: Timestamp) -> Editorship {
        match &self.scope {
            Some(scope) => editorship::of(&self.editors, scope, principal, at),
            None => Editorship::NotEditor { near: Vec::new() },
        }
    }

    /// Whether an entry names this role, limits aside.
    pub fn names(&self, role: &RoleArn) -> bool {
        let identity = Identity::RoleSession {
            role: role.clone(),
            unique_id: None,
        };
        self.scope
            .as_ref()
            .is_some_and(|scope| editorship::is_named(&self.editors, scope, &identity))
    }

    /// What is no error and yet hardly meant.
    pub fn warnings(&self, baseline: &Preferences) -> Vec<Warning> {
        warning::of(self, baseline)
    }

    /// Entries that no longer hold at `now`.
    pub fn lapsed(&self, now: Timestamp) -> Vec<Warning> {
        warning::lapsed(self, now)
    }
}

#[cfg(test)]
mod tests;
