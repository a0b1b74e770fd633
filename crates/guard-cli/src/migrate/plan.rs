//! `session-guard migrate plan`: how a forbidden policy would leave everybody who carries it, and what would be lost.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use guard_core::charter::Forbidden;
use guard_core::inventory::{Bearer, Document, Inventory};
use guard_core::migration::{self, Accessed, Around, Facts, Migration, Surroundings};
use guard_core::names::Region;
use guard_core::roles::{Mandate, Observed};
use guard_reconcile::account::AccountError;
use jiff::Timestamp;

use super::accessed::{self, Advice};
use super::account::Live;
use super::surroundings::{Files, Known, Look};
use super::{MigrateError, text};
use crate::details::{self, Papers};
use crate::error::Error;
use crate::exit::Exit;
use crate::format::Format;
use crate::live::{self, Access};
use crate::streams::Streams;

const EXAMPLES: &str = "\
Examples:
  session-guard migrate plan --out plan.json
  session-guard migrate plan --region eu-west-1 --out plan.json
  session-guard migrate plan --details details.json --accessed accessed --out plan.json
  session-guard migrate plan --details details.json --instances instances.json --instance-profiles profiles.json

Reads the account of the credentials, asks IAM's access advisor what each who carries the policy used, and looks in
every Region of the charter for instances, launch templates and stacks that have to do with them. What cannot be
looked at stands in the plan.
With --details, a file made with `aws iam get-account-authorization-details` without filters, nothing is asked of AWS.
The folder of --accessed holds, for each role, user or group that carries the policy, what
`aws iam get-service-last-accessed-details` prints, as role-NAME.json, user-NAME.json or group-NAME.json. With
--details and without it everything counts as used.
docs/migration.md tells what a plan says, what it cannot know, and which permissions it needs.
Nothing in the account is changed.
Exit status: 0 planned, 1 a call failed or something cannot be read, 64 wrong arguments.";

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
    /// What `aws iam get-account-authorization-details` wrote, or - for the standard input, instead of the account
    #[arg(long, value_name = "FILE")]
    details: Option<PathBuf>,
    /// The forbidden policy, by its name or ARN
    #[arg(
        long,
        value_name = "POLICY",
        default_value = "service-role/AmazonEC2RoleforSSM"
    )]
    policy: String,
    /// The folder with what the access advisor says of each, instead of asking it
    #[arg(long, value_name = "DIR")]
    accessed: Option<PathBuf>,
    #[command(flatten)]
    files: Files,
    /// The file to write the plan to, for `migrate apply`; it must not exist
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// A Region beside those of the charter in which to look for instances, launch templates and stacks; can be repeated
    #[arg(long, value_name = "REGION", value_parser = Region::parse, conflicts_with = "details")]
    region: Vec<Region>,
    /// An account on this machine instead of AWS
    #[arg(long, value_name = "URL", conflicts_with = "details")]
    endpoint_url: Option<String>,
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
        live::block_on(self.plan(&papers, streams))
    }

    async fn plan(&self, papers: &Papers, streams: &mut Streams<'_>) -> Result<Exit, Error> {
        let access = Access::new(self.endpoint_url.as_deref());
        let (inventory, live) = if let Some(file) = &self.details {
            (details::inventory(file)?, None)
        } else {
            let live = Live::new(&access, papers.region()).await?;
            (live.inventory().await?, Some(live))
        };
        let account = inventory.account().ok_or_else(|| self.nobody())?;
        let Some(grounds) = papers.grounds(account, streams.err)? else {
            return Ok(Exit::Failure);
        };
        let mandate = grounds.mandate();
        let forbidden = chosen(mandate, &self.policy)?;
        let carriers = carriers(&inventory, forbidden);
        let known = match &live {
            None => self.files.read(forbidden)?,
            Some(live) => {
                let look = Look {
                    access: &access,
                    account: &account.id,
                    regions: &self.regions(mandate),
                    forbidden,
                };
                look.everywhere(live.iam()).await
            }
        };
        let advice = match (&self.accessed, &live) {
            (Some(folder), _) => accessed::of_all(folder, &carriers)?,
            (None, Some(live)) => live.advice(&carriers).await,
            (None, None) => vec![Err("it was not asked".to_owned()); carriers.len()],
        };
        let migration = made(mandate, forbidden, &inventory, &advice, &known);
        self.write(&migration, streams)?;
        Ok(Exit::Success)
    }

    /// Those of the charter, and further ones.
    fn regions(&self, mandate: &Mandate) -> Vec<Region> {
        let mut regions = mandate.charter().regions().to_vec();
        for region in &self.region {
            if !regions.contains(region) {
                regions.push(region.clone());
            }
        }
        regions
    }

    fn nobody(&self) -> Error {
        match &self.details {
            Some(file) => Error::Nobody { file: file.clone() },
            None => MigrateError::Account {
                source: AccountError::Nobody,
            }
            .into(),
        }
    }

    fn write(&self, migration: &Migration, streams: &mut Streams<'_>) -> Result<(), Error> {
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
    let elsewhere = known.elsewhere(&carriers);
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
                user_data: &known.user_data,
            },
        );
    let around = Around {
        elsewhere,
        looked: known.looked.clone(),
    };
    let mut migration = migration::plan(mandate, forbidden, facts, around, Timestamp::now());
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
