//! What would bring the old policy back: templates that name it, or that make roles which carry it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::NewVersion;

/// One place that names the policy or whoever carries it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Reference {
    /// What kind of place.
    pub kind: ReferenceKind,
    /// Its name or id, with the Region where there are several.
    pub name: String,
    /// What it names.
    pub names: Names,
    /// The version that would not bring it back, where anybody can tell; of launch templates that name the policy only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_version: Option<NewVersion>,
}

/// What kind of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReferenceKind {
    /// A launch template.
    LaunchTemplate,
    /// A stack of `CloudFormation`.
    Stack,
}

/// What a place names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Names {
    /// The forbidden policy itself.
    Policy,
    /// The role, or its instance profile.
    Role,
}

/// The place, and the change that it needs.
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name.escape_debug();
        match (self.kind, self.names) {
            (ReferenceKind::Stack, Names::Policy) => write!(
                f,
                "stack `{name}` names the policy and attaches it again at its next update: name the successors in its template"
            ),
            (ReferenceKind::Stack, Names::Role) => write!(
                f,
                "stack `{name}` owns the role: name the successors in its template, or it drifts"
            ),
            (ReferenceKind::LaunchTemplate, Names::Policy) => match &self.new_version {
                Some(new) => write!(
                    f,
                    "launch template `{name}` attaches the policy in its user data: `migrate apply --launch-templates` makes \
                     a version that attaches {} in its place",
                    new.attach.join(", ")
                ),
                None => write!(
                    f,
                    "launch template `{name}` names the policy in its user data: make a version that attaches the successors \
                     by hand"
                ),
            },
            (ReferenceKind::LaunchTemplate, Names::Role) => write!(
                f,
                "launch template `{name}` starts instances with the role: nothing to change once the role is migrated"
            ),
        }
    }
}
