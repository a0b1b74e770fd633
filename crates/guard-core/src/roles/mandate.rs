//! What a function that minds policies may do, by which charter, and where sessions are recorded.

use jiff::Timestamp;

use crate::charter::{Charter, Mode};
use crate::compose::ComposeError;
use crate::mandate::{MandateError as PackageError, Package, check};
use crate::names::{Region, Scope};
use crate::recording::{self, Need, Recording};

/// A charter without errors, filled in for one account, and where sessions are recorded in every Region that it names.
#[derive(Debug, Clone)]
pub struct Mandate {
    charter: Charter,
    recordings: Vec<Recording>,
    needs: Vec<Need>,
    scope: Scope,
}

/// Why a package is no mandate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MandateError {
    /// Charter or baseline have errors.
    #[error("charter and baseline cannot be used in {region}")]
    Package {
        /// The Region for which they were filled in.
        region: Region,
        /// Why not.
        #[source]
        source: Box<PackageError>,
    },
    /// The baseline names a destination that no policy could.
    #[error(
        "nobody can say whether a role can write where the baseline has sessions of {region} recorded"
    )]
    Recording {
        /// The Region.
        region: Region,
        /// Why not.
        #[source]
        source: Box<ComposeError>,
    },
}

impl Mandate {
    /// Takes a package for the account of `scope`, whose Region need not be a guarded one: roles belong to none.
    pub fn new(package: Package<'_>, scope: Scope) -> Result<Self, MandateError> {
        let of_package = |region: &Region| {
            let region = region.clone();
            move |source| MandateError::Package {
                region,
                source: Box::new(source),
            }
        };
        let charter = Charter::parse_for(package.charter, &scope)
            .map_err(PackageError::Charter)
            .map_err(of_package(&scope.region))?;
        let mut recordings = Vec::new();
        for region in charter.regions() {
            let there = Scope {
                region: region.clone(),
                ..scope.clone()
            };
            let (_, baseline) =
                check(package.charter, package.baseline, &there).map_err(of_package(region))?;
            let recording =
                Recording::of(&baseline, &there).map_err(|source| MandateError::Recording {
                    region: region.clone(),
                    source: Box::new(source),
                })?;
            recordings.push(recording);
        }
        Ok(Self {
            needs: recording::needs(&recordings),
            charter,
            recordings,
            scope,
        })
    }

    /// The charter, filled in.
    pub fn charter(&self) -> &Charter {
        &self.charter
    }

    /// Where sessions are recorded, in the order of the charter's Regions.
    pub fn recordings(&self) -> &[Recording] {
        &self.recordings
    }

    /// What a role must be able to do for sessions to be recorded.
    pub fn needs(&self) -> &[Need] {
        &self.needs
    }

    /// The account, and the Region in which the function runs.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Whether anything may be changed at `now`.
    pub fn acts_at(&self, now: Timestamp) -> bool {
        match self.charter.mode() {
            Mode::Revert => self.charter.suspension_at(now).is_none(),
            Mode::Report => false,
        }
    }
}
