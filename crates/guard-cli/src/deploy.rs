//! `session-guard deploy`: the guard and the rules, in every Region of the charter.

mod binary;
mod carry_out;
mod function;
mod plan;
mod recorder;
mod roster;
mod script;
mod step;

use std::io::Write;
use std::path::{Path, PathBuf};

use guard_core::charter::Charter;
use guard_core::names::{AccountId, Region};
use jiff::Timestamp;

use crate::check::{Examination, write_findings};
use crate::diff::{self, Difference, caller, chosen, mandates};
use crate::error::Error;
use crate::exit::Exit;
use crate::live::{self, Access};
use crate::pack::Package;
use crate::paint::{BAD, HEAD, ODD, Painted};
use crate::scope::EXAMPLE_ACCOUNT;
use crate::streams::Streams;
use binary::Arch;
use carry_out::{Programs, carry_out};
use function::templates;
use plan::{Wish, steps};
use recorder::obstacles;
use roster::Roster;
use step::Places;

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

impl Deploy {
    pub(crate) fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Error> {
        let Some(charter) = diff::written(&self.charter, streams.err)? else {
            return Ok(Exit::Failure);
        };
        let roster = self.roster(&charter);
        let regions = chosen(&self.charter, &roster.regions(), &self.region)?;
        let places = self.places()?;
        if self.dry_run {
            return self.write_script(&roster, &regions, &places, streams);
        }
        binary::check(&places.lambda, self.arch, &roster.binaries())?;
        let programs = Programs::find()?;
        let access = Access::new(self.endpoint_url.as_deref());
        let region = regions.first().ok_or(Error::NoRegion)?;
        let caller = live::block_on(caller(&access, region))?;
        writeln!(streams.out, "account {}, as {}", caller.account, caller.arn)?;
        let Some(found) = self.examined(&caller.account, streams)? else {
            return Ok(Exit::Failure);
        };
        let differs = live::block_on(show_differences(&access, &found, &regions, streams.out))?;
        let is_obstructed = show_obstacles(&access, &roster, &regions, streams)?;
        if differs && !self.overwrite {
            writeln!(streams.err, "{}", stopped(&self.charter))?;
            return Ok(Exit::Differs);
        }
        if is_obstructed {
            writeln!(streams.err, "{}", obstructed())?;
            return Ok(Exit::Failure);
        }
        self.deploy(&found, &roster, &regions, (&places, &programs), streams.out)?;
        Ok(Exit::Success)
    }

    fn roster(&self, charter: &Charter) -> Roster {
        if self.without_rules {
            Roster::without_rules(charter)
        } else {
            Roster::with_rules(charter)
        }
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

    fn wish<'a>(&'a self, files: &'a [&'a str], roster: &'a Roster) -> Wish<'a> {
        Wish {
            roster,
            files,
            email: self.email.as_deref(),
            reserved_concurrency: self.reserved_concurrency,
            endpoint_url: self.endpoint_url.as_deref(),
        }
    }

    fn write_script(
        &self,
        roster: &Roster,
        regions: &[Region],
        places: &Places,
        streams: &mut Streams<'_>,
    ) -> Result<Exit, Error> {
        let Some(found) = self.examined(&AccountId::parse(EXAMPLE_ACCOUNT)?, streams)? else {
            return Ok(Exit::Failure);
        };
        let files = Package::of(&found).ok_or(Error::Unexamined)?.files();
        script::write_packing(&self.charter, streams.out)?;
        for region in regions {
            let steps = steps(&self.wish(&files, roster), places, region);
            script::write(region, &steps, streams.out)?;
        }
        if let Some(left_out) = roster.left_out() {
            writeln!(streams.err, "{left_out}")?;
        }
        Ok(Exit::Success)
    }

    fn deploy(
        &self,
        found: &Examination,
        roster: &Roster,
        regions: &[Region],
        (places, programs): (&Places, &Programs),
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        let package = Package::of(found).ok_or(Error::Unexamined)?;
        let folder = tempfile::tempdir().map_err(|source| Error::Write {
            file: std::env::temp_dir(),
            source,
        })?;
        let files = package.write(folder.path(), Timestamp::now())?;
        for region in regions {
            writeln!(out, "{}", Painted(HEAD, &format!("deploying to {region}")))?;
            let steps = steps(&self.wish(&files, roster), places, region);
            carry_out(&steps, programs, folder.path(), out)?;
        }
        writeln!(
            out,
            "deployed. The next sweep, within five minutes, puts right what differs; see with\n  \
             session-guard diff --charter {}\n\
             Nobody is alerted until somebody subscribes to the topic session-guard-alerts.",
            self.charter.display()
        )?;
        if let Some(left_out) = roster.left_out() {
            writeln!(out, "{left_out}")?;
        }
        Ok(())
    }
}

/// Shows every Region before anything is done in one of them; answers whether any differs.
async fn show_differences(
    access: &Access,
    found: &Examination,
    regions: &[Region],
    out: &mut dyn Write,
) -> Result<bool, Error> {
    let mut differs = false;
    writeln!(
        out,
        "{}",
        Painted(HEAD, "what is live, against the baseline")
    )?;
    for mandate in mandates(found, regions) {
        let differences: Vec<Difference> = diff::differences(access, mandate).await?;
        diff::write(mandate.scope().region.as_str(), &differences, out)?;
        differs |= !differences.is_empty();
    }
    Ok(differs)
}

/// Shows what stands in the way of the rules in every Region; answers whether they cannot do their work in one.
fn show_obstacles(
    access: &Access,
    roster: &Roster,
    regions: &[Region],
    streams: &mut Streams<'_>,
) -> Result<bool, Error> {
    let mut is_obstructed = false;
    for region in regions {
        for obstacle in obstacles(access, region, &roster.heard(region))? {
            let kind = if obstacle.is_fatal() {
                Painted(BAD, "error:")
            } else {
                Painted(ODD, "warning:")
            };
            writeln!(streams.err, "{region}: {kind} {obstacle}")?;
            is_obstructed |= obstacle.is_fatal();
        }
    }
    Ok(is_obstructed)
}

fn obstructed() -> String {
    format!(
        "{} nothing was deployed. Either put right what stands above,\n\
         or deploy the guard without the rules that AWS Config shows: --without-rules (make deploy WITHOUT_RULES=yes)",
        Painted(ODD, "stopped:")
    )
}

fn stopped(charter: &Path) -> String {
    let charter = charter.display();
    format!(
        "{} nothing was deployed. Where the document is missing there is nothing to lose: overwrite.\n\
         Otherwise either take what is live for the baseline:\n  \
         session-guard adopt --region REGION --out FILE\n\
         or let the guard replace it with the baseline of `{charter}`:\n  \
         session-guard deploy --charter {charter} --overwrite    (make deploy OVERWRITE=yes)\n\
         While the charter's mode is `report`, the guard only says what it would replace.",
        Painted(ODD, "stopped:")
    )
}
