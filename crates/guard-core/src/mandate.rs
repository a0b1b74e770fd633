//! The mandate: what one function may do in one account and Region, and by which charter and baseline.

use jiff::Timestamp;

use crate::charter::{Charter, CharterErrors, Suspension, placeholder};
use crate::floor::Violation;
use crate::names::{NameError, Region, RoleArn, Scope};
use crate::preferences::{FieldPath, Preferences, PreferencesError};
use crate::principal::{Identity, Principal};

/// What a function's package holds.
#[derive(Debug, Clone, Copy)]
pub struct Package<'a> {
    /// The text of the charter.
    pub charter: &'a str,
    /// The text of the baseline.
    pub baseline: &'a str,
    /// When the package was made.
    pub packed_at: Timestamp,
}

/// By what the function's own calls are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnIdentity {
    /// Its role.
    pub role: RoleArn,
    /// Its ARN, where it is known.
    pub function: Option<String>,
}

/// A charter and a baseline without errors, filled in for one account and Region.
#[derive(Debug, Clone)]
pub struct Mandate {
    charter: Charter,
    baseline: Preferences,
    baseline_hash: String,
    packed_at: Timestamp,
    scope: Scope,
    own: OwnIdentity,
}

/// Why a package is no mandate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MandateError {
    /// The charter has errors.
    #[error("the charter has errors")]
    Charter(#[source] CharterErrors),
    /// The charter does not guard the Region.
    #[error("the charter does not name the Region `{region}`, but {}", named.iter().map(Region::as_str).collect::<Vec<_>>().join(", "))]
    Region {
        /// The Region.
        region: Region,
        /// The Regions that it guards.
        named: Vec<Region>,
    },
    /// The charter names the function's own role among the editors.
    #[error(
        "the charter names the guard's own role `{role}` as an editor, whose writes must never count as a person's"
    )]
    OwnEditor {
        /// The role.
        role: RoleArn,
    },
    /// The baseline is no document.
    #[error("the baseline is no preferences document")]
    Baseline(#[source] PreferencesError),
    /// The baseline holds a `${…}` that stands for nothing.
    #[error("`{field}` of the baseline holds the unknown placeholder `{}`", found.escape_debug())]
    Placeholder {
        /// Where.
        field: FieldPath,
        /// As it was written.
        found: String,
    },
    /// The baseline is below the floor of its own charter.
    #[error("the baseline is below the floor: {}", violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    BelowFloor {
        /// In what.
        violations: Vec<Violation>,
    },
}

/// Fills a charter and a baseline in for `scope` and checks both; all that [`Mandate::new`] asks of them.
pub fn check(
    charter: &str,
    baseline: &str,
    scope: &Scope,
) -> Result<(Charter, Preferences), MandateError> {
    let charter = Charter::parse_for(charter, scope).map_err(MandateError::Charter)?;
    if !charter.regions().contains(&scope.region) {
        let (region, named) = (scope.region.clone(), charter.regions().to_vec());
        return Err(MandateError::Region { region, named });
    }
    let written = Preferences::parse(baseline).map_err(MandateError::Baseline)?;
    if let Some((field, found)) = unknown_placeholder(&written) {
        return Err(MandateError::Placeholder { field, found });
    }
    let baseline = written.map_texts(&|text| placeholder::fill(text, scope));
    let violations = charter.floor().violations(&baseline);
    if violations.is_empty() {
        Ok((charter, baseline))
    } else {
        Err(MandateError::BelowFloor { violations })
    }
}

/// In shell profiles `${…}` is the shell's own.
fn unknown_placeholder(document: &Preferences) -> Option<(FieldPath, String)> {
    let description = (
        FieldPath::top("description"),
        document.description().to_owned(),
    );
    let mut fields = document.meaning();
    fields.push(description);
    fields
        .into_iter()
        .filter(|(field, _)| !field.is_shell_text())
        .find_map(|(field, value)| placeholder::unknown(&value).map(|found| (field, found)))
}

impl Mandate {
    /// Takes a package for `scope`, unless anything about it is wrong.
    pub fn new(package: Package<'_>, scope: Scope, own: OwnIdentity) -> Result<Self, MandateError> {
        let (charter, baseline) = check(package.charter, package.baseline, &scope)?;
        if charter.names(&own.role) {
            return Err(MandateError::OwnEditor { role: own.role });
        }
        let baseline_hash = baseline.meaning_hash();
        Ok(Self {
            charter,
            baseline,
            baseline_hash,
            packed_at: package.packed_at,
            scope,
            own,
        })
    }

    /// The charter, filled in.
    pub fn charter(&self) -> &Charter {
        &self.charter
    }

    /// The baseline, filled in; it keeps the floor.
    pub fn baseline(&self) -> &Preferences {
        &self.baseline
    }

    /// The hash of the baseline's meaning.
    pub fn baseline_hash(&self) -> &str {
        &self.baseline_hash
    }

    /// When the package was made.
    pub fn packed_at(&self) -> Timestamp {
        self.packed_at
    }

    /// The account and Region.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// By what the function's own calls are known.
    pub fn own(&self) -> &OwnIdentity {
        &self.own
    }

    /// The suspension that lasts at `now`, if any does.
    pub fn suspension_at(&self, now: Timestamp) -> Option<&Suspension> {
        self.charter.suspension_at(now)
    }
}

/// The name under which the guard's function is deployed.
pub const GUARD_FUNCTION: &str = "preferences-guard";

impl OwnIdentity {
    /// By what the calls of the guard in `scope` are known, as its templates name it.
    ///
    /// Others than the guard itself must know it, since what the guard kept counts by who wrote it; a variable of theirs
    /// that says so could be set by somebody else.
    pub fn of_guard(scope: &Scope) -> Result<Self, NameError> {
        let Scope {
            partition,
            account,
            region,
        } = scope;
        let role =
            format!("arn:{partition}:iam::{account}:role/session-guard-{GUARD_FUNCTION}-{region}");
        Ok(Self {
            role: RoleArn::parse(&role)?,
            function: Some(format!(
                "arn:{partition}:lambda:{region}:{account}:function:{GUARD_FUNCTION}"
            )),
        })
    }

    /// Whether `principal` is the function itself: its role and, where both are known, its credentials.
    pub fn is(&self, principal: &Principal) -> bool {
        let is_role = match &principal.identity {
            Identity::RoleSession { role, .. } => *role == self.role,
            Identity::User { .. }
            | Identity::Root
            | Identity::FederatedUser
            | Identity::IdentityCenterUser
            | Identity::Service
            | Identity::OtherAccount
            | Identity::Unknown { .. } => false,
        };
        is_role
            && match (&self.function, &principal.function) {
                (Some(own), Some(found)) => unqualified(own) == unqualified(found),
                (Some(_) | None, None) | (None, Some(_)) => true,
            }
    }
}

/// A function's ARN without version or alias: `arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME`.
fn unqualified(arn: &str) -> Vec<&str> {
    arn.split(':').take(7).collect()
}

#[cfg(test)]
mod tests;
