//! `session-guard migrate undo`: puts back what a migration did, by its record.

use std::io::Write;
use std::path::PathBuf;

use guard_aws::iam::Carriers;
use guard_core::inventory::{Account, BearerKind};
use guard_core::migration::{Line, Outstanding, Whom, outstanding};
use guard_core::names::Region;
use guard_reconcile::policies::{Barred, Undone, undo};

use super::MigrateError;
use super::apply::check_names;
use super::record::{self, Record};
use super::text::{Result as Became, of_whom, write_result};
use crate::details::Papers;
use crate::error::{Error, chain};
use crate::exit::Exit;
use crate::live::{self, Access, Caller};
use crate::paint::one_line;
use crate::progress::Progress;
use crate::scope;
use crate::streams::Streams;

const EXAMPLES: &str = "\
Examples:
  session-guard migrate undo plan.record.jsonl --only web-servers
  session-guard migrate undo plan.record.jsonl

Whoever was migrated last comes first: roles get the forbidden policy again, then the successors leave that the record
has attached; what was attached before stays. For users and groups it says the command that attaches the policy again.
What is put back stands in the record, too, so that a second run does nothing. A record that names other policies than
the charter forbids, or names as their successors, is refused as a whole.
Needs iam:AttachRolePolicy, iam:DetachRolePolicy, and iam:Get* and iam:List* on those whom the record names.
Exit status: 0 all of it is put back, 1 a call failed or something cannot be read, 3 something is not as the record has
it or is left to a person, 64 wrong arguments.";

/// Put back what a migration did, by its record
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Undo {
    /// What `session-guard migrate apply` wrote
    #[arg(value_name = "RECORD")]
    record: PathBuf,
    /// The charter, which must forbid and name what the record attaches and detaches
    #[arg(long, value_name = "FILE", default_value = "charter.toml")]
    charter: PathBuf,
    /// The baseline, instead of the file beside the charter that it names
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Only the role, user or group of this name; can be repeated
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// The Region through which IAM is asked, which belongs to none; otherwise that of the environment or the profile
    #[arg(long, value_name = "REGION", value_parser = Region::parse)]
    region: Option<Region>,
    /// An account on this machine instead of AWS
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,
}

impl Undo {
    pub(crate) fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Error> {
        let lines = record::read(&self.record)?;
        if lines.is_empty() {
            let file = self.record.clone();
            return Err(MigrateError::NoLines { file }.into());
        }
        let names: Vec<&str> = lines.iter().map(|line| line.whom.name.as_str()).collect();
        check_names(&self.only, &names, &self.record)?;
        if !self.is_by_charter(&lines, streams)? {
            return Ok(Exit::Failure);
        }
        let mut all = outstanding(&lines);
        all.retain(|it| self.only.is_empty() || self.only.contains(&it.whom.name));
        if all.is_empty() {
            writeln!(streams.out, "nothing is left to put back")?;
            return Ok(Exit::Success);
        }
        live::block_on(self.all(all, streams))
    }

    /// Whether each line can have been written by the charter; `false` if the charter has errors, which are then said.
    fn is_by_charter(&self, lines: &[Line], streams: &mut Streams<'_>) -> Result<bool, Error> {
        let baseline = self.baseline.as_deref();
        let Some(papers) = Papers::without_sessions(&self.charter, baseline, streams.err)? else {
            return Ok(false);
        };
        // Lines about another account's policies are none of this charter's either.
        let Some(first) = lines.first() else {
            return Ok(true);
        };
        let scope = scope::of(&first.whom.account, papers.region())?;
        let account = Account {
            partition: scope.partition,
            id: scope.account,
        };
        let Some(grounds) = papers.grounds(&account, streams.err)? else {
            return Ok(false);
        };
        let charter = grounds.mandate().charter();
        if let Some(index) = lines.iter().position(|line| !line.is_by(charter)) {
            return Err(MigrateError::Foreign {
                file: self.record.clone(),
                number: index + 1,
            }
            .into());
        }
        Ok(true)
    }

    async fn all(&self, all: Vec<Outstanding>, streams: &mut Streams<'_>) -> Result<Exit, Error> {
        let access = Access::new(self.endpoint_url.as_deref());
        let aws = access.to(self.region.as_ref()).await?;
        let region = Region::parse(aws.region().ok_or(Error::NoRegion)?)?;
        self.check_account(&Caller::of(&access, &region)?, &all)?;
        let (record, iam) = (Record::open(&self.record)?, Carriers::new(&aws));
        let progress = Progress::of_migrating(all.len());
        let mut exit = Exit::Success;
        for outstanding in all {
            let (whom, forbidden) = (outstanding.whom.clone(), outstanding.forbidden.clone());
            progress.about(&of_whom(&whom));
            let undone = undo(outstanding, &record, &iam).await;
            progress.aside(|| write(&whom, &forbidden, &undone, streams.out))?;
            progress.step();
            // The others can be put back all the same.
            exit = worse(exit, exit_of(&undone));
        }
        Ok(exit)
    }

    fn check_account(&self, caller: &Caller, all: &[Outstanding]) -> Result<(), Error> {
        let mut accounts = all.iter().map(|it| &it.whom.account);
        match accounts.find(|account| **account != caller.account) {
            None => Ok(()),
            Some(account) => Err(MigrateError::OtherAccount {
                file: self.record.clone(),
                account: account.clone(),
                caller: caller.account.clone(),
            }
            .into()),
        }
    }
}

fn exit_of(undone: &Undone) -> Exit {
    match (&undone.stop, &undone.by_hand) {
        (Some(Barred::Failed(_)), _) => Exit::Failure,
        (Some(Barred::By(_)), _) | (None, Some(_)) => Exit::Differs,
        (None, None) => Exit::Success,
    }
}

/// A failed call is told before what is not as it was.
fn worse(one: Exit, other: Exit) -> Exit {
    if one == Exit::Failure || other == Exit::Success {
        one
    } else {
        other
    }
}

fn write(
    whom: &Whom,
    forbidden: &str,
    undone: &Undone,
    out: &mut dyn Write,
) -> std::io::Result<()> {
    let mut more = undone.done.clone();
    let became = match (&undone.stop, &undone.by_hand) {
        (Some(Barred::By(obstacle)), _) => {
            more.push(obstacle.to_string());
            Became::Stopped
        }
        (Some(Barred::Failed(error)), _) => {
            more.push(chain(error));
            Became::Stopped
        }
        (None, Some(policy)) => {
            more.push(command(whom, policy));
            Became::ByHand
        }
        (None, None) if undone.done.is_empty() => Became::Already("as it was"),
        (None, None) => Became::Done("put back"),
    };
    let more: Vec<_> = more.iter().map(|line| one_line(line)).collect();
    let whom = format!("{}: `{forbidden}`", of_whom(whom));
    write_result(became, &whom, &more, out)
}

/// What a person runs; names of IAM need no quotes, since they hold letters, digits and `+=,.@_-` only.
fn command(whom: &Whom, policy: &str) -> String {
    let name = &whom.name;
    match whom.kind {
        BearerKind::User => {
            format!("aws iam attach-user-policy --user-name {name} --policy-arn {policy}")
        }
        BearerKind::Group => {
            format!("aws iam attach-group-policy --group-name {name} --policy-arn {policy}")
        }
        BearerKind::Role => {
            format!("aws iam attach-role-policy --role-name {name} --policy-arn {policy}")
        }
    }
}
