//! `session-guard migrate plan`: how a forbidden policy would leave everybody who carries it, and what would be lost.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use guard_core::charter::Forbidden;
use guard_core::inventory::{Bearer, Document, Inventory};
use guard_core::migration::{self, Accessed, Facts, Migration, Surroundings};
use guard_core::roles::{Mandate, Observed};
use jiff::Timestamp;

use super::accessed::{self, Advice};
use super::surroundings::{Files, Known};
use super::{MigrateError, text};
use crate::details::{self, Papers};
use crate::error::Error;
use crate::exit::Exit;
use crate::format::Format;
use crate::paint::{ODD, Painted, one_line};
use crate::streams::Streams;

const EXAMPLES: &str = "\
Examples:
  session-guard migrate plan --details details.json --accessed accessed --out plan.json
  session-guard migrate plan --details details.json --instances instances.json --instance-profiles profiles.json

Make the file of --details with `aws iam get-account-authorization-details`, without filters.
The folder of --accessed holds, for each role, user or group that carries the policy, what
`aws iam get-service-last-accessed-details` prints, as role-NAME.json, user-NAME.json or group-NAME.json. Without it
everything counts as used.
docs/migration.md tells what a plan says, and what it cannot know.
Nothing in the account is changed.
Exit status: 0 planned, 1 something cannot be read, 64 wrong arguments.";

/// Plan how a forbidden policy leaves everybody who carries it, and say what would be lost
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Plan {
    /// The charter
    #[arg(long, value_name = "FILE", default_value = "charter.toml")]
    charter: PathBuf,
    /// The baseline, instead of the file beside the charter that it names
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// What `aws iam get-account-authorization-details` wrote, or - for the standard input
    #[arg(long, value_name = "FILE")]
    details: PathBuf,
    /// The forbidden policy, by its name or ARN
    #[arg(
        long,
        value_name = "POLICY",
        default_value = "service-role/AmazonEC2RoleforSSM"
    )]
    policy: String,
    /// The folder with what the access advisor says of each
    #[arg(long, value_name = "DIR")]
    accessed: Option<PathBuf>,
    #[command(flatten)]
    files: Files,
    /// The file to write the plan to, for `migrate apply`; it must not exist
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// How to say it on the standard output
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl Plan {
    pub(crate) fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Error> {
        // Said before anything is read: it is known already.
        if let Some(file) = self.out.as_ref().filter(|file| file.exists()) {
            return Err(MigrateError::Exists { file: file.clone() }.into());
        }
        let baseline = self.baseline.as_deref();
        let Some(papers) = Papers::without_sessions(&self.charter, baseline, streams.err)? else {
            return Ok(Exit::Failure);
        };
        let inventory = details::inventory(&self.details)?;
        let account = inventory.account().ok_or_else(|| Error::Nobody {
            file: self.details.clone(),
        })?;
        let Some(grounds) = papers.grounds(account, streams.err)? else {
            return Ok(Exit::Failure);
        };
        let mandate = grounds.mandate();
        let forbidden = chosen(mandate, &self.policy)?;
        let known = self.files.read(forbidden.name())?;
        let advice = self.advice(&carriers(&inventory, forbidden))?;
        let migration = made(mandate, forbidden, &inventory, &advice, &known);
        self.write(&migration, &known, streams)?;
        Ok(Exit::Success)
    }

    fn advice(&self, carriers: &[&Bearer]) -> Result<Vec<Advice>, Error> {
        let asked = carriers.iter().map(|bearer| match &self.accessed {
            Some(folder) => accessed::of(folder, bearer),
            None => Ok(Err("it was not asked".to_owned())),
        });
        asked.collect()
    }

    fn write(
        &self,
        migration: &Migration,
        known: &Known,
        streams: &mut Streams<'_>,
    ) -> Result<(), Error> {
        for reference in &known.unplaced {
            let text = one_line(&reference.to_string());
            writeln!(streams.err, "{} {text}", Painted(ODD, "warning:"))?;
        }
        let mut json = serde_json::to_string_pretty(migration).map_err(io::Error::from)?;
        json.push('\n');
        if let Some(file) = &self.out {
            write_file(file, &json)?;
        }
        match self.format {
            Format::Json => streams.out.write_all(json.as_bytes())?,
            Format::Text => text::write_plan(migration, streams.out)?,
        }
        if let Some(file) = &self.out {
            let file = file.display();
            writeln!(
                streams.err,
                "The plan stands in `{file}`: read it, then `session-guard migrate apply {file}`."
            )?;
        }
        Ok(())
    }
}

/// The entry of the charter for a policy, by its ARN or its name, with or without the path.
fn chosen<'a>(mandate: &'a Mandate, policy: &str) -> Result<&'a Forbidden, Error> {
    let all = mandate.charter().forbidden();
    let is_meant = |it: &&Forbidden| {
        let named = it.policy.rsplit(":policy/").next().unwrap_or_default();
        it.is(policy)
            || named.eq_ignore_ascii_case(policy)
            || it.name().eq_ignore_ascii_case(policy)
    };
    let not_forbidden = || MigrateError::NotForbidden {
        policy: policy.to_owned(),
        named: all.iter().map(|it| format!("`{}`", it.policy)).collect(),
    };
    Ok(all.iter().find(is_meant).ok_or_else(not_forbidden)?)
}

/// Everybody who carries it, in the order of the inventory.
fn carriers<'a>(inventory: &'a Inventory, forbidden: &Forbidden) -> Vec<&'a Bearer> {
    let bearers = inventory.bearers().iter();
    bearers
        .filter(|bearer| migration::concerns(bearer, forbidden))
        .collect()
}

/// The plan; whom the access advisor said nothing of, is told with their entry.
fn made(
    mandate: &Mandate,
    forbidden: &Forbidden,
    inventory: &Inventory,
    advice: &[Advice],
    known: &Known,
) -> Migration {
    let carriers = carriers(inventory, forbidden);
    let successors = successors(inventory, forbidden);
    let surroundings: Vec<Surroundings> = carriers.iter().map(|it| known.of(it)).collect();
    let accessed = advice.iter().map(|advice| advice.as_ref().ok());
    let facts = { carriers.into_iter() }
        .zip(accessed)
        .zip(&surroundings)
        .map(
            |((bearer, accessed), surroundings): ((_, Option<&Accessed>), _)| Facts {
                observed: Observed {
                    bearer,
                    successors: &successors,
                },
                accessed,
                surroundings,
            },
        );
    let mut migration = migration::plan(mandate, forbidden, facts, Timestamp::now());
    for (entry, advice) in migration.entries.iter_mut().zip(advice) {
        if let Err(why) = advice {
            entry.note_no_advice(why);
        }
    }
    migration
}

/// What the account's own successors say, whether or not anybody carries them yet.
fn successors(inventory: &Inventory, forbidden: &Forbidden) -> BTreeMap<String, Document> {
    let all = forbidden.successors.iter();
    let listed = all.filter_map(|it| Some((it.policy.clone(), inventory.policy(&it.policy)?)));
    listed
        .map(|(arn, document)| (arn, document.clone()))
        .collect()
}

/// Checked by the system, so that nothing that came there meanwhile is lost.
fn write_file(file: &Path, text: &str) -> Result<(), Error> {
    let opened = OpenOptions::new().write(true).create_new(true).open(file);
    let written = opened.and_then(|mut open| open.write_all(text.as_bytes()));
    written.map_err(|source| match source.kind() {
        ErrorKind::AlreadyExists => MigrateError::Exists {
            file: file.to_owned(),
        }
        .into(),
        _ => Error::Write {
            file: file.to_owned(),
            source,
        },
    })
}
