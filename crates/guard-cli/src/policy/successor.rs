//! `session-guard policy successor`: policies of the account's own that succeed `AmazonEC2RoleforSSM`.

use std::path::PathBuf;

use guard_core::charter::{Bucket, Forbidden};
use guard_core::compose::successor::{self, OwnBuckets};
use guard_core::compose::{Accounts, Product};
use guard_core::names::AccountId;
use guard_core::recording::Recording;

use super::{default_charter, examine, place};
use crate::check::Examination;
use crate::error::Error;
use crate::exit::Exit;
use crate::product::Out;
use crate::streams::Streams;

const EXAMPLES: &str = "\
Examples:
  session-guard policy successor session-logging --account 123456789012 --out policies
  session-guard policy successor buckets --account 123456789012 --bucket run-command-output --out policies
  session-guard policy successor buckets --account 123456789012 --vpc-endpoint --out policies
  session-guard policy fingerprint policies/session-logging.json

session-logging writes the records of sessions where the charter's baseline has them, in each Region, and nothing else.
buckets reaches those of --bucket and of `buckets` in the charter's [[forbidden]], as far as AmazonEC2RoleforSSM let
instances; with --vpc-endpoint also AWS's own, which the agent reads, and which an endpoint's policy has to allow, too.
Create the policy in the account, and pin it in the charter by its fingerprint as [[forbidden.successor]].";

/// Compose what roles of instances get in place of the deprecated policy, beside AWS's own ones
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Successor {
    /// What it is for
    #[arg(value_enum, value_name = "PURPOSE")]
    purpose: Purpose,
    /// The charter
    #[arg(long, value_name = "FILE", default_value_os_t = default_charter())]
    charter: PathBuf,
    /// The account
    #[arg(long, value_name = "ID", value_parser = AccountId::parse)]
    account: AccountId,
    /// With buckets: one more than the charter names, as NAME or NAME/PREFIX; can be repeated
    #[arg(long, value_name = "BUCKET", value_parser = Bucket::parse)]
    bucket: Vec<Bucket>,
    /// With buckets: instances reach S3 through a VPC endpoint, so that AWS's own buckets are named, too
    #[arg(long)]
    vpc_endpoint: bool,
    #[command(flatten)]
    out: Out,
}

/// What a policy is for, as the charter calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Purpose {
    /// Writing the records of sessions
    SessionLogging,
    /// The buckets that the charter names
    Buckets,
}

impl Successor {
    pub(crate) fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Error> {
        let Some(found) = examine(&self.charter, &self.account, streams)? else {
            return Ok(Exit::Failure);
        };
        let product = match self.purpose {
            Purpose::SessionLogging => session_logging(&found)?,
            Purpose::Buckets => self.buckets(&found)?,
        };
        self.out.write(&product, streams)
    }

    fn buckets(&self, found: &Examination) -> Result<Product, Error> {
        let mandates = found.mandates.iter();
        let regions: Vec<_> = mandates.map(|it| it.scope().region.clone()).collect();
        let forbidden: &[Forbidden] = found
            .mandates
            .first()
            .map(|it| it.charter().forbidden())
            .unwrap_or_default();
        let mut named: Vec<Bucket> = Vec::new();
        let of_charter = forbidden.iter().flat_map(|entry| &entry.buckets);
        for bucket in of_charter.chain(&self.bucket) {
            if !named.contains(bucket) {
                named.push(bucket.clone());
            }
        }
        let place = place(Accounts::These(vec![self.account.clone()]), &regions)?;
        let own = if self.vpc_endpoint {
            OwnBuckets::Named
        } else {
            OwnBuckets::LeftOut
        };
        Ok(successor::buckets(&named, &place, own)?)
    }
}

fn session_logging(found: &Examination) -> Result<Product, Error> {
    let recordings = found
        .mandates
        .iter()
        .map(|it| Recording::of(it.baseline(), it.scope()))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(successor::session_logging(&recordings)?)
}
