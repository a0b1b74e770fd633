//! `session-guard diff`: how the live documents differ from the baseline, Region by Region.

mod difference;

use std::io::Write;
use std::path::{Path, PathBuf};

use guard_aws::ssm::Preferences;
use guard_core::charter::Charter;
use guard_core::mandate::{Mandate, MandateError};
use guard_core::names::{AccountId, Region};

use crate::check::{Examination, write_findings};
use crate::error::Error;
use crate::exit::Exit;
use crate::live::{self, Access, Caller};
use crate::paint::{BAD, Painted};
use crate::scope::EXAMPLE_ACCOUNT;
use crate::streams::Streams;
pub(crate) use difference::{Difference, between, write};

const EXAMPLES: &str = "\
Examples:
  session-guard diff --charter charter.toml
  session-guard diff --charter charter.toml --region eu-central-1 --account 123456789012

Needs ssm:DescribeDocument, ssm:GetDocument and ssm:DescribeDocumentPermission on the document.
Exit status: 0 all the same, 1 errors, 3 something differs, 64 wrong arguments.";

/// Show how the live document of each Region differs from the baseline
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Diff {
    /// The charter
    #[arg(long, value_name = "FILE")]
    charter: PathBuf,
    /// Only this Region of the charter; can be repeated
    #[arg(long, value_name = "REGION", value_parser = Region::parse)]
    region: Vec<Region>,
    /// The account for which `${account}` is filled in; otherwise `aws sts get-caller-identity` is asked
    #[arg(long, value_name = "ID", value_parser = AccountId::parse)]
    account: Option<AccountId>,
    /// An account on this machine instead of AWS
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,
}

impl Diff {
    pub(crate) fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Error> {
        let Some(charter) = written(&self.charter, streams.err)? else {
            return Ok(Exit::Failure);
        };
        let regions = chosen(&self.charter, charter.regions(), &self.region)?;
        let access = Access::new(self.endpoint_url.as_deref());
        live::block_on(async {
            let account = self.account(&access, &regions).await?;
            let found = Examination::of(&self.charter, None, &account)?;
            if !found.is_valid() {
                write_findings(&found, streams.err)?;
                return Ok(Exit::Failure);
            }
            let mut exit = Exit::Success;
            for mandate in mandates(&found, &regions) {
                match differences(&access, mandate).await {
                    Ok(differences) => {
                        write(mandate.scope().region.as_str(), &differences, streams.out)?;
                        if !differences.is_empty() && exit == Exit::Success {
                            exit = Exit::Differs;
                        }
                    }
                    // The other Regions can be told of all the same.
                    Err(error) => {
                        let error = error.chain();
                        writeln!(streams.err, "{} {error}", Painted(BAD, "error:"))?;
                        exit = Exit::Failure;
                    }
                }
            }
            Ok(exit)
        })
    }

    async fn account(&self, access: &Access, regions: &[Region]) -> Result<AccountId, Error> {
        match (&self.account, regions.first()) {
            (Some(account), _) => Ok(account.clone()),
            (None, Some(region)) => caller(access, region).await.map(|caller| caller.account),
            (None, None) => Err(Error::NoRegion),
        }
    }
}

/// A charter that is sound in itself; otherwise what is wrong with it is said.
pub(crate) fn written(charter: &Path, err: &mut dyn Write) -> Result<Option<Charter>, Error> {
    let found = Examination::of(charter, None, &AccountId::parse(EXAMPLE_ACCOUNT)?)?;
    if found.written.is_none() {
        write_findings(&found, err)?;
    }
    Ok(found.written)
}

/// Whose credentials are used; asked only once it is sure where the question goes.
pub(crate) async fn caller(access: &Access, region: &Region) -> Result<Caller, Error> {
    access.to(Some(region)).await?;
    Caller::of(access, region)
}

/// All Regions of a charter, or those that were asked for, if the charter names them.
pub(crate) fn chosen(
    charter: &Path,
    named: &[Region],
    asked: &[Region],
) -> Result<Vec<Region>, Error> {
    if let Some(region) = asked.iter().find(|region| !named.contains(region)) {
        return Err(Error::Mandate {
            file: charter.to_owned(),
            source: MandateError::Region {
                region: region.clone(),
                named: named.to_vec(),
            },
        });
    }
    let chosen = named
        .iter()
        .filter(|region| asked.is_empty() || asked.contains(region));
    Ok(chosen.cloned().collect())
}

/// The mandates of the chosen Regions, in the charter's order.
pub(crate) fn mandates<'a>(
    found: &'a Examination,
    regions: &'a [Region],
) -> impl Iterator<Item = &'a Mandate> {
    regions.iter().filter_map(|region| found.mandate(region))
}

/// How the live document of a mandate's Region differs from its baseline.
pub(crate) async fn differences(
    access: &Access,
    mandate: &Mandate,
) -> Result<Vec<Difference>, Error> {
    let region = &mandate.scope().region;
    let aws = access.to(Some(region)).await?;
    let live = live::read(&Preferences::new(&aws), region).await?;
    Ok(between(live.as_ref(), mandate.baseline()))
}
