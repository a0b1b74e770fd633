//! `session-guard migrate apply`: carries a plan out, one after the other, with a record by which it can be undone.

use std::io::Write;
use std::path::{Path, PathBuf};

use guard_aws::iam::Carriers;
use guard_core::charter::Forbidden;
use guard_core::inventory::Account;
use guard_core::migration::{Entry, FORM, Migration};
use guard_core::roles::{Mandate, Plan, Reason};
use guard_reconcile::policies::{Carried, Stop, migrate};
use serde_json::Value;

use super::MigrateError;
use super::launch_templates::{Launcher, planned};
use super::record::{self, Record};
use super::text::{Result as Became, of_plan, write_result};
use crate::details::Papers;
use crate::error::{Error, chain};
use crate::exit::Exit;
use crate::live::{self, Access, Caller};
use crate::paint::one_line;
use crate::papers::Paper;
use crate::progress::Progress;
use crate::scope;
use crate::streams::Streams;

const EXAMPLES: &str = "\
Examples:
  session-guard migrate apply plan.json --only web-servers
  session-guard migrate apply plan.json
  session-guard migrate apply plan.json --launch-templates

For each role, user or group with a plan: attaches the successors, makes sure that sessions stay recorded, detaches the
forbidden policy, and reads everything back. What is about to be written stands in the record first, beside the plan
as plan.record.jsonl unless --record names another; `session-guard migrate undo` puts it back.
With --launch-templates, then makes the versions of launch templates that the plan has, unless the latest version does not
name the policy any more; it makes none the default one, and prints the command that does.
Stops at the first that is not as the plan has it. Running it again goes on where it stopped.
Needs iam:AttachRolePolicy, iam:DetachRolePolicy, iam:DetachUserPolicy and iam:DetachGroupPolicy, and iam:Get* and
iam:List* on those whom the plan names and on the successors; for launch templates also
ec2:DescribeLaunchTemplateVersions and ec2:CreateLaunchTemplateVersion.
Exit status: 0 all of it is done, 1 a call failed or something cannot be read, 3 something is not as the plan has it,
64 wrong arguments.";

const REMAKE: &str = "make it again with `session-guard migrate plan`";

/// Carry a plan out, with a record by which it can be undone
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Apply {
    /// What `session-guard migrate plan --out` wrote
    #[arg(value_name = "PLAN")]
    plan: PathBuf,
    /// The charter
    #[arg(long, value_name = "FILE", default_value = "charter.toml")]
    charter: PathBuf,
    /// The baseline, instead of the file beside the charter that it names
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// The record, instead of the file beside the plan; what it holds already is kept
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Only the role, user or group of this name; can be repeated
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Make new versions of launch templates whose user data attach the policy, as the plan has them
    #[arg(long)]
    launch_templates: bool,
    /// An account on this machine instead of AWS
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,
}

impl Apply {
    pub(crate) fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Error> {
        let migration = read(&self.plan)?;
        let baseline = self.baseline.as_deref();
        let Some(papers) = Papers::without_sessions(&self.charter, baseline, streams.err)? else {
            return Ok(Exit::Failure);
        };
        let scope = scope::of(&migration.account, papers.region())?;
        let account = Account {
            partition: scope.partition,
            id: scope.account,
        };
        let Some(grounds) = papers.grounds(&account, streams.err)? else {
            return Ok(Exit::Failure);
        };
        let mandate = grounds.mandate();
        let forbidden = self.forbidden(mandate, &migration)?;
        let plans = self.plans(&migration, forbidden)?;
        let access = Access::new(self.endpoint_url.as_deref());
        live::block_on(async {
            let aws = access.to(Some(papers.region())).await?;
            let caller = Caller::of(&access, papers.region())?;
            if caller.account != migration.account {
                return Err(MigrateError::OtherAccount {
                    file: self.plan.clone(),
                    account: migration.account.clone(),
                    caller: caller.account,
                }
                .into());
            }
            let run = Run {
                mandate,
                forbidden,
                record: &Record::open(&self.record())?,
                iam: &Carriers::new(&aws),
            };
            let mut exit = run.all(&plans, streams).await?;
            if let (Exit::Success, true) = (exit, self.launch_templates) {
                let launcher = Launcher {
                    access: &access,
                    forbidden,
                };
                let entries = migration.entries.iter().flat_map(planned);
                let chosen = entries.filter(|(plan, _)| plans.contains(plan));
                exit = launcher.make_all(chosen, streams.out)?;
            }
            self.write_end(exit, streams.err)?;
            Ok(exit)
        })
    }

    fn record(&self) -> PathBuf {
        let beside = || self.plan.with_extension("record.jsonl");
        self.record.clone().unwrap_or_else(beside)
    }

