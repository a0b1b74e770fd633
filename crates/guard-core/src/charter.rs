//! The charter: the one file in which an operator says what must hold and who may change it.

mod arn_pattern;
mod editor;
mod editorship;
mod error;
mod parse;
mod permission_set;
pub(crate) mod placeholder;
mod suspension;
mod warning;

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

pub use arn_pattern::{ArnPattern, ArnPatternError};
pub use editor::{Editor, Who};
pub use editorship::{Editorship, NearMiss, Unmet};
pub use error::{CharterError, CharterErrors, Position, Problem};
pub use permission_set::PermissionSet;
pub use suspension::Suspension;
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
    baseline_file: String,
    floor: Floor,
    tags: BTreeMap<String, String>,
    editors: Vec<Editor>,
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
}

#[cfg(test)]
mod tests;
