//! `session-guard policy`: policies that an operator would otherwise write by hand.

mod deny_preferences;
mod fingerprint;
mod grant;
mod protect_logs;
mod start_session;
mod successor;

use std::path::{Path, PathBuf};

use clap::Subcommand;
use guard_core::charter::Charter;
use guard_core::compose::Place;
use guard_core::compose::{Accounts, deny_preferences as core};
use guard_core::names::{AccountId, Region};

use crate::check::{Examination, write_findings};
use crate::error::Error;
use crate::exit::Exit;
use crate::scope::{self, EXAMPLE_ACCOUNT};
use crate::streams::Streams;
pub(crate) use grant::{GrantArgs, keys_of};

#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    DenyPreferences(deny_preferences::DenyPreferences),
    StartSession(Box<start_session::StartSession>),
    ProtectLogs(protect_logs::ProtectLogs),
    Successor(successor::Successor),
    Fingerprint(fingerprint::Fingerprint),
}

impl PolicyCommand {
    pub(crate) fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Error> {
        match self {
            Self::DenyPreferences(it) => it.run(streams),
            Self::StartSession(it) => it.run(streams),
            Self::ProtectLogs(it) => it.run(streams),
            Self::Successor(it) => it.run(streams),
            Self::Fingerprint(it) => it.run(streams),
        }
    }
}

/// What a policy against something is attached to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// Users, roles, groups or permission sets
    Identity,
    /// Accounts of an organization, as a service control policy
    Scp,
}

impl From<Form> for core::Form {
    fn from(form: Form) -> Self {
        match form {
            Form::Identity => Self::Identity,
            Form::Scp => Self::Scp,
        }
    }
}

/// The charter, placeholders as written; `None` if it has errors, which are then said.
fn charter(file: &Path, streams: &mut Streams<'_>) -> Result<Option<Charter>, Error> {
    let found = Examination::of(file, None, &AccountId::parse(EXAMPLE_ACCOUNT)?)?;
    if found.written.is_none() {
        write_findings(&found, streams.err)?;
    }
    Ok(found.written)
}

/// The charter and its baseline in one account; `None` if either has errors, which are then said.
pub(crate) fn examine(
    file: &Path,
    account: &AccountId,
    streams: &mut Streams<'_>,
) -> Result<Option<Examination>, Error> {
    let found = Examination::of(file, None, account)?;
    if found.is_valid() {
        return Ok(Some(found));
    }
    write_findings(&found, streams.err)?;
    Ok(None)
}

/// The place that accounts and Regions make, which must lie in one partition.
pub(crate) fn place(accounts: Accounts, regions: &[Region]) -> Result<Place, Error> {
    let account = match &accounts {
        Accounts::These(accounts) => accounts.first().cloned(),
        Accounts::Any | Accounts::Callers => None,
    };
    let account = account.map_or_else(|| AccountId::parse(EXAMPLE_ACCOUNT), Ok)?;
    let mut partitions = Vec::new();
    for region in regions {
        let partition = scope::of(&account, region)?.partition;
        if !partitions.contains(&partition) {
            partitions.push(partition);
        }
    }
    match partitions.as_slice() {
        [partition] => Ok(Place {
            partition: partition.clone(),
            accounts,
            regions: regions.to_vec(),
        }),
        _ => Err(Error::Partitions {
            regions: regions.to_vec(),
        }),
    }
}

/// The charter that is taken when none is named.
pub(crate) fn default_charter() -> PathBuf {
    PathBuf::from("charter.toml")
}
