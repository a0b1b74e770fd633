//! What the charter asks of the account that a file describes.

use std::io::Write;
use std::path::Path;

use guard_core::charter::{Charter, CharterErrors};
use guard_core::inventory::Account;
use guard_core::names::{Region, Scope};
use guard_core::rules::Terms;
use jiff::Timestamp;

use crate::check::write_charter_errors;
use crate::error::Error;
use crate::papers::Paper;

/// A charter that says something of sessions.
#[derive(Debug)]
pub(super) struct Papers {
    charter: Paper,
    config_region: Region,
}

impl Papers {
    /// Reads the charter; tells what is wrong with it, if it is none.
    pub(super) fn read(file: &Path, err: &mut dyn Write) -> Result<Option<Self>, Error> {
        let paper = Paper::read(file)?;
        let Some(charter) = sound(file, Charter::parse(&paper.text), err)? else {
            return Ok(None);
        };
        match (charter.sessions(), charter.config_region()) {
            (Some(_), Some(region)) => Ok(Some(Self {
                config_region: region.clone(),
                charter: paper,
            })),
            (Some(_), None) | (None, _) => Err(Error::NoSessions {
                file: file.to_owned(),
            }),
        }
    }

    /// What the charter says for one account; tells what is wrong with it there, if it says nothing.
    pub(super) fn grounds(
        &self,
        account: &Account,
        err: &mut dyn Write,
    ) -> Result<Option<Grounds>, Error> {
        let scope = Scope {
            partition: account.partition.clone(),
            account: account.id.clone(),
            region: self.config_region.clone(),
        };
        let parsed = Charter::parse_for(&self.charter.text, &scope);
        let charter = sound(&self.charter.file, parsed, err)?;
        Ok(charter.map(|charter| Grounds { charter, scope }))
    }
}

/// The grounds on which the people of one account are judged.
#[derive(Debug)]
pub(super) struct Grounds {
    charter: Charter,
    scope: Scope,
}

impl Grounds {
    /// The terms that they make at one time.
    pub(super) fn terms(&self, now: Timestamp) -> Option<Terms<'_>> {
        Terms::of(&self.charter, &self.scope, now)
    }
}

fn sound(
    file: &Path,
    parsed: Result<Charter, CharterErrors>,
    err: &mut dyn Write,
) -> Result<Option<Charter>, Error> {
    match parsed {
        Ok(charter) => Ok(Some(charter)),
        Err(errors) => {
            write_charter_errors(file, &errors, err)?;
            Ok(None)
        }
    }
}
