//! What the charter asks of the account that a file describes.

use std::io::Write;
use std::path::Path;

use guard_core::charter::Charter;
use guard_core::inventory::Account;
use guard_core::mandate::Package;
use guard_core::names::{Region, Scope};
use guard_core::roles::{Mandate, MandateError};
use guard_core::rules::{RuleId, Terms};
use jiff::Timestamp;
use serde::Serialize;

use crate::check::{write_charter_errors, write_mandate_errors};
use crate::error::Error;
use crate::papers::{Paper, baseline_beside};

/// A charter that says something of sessions, and its baseline, which says where they are recorded.
#[derive(Debug)]
pub(crate) struct Papers {
    charter: Paper,
    baseline: Paper,
    config_region: Region,
}

impl Papers {
    /// Reads the charter and its baseline; tells what is wrong with the charter, if it is none.
    pub(super) fn read(
        file: &Path,
        baseline: Option<&Path>,
        err: &mut dyn Write,
    ) -> Result<Option<Self>, Error> {
        let Some((charter, paper)) = charter(file, err)? else {
            return Ok(None);
        };
        let (Some(_), Some(region)) = (charter.sessions(), charter.config_region()) else {
            return Err(Error::NoSessions {
                file: file.to_owned(),
            });
        };
        Self::with_baseline(&charter, paper, baseline, region.clone()).map(Some)
    }

    /// The same where nobody asks which sessions may be. Roles belong to no Region, so any that the charter names does.
    pub(crate) fn without_sessions(
        file: &Path,
        baseline: Option<&Path>,
        err: &mut dyn Write,
    ) -> Result<Option<Self>, Error> {
        let Some((charter, paper)) = charter(file, err)? else {
            return Ok(None);
        };
        let region = charter.config_region().or(charter.regions().first());
        let region = region.cloned().ok_or(Error::NoRegion)?;
        Self::with_baseline(&charter, paper, baseline, region).map(Some)
    }

    fn with_baseline(
        charter: &Charter,
        paper: Paper,
        baseline: Option<&Path>,
        config_region: Region,
    ) -> Result<Self, Error> {
        let baseline = match baseline {
            Some(given) => given.to_owned(),
            None => baseline_beside(&paper.file, charter.baseline_file()),
        };
        let baseline = Paper::read(&baseline).map_err(Error::without_baseline)?;
        Ok(Self {
            config_region,
            charter: paper,
            baseline,
        })
    }

    /// The Region for which they are filled in.
    pub(crate) fn region(&self) -> &Region {
        &self.config_region
    }

    /// What both say for one account; tells what is wrong with them there, if they say nothing.
    pub(crate) fn grounds(
        &self,
        account: &Account,
        err: &mut dyn Write,
    ) -> Result<Option<Grounds>, Error> {
        let scope = Scope {
            partition: account.partition.clone(),
            account: account.id.clone(),
            region: self.config_region.clone(),
        };
        let package = Package {
            charter: &self.charter.text,
            baseline: &self.baseline.text,
            packed_at: Timestamp::UNIX_EPOCH,
        };
        match Mandate::new(package, scope) {
            Ok(mandate) => Ok(Some(Grounds { mandate })),
            Err(MandateError::Package { region, source }) => {
                write_mandate_errors(&self.charter, &self.baseline, &region, &source, err)?;
                Ok(None)
            }
            Err(source @ MandateError::Recording { .. }) => Err(Error::Destination {
                file: self.baseline.file.clone(),
                source,
            }),
        }
    }
}

/// A charter that is sound in itself; otherwise what is wrong with it is told.
fn charter(file: &Path, err: &mut dyn Write) -> Result<Option<(Charter, Paper)>, Error> {
    let paper = Paper::read(file)?;
    match Charter::parse(&paper.text) {
        Ok(charter) => Ok(Some((charter, paper))),
        Err(errors) => {
            write_charter_errors(file, &errors, err)?;
            Ok(None)
        }
    }
}

/// The grounds on which the people of one account are judged.
#[derive(Debug)]
pub(crate) struct Grounds {
    mandate: Mandate,
}

/// What a rule could not judge anybody by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Unjudged {
    #[serde(serialize_with = "super::line::as_text")]
    pub(super) rule: RuleId,
    pub(super) region: Region,
    pub(super) why: &'static str,
}

impl Grounds {
    /// The terms that they make at one time.
    pub(super) fn terms(&self, now: Timestamp) -> Option<Terms<'_>> {
        Terms::of(self.mandate.charter(), self.mandate.scope(), now)
    }

    /// The charter, and where sessions are recorded in each of its Regions.
    pub(crate) fn mandate(&self) -> &Mandate {
        &self.mandate
    }

    /// Regions in which no role can be asked whether it can write the records of sessions.
    pub(super) fn unjudged(&self) -> Vec<Unjudged> {
        let recordings = self.mandate.recordings().iter();
        recordings
            .filter(|recording| recording.destination.is_none())
            .map(|recording| Unjudged {
                rule: RuleId::RoleLogging,
                region: recording.scope.region.clone(),
                why: "the baseline names neither a bucket nor a log group: sessions are recorded nowhere",
            })
            .collect()
    }
}
