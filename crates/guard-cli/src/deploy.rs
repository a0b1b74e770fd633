//! `session-guard deploy`: the guards and the rules, in every Region of the charter.

mod binary;
mod carry_out;
mod function;
mod gate;
mod plan;
mod recorder;
mod roster;
mod script;
mod step;

use std::io::Write;
use std::path::{Path, PathBuf};

use guard_core::names::{AccountId, Region};
use jiff::Timestamp;

use crate::check::{Examination, write_findings};
use crate::diff::{self, caller, chosen};
use crate::error::Error;
use crate::exit::Exit;
use crate::live::{self, Access};
use crate::pack::Package;
use crate::paint::{HEAD, Painted};
use crate::scope::EXAMPLE_ACCOUNT;
use crate::streams::Streams;
use binary::Arch;
use carry_out::{Programs, carry_out};
use function::templates;
use gate::{obstructed, show_differences, show_obstacles, stopped};
use plan::{Powers, Wish, steps};
use roster::Roster;
use step::{Places, Step};

const EXAMPLES: &str = "\
Examples:
  session-guard deploy --charter charter.toml --dry-run
  session-guard deploy --charter charter.toml --arch x86_64
  session-guard deploy --charter charter.toml --overwrite --email security@example.com
  session-guard deploy --charter charter.toml --without-rules

Run in the project's folder, after `make build`; `make deploy` does both. The programs `aws` and `cargo-lambda`
are found on the PATH. Where a live document differs from the baseline nothing is deployed, unless --overwrite says
so; `session-guard adopt` takes the live document for the baseline.
The rules need AWS Config to record in each Region, and those on principals in the charter's `config-region`; where
it does not, nothing is deployed, unless --without-rules says to do without them.
Exit status: 0 deployed, 1 errors, 3 a live document differs and nothing was done, 64 wrong arguments.";

/// Deploy the guard, and the rules that AWS Config shows, to every Region of the charter
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Deploy {
    /// The charter; its baseline lies beside it
    #[arg(long, value_name = "FILE")]
    charter: PathBuf,
    /// The processor that the functions were built for: arm64 unless --lambda-dir says where another one is
    #[arg(long, value_enum)]
    arch: Option<Arch>,
    /// Deploy although a live document differs from the baseline, which replaces it
    #[arg(long)]
    overwrite: bool,
    /// Do without the rules that AWS Config shows, as where it is not used
    #[arg(long)]
    without_rules: bool,
    /// Runs of the guard at one time, kept free for it and no more
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    reserved_concurrency: Option<u32>,
    /// An account on this machine instead of AWS
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,
    /// Only this Region of the charter; can be repeated
    #[arg(long, value_name = "REGION", value_parser = Region::parse)]
    region: Vec<Region>,
    /// The folder of the built functions, which `make build` made
    #[arg(long, value_name = "DIR")]
    lambda_dir: Option<PathBuf>,
    /// Who gets the alerts, once the address has confirmed it
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// The project's folder, with the templates in infra/
    #[arg(long, value_name = "DIR", default_value = ".")]
    project: PathBuf,
    /// Write the commands as a shell script; ask and change nothing
    #[arg(long)]
    dry_run: bool,
}

/// What goes where.
#[derive(Debug)]
struct Course {
    roster: Roster,
    /// The Regions of the roster, or those of them that were asked for.
    regions: Vec<Region>,
    places: Places,
}

impl Deploy {
    pub(crate) fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Error> {
        let Some(course) = self.course(streams)? else {
            return Ok(Exit::Failure);
        };
        if self.dry_run {
            return self.write_script(&course, streams);
        }
        binary::check(&course.places.lambda, self.arch, &course.roster.binaries())?;
        let programs = Programs::find()?;
        let access = Access::new(self.endpoint_url.as_deref());
        let region = course.regions.first().ok_or(Error::NoRegion)?;
        let caller = live::block_on(caller(&access, region))?;
        writeln!(streams.out, "account {}, as {}", caller.account, caller.arn)?;
        let Some(found) = self.examined(&caller.account, streams)? else {
            return Ok(Exit::Failure);
        };
        let shown = show_differences(&access, &found, &course.regions, streams.out);
        let differs = live::block_on(shown)?;
        let is_obstructed = show_obstacles(&access, &course.roster, &course.regions, streams)?;
        if differs && !self.overwrite {
            writeln!(streams.err, "{}", stopped(&self.charter))?;
            return Ok(Exit::Differs);
        }
        if is_obstructed {
            writeln!(streams.err, "{}", obstructed())?;
            return Ok(Exit::Failure);
        }
        self.deploy(&found, &course, &programs, streams.out)?;
        Ok(Exit::Success)
    }