    fn forbidden<'a>(
        &self,
        mandate: &'a Mandate,
        migration: &Migration,
    ) -> Result<&'a Forbidden, Error> {
        let other = || MigrateError::OtherCharter {
            file: self.plan.clone(),
            policy: migration.forbidden.clone(),
        };
        let found = mandate.charter().forbids(&migration.forbidden);
        Ok(found.ok_or_else(other)?)
    }

    /// What is to be carried out; a plan is a file that somebody may have changed.
    fn plans<'a>(
        &self,
        migration: &'a Migration,
        forbidden: &Forbidden,
    ) -> Result<Vec<&'a Plan>, Error> {
        let mut plans = Vec::new();
        for Entry { arn, plan, .. } in &migration.entries {
            let Some(plan) = plan else { continue };
            let found = if plan.arn != *arn {
                &plan.arn
            } else if !forbidden.is(&plan.forbidden) {
                &plan.forbidden
            } else {
                plans.push(plan);
                continue;
            };
            return Err(MigrateError::Contradiction {
                file: self.plan.clone(),
                arn: arn.clone(),
                found: found.clone(),
            }
            .into());
        }
        let names = plans.iter().map(|plan| plan.name.as_str());
        check_names(&self.only, &names.collect::<Vec<_>>(), &self.plan)?;
        plans.retain(|plan| self.only.is_empty() || self.only.contains(&plan.name));
        Ok(plans)
    }

    fn write_end(&self, exit: Exit, err: &mut dyn Write) -> Result<(), Error> {
        let (plan, record) = (self.plan.display(), self.record());
        let undo = format!("`session-guard migrate undo {}`", record.display());
        let written = match exit {
            Exit::Success => writeln!(err, "All of it is done; {undo} puts it back."),
            Exit::Failure | Exit::Findings | Exit::Differs | Exit::Usage => writeln!(
                err,
                "Nothing was done to those behind it. Once the cause is gone, run the same again: it goes on from here. \
                 Or leave it out with --only, make a new plan, or put back what was done with {undo}. The plan: `{plan}`."
            ),
        };
        Ok(written?)
    }
}

/// The plan in a file.
fn read(file: &Path) -> Result<Migration, Error> {
    let paper = Paper::read(file)?;
    let failed = |source| MigrateError::NoPlan {
        file: file.to_owned(),
        source,
    };
    let value: Value = serde_json::from_str(&paper.text).map_err(failed)?;
    record::check_form(file, &value, FORM, REMAKE)?;
    Ok(serde_json::from_value(value).map_err(failed)?)
}

/// Every name that was asked for must be there: a wrong one would pass for nothing to do.
pub(super) fn check_names(only: &[String], names: &[&str], file: &Path) -> Result<(), Error> {
    match only.iter().find(|name| !names.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => Err(MigrateError::Nobody {
            name: name.clone(),
            file: file.to_owned(),
        }
        .into()),
    }
}

/// What carries the plans of a file out.
struct Run<'a> {
    mandate: &'a Mandate,
    forbidden: &'a Forbidden,
    record: &'a Record,
    iam: &'a Carriers,
}

impl Run<'_> {
    /// One after the other, up to the first that does not come to its end.
    async fn all(&self, plans: &[&Plan], streams: &mut Streams<'_>) -> Result<Exit, Error> {
        let progress = Progress::of_migrating(plans.len());
        for plan in plans {
            progress.about(&of_plan(plan));
            let carried = migrate(self.mandate, self.forbidden, plan, self.record, self.iam).await;
            progress.aside(|| write(plan, &carried, streams.out))?;
            progress.step();
            match carried.stop {
                None => {}
                Some(Stop::Surprise(_)) => return Ok(Exit::Differs),
                Some(Stop::Failed(_)) => return Ok(Exit::Failure),
            }
        }
        Ok(Exit::Success)
    }
}

/// Where the forbidden policy is, of which no detachment was confirmed; nothing to say of who is not there any more.
fn whereabouts(stop: &Stop, forbidden: &str) -> Option<String> {
    match stop {
        Stop::Surprise(reasons) => {
            let is_about_another =
                |reason: &Reason| matches!(reason, Reason::Gone | Reason::AnotherBearer);
            (!reasons.iter().any(is_about_another))
                .then(|| format!("nothing was detached: `{forbidden}` is where it was"))
        }
        // The answer to the call may be all that was lost.
        Stop::Failed(_) => Some(format!(
            "no detachment of `{forbidden}` was confirmed: the same run again finds out, and goes on"
        )),
    }
}

fn write(plan: &Plan, carried: &Carried, out: &mut dyn Write) -> std::io::Result<()> {
    let mut more = carried.done.clone();
    let became = match &carried.stop {
        None if carried.done.is_empty() => Became::Already("already done"),
        None => Became::Done("migrated"),
        Some(stop) => {
            match stop {
                Stop::Surprise(reasons) => more.extend(reasons.iter().map(ToString::to_string)),
                Stop::Failed(error) => more.push(chain(error)),
            }
            let detached = format!("detached `{}`", plan.forbidden);
            if !carried.done.contains(&detached) {
                more.extend(whereabouts(stop, &plan.forbidden));
            }
            Became::Stopped
        }
    };
    let more: Vec<_> = more.iter().map(|line| one_line(line)).collect();
    write_result(became, &of_plan(plan), &more, out)
}