    /// `None` if the charter is not sound; what is wrong with it is said then.
    fn course(&self, streams: &mut Streams<'_>) -> Result<Option<Course>, Error> {
        let Some(charter) = diff::written(&self.charter, streams.err)? else {
            return Ok(None);
        };
        let roster = if self.without_rules {
            Roster::without_rules(&charter)
        } else {
            Roster::with_rules(&charter)
        };
        Ok(Some(Course {
            regions: chosen(&self.charter, &roster.regions(), &self.region)?,
            roster,
            places: self.places()?,
        }))
    }

    fn places(&self) -> Result<Places, Error> {
        let absolute = |path: &Path| {
            std::path::absolute(path).map_err(|source| Error::Read {
                file: path.to_owned(),
                source,
            })
        };
        for file in templates().chain(["Cargo.toml"]) {
            let file = self.project.join(file);
            if !file.is_file() {
                return Err(Error::NoProject { file });
            }
        }
        let lambda = match &self.lambda_dir {
            Some(folder) => folder.clone(),
            None => binary::built_for(self.arch.unwrap_or(Arch::Arm64), &self.project),
        };
        Ok(Places {
            project: absolute(&self.project)?,
            lambda: absolute(&lambda)?,
        })
    }

    fn examined(
        &self,
        account: &AccountId,
        streams: &mut Streams<'_>,
    ) -> Result<Option<Examination>, Error> {
        let found = Examination::of(&self.charter, None, account)?;
        write_findings(&found, streams.err)?;
        Ok(Some(found).filter(Examination::is_valid))
    }

    fn steps(
        &self,
        course: &Course,
        found: &Examination,
        files: &[&str],
        region: &Region,
    ) -> Vec<Step> {
        let powers = found
            .mandates
            .first()
            .map(|mandate| Powers::of(mandate.charter()))
            .unwrap_or_default();
        let wish = Wish {
            powers: &powers,
            roster: &course.roster,
            files,
            email: self.email.as_deref(),
            reserved_concurrency: self.reserved_concurrency,
            endpoint_url: self.endpoint_url.as_deref(),
        };
        steps(&wish, &course.places, region)
    }

    fn write_script(&self, course: &Course, streams: &mut Streams<'_>) -> Result<Exit, Error> {
        let Some(found) = self.examined(&AccountId::parse(EXAMPLE_ACCOUNT)?, streams)? else {
            return Ok(Exit::Failure);
        };
        let files = Package::of(&found).ok_or(Error::Unexamined)?.files();
        script::write_packing(&self.charter, streams.out)?;
        for region in &course.regions {
            script::write(
                region,
                &self.steps(course, &found, &files, region),
                streams.out,
            )?;
        }
        if let Some(left_out) = course.roster.left_out() {
            writeln!(streams.err, "{left_out}")?;
        }
        Ok(Exit::Success)
    }

    fn deploy(
        &self,
        found: &Examination,
        course: &Course,
        programs: &Programs,
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        let package = Package::of(found).ok_or(Error::Unexamined)?;
        let folder = tempfile::tempdir().map_err(|source| Error::Write {
            file: std::env::temp_dir(),
            source,
        })?;
        let files = package.write(folder.path(), Timestamp::now())?;
        for region in &course.regions {
            writeln!(out, "{}", Painted(HEAD, &format!("deploying to {region}")))?;
            let steps = self.steps(course, found, &files, region);
            carry_out(&steps, programs, folder.path(), out)?;
        }
        writeln!(
            out,
            "deployed. The next sweep, within five minutes, puts right what differs; see with\n  \
             session-guard diff --charter {}\n\
             Nobody is alerted until somebody subscribes to the topic session-guard-alerts.",
            self.charter.display()
        )?;
        if let Some(left_out) = course.roster.left_out() {
            writeln!(out, "{left_out}")?;
        }
        Ok(())
    }
}
