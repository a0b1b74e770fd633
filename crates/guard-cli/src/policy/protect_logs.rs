//! `session-guard policy protect-logs`: the policies that keep what sessions left behind.

use std::path::PathBuf;

use guard_core::charter::Who;
use guard_core::compose::Accounts;
use guard_core::compose::protect_logs::{self, Destination, Protection};
use guard_core::names::{AccountId, Scope};

use super::grant::keys;
use super::{Form, default_charter, examine, place};
use crate::error::Error;
use crate::exit::Exit;
use crate::product::Out;
use crate::streams::Streams;

const EXAMPLES: &str = "\
Examples:
  session-guard policy protect-logs --account 123456789012
  session-guard policy protect-logs --account 123456789012 --except arn:aws:iam::123456789012:role/log-owners \\
    --kms-key alias/session-logs --out policies
  session-guard policy protect-logs --account 123456789012 --form scp --except permission-set/LogAdmins

Protected are the log group, bucket and key that the charter's baseline names in each Region, and keys named besides.
With --except there is a policy for each bucket too, and a statement for keys: without, they would bind everybody.
Nodes go on writing.";

/// Compose the policies that keep logs from being deleted or weakened
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ProtectLogs {
    /// The charter, whose baseline names the destinations
    #[arg(long, value_name = "FILE", default_value_os_t = default_charter())]
    charter: PathBuf,
    /// The account
    #[arg(long, value_name = "ID", value_parser = AccountId::parse)]
    account: AccountId,
    /// What the policy against people is attached to
    #[arg(long, value_enum, default_value_t = Form::Identity)]
    form: Form,
    /// Who answers for the logs: the ARN of a role or user, or permission-set/NAME; can be repeated
    #[arg(long, value_name = "WHO", value_parser = Who::parse)]
    except: Vec<Who>,
    /// A further key, such as that of the log group or bucket: ARN, id or alias; can be repeated
    #[arg(long, value_name = "KEY")]
    kms_key: Vec<String>,
    #[command(flatten)]
    out: Out,
}

impl ProtectLogs {
    pub(crate) fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Error> {
        let Some(found) = examine(&self.charter, &self.account, streams)? else {
            return Ok(Exit::Failure);
        };
        let mandates = found.mandates.iter();
        let scopes: Vec<Scope> = mandates.clone().map(|it| it.scope().clone()).collect();
        let regions: Vec<_> = scopes.iter().map(|it| it.region.clone()).collect();
        let destinations = mandates
            .map(|it| Destination::of(it.baseline(), it.scope()))
            .collect::<Result<_, _>>()?;
        let protection = Protection {
            destinations,
            keys: keys(&self.kms_key, &scopes)?,
            except: self.except.clone(),
            place: place(Accounts::These(vec![self.account.clone()]), &regions)?,
            form: self.form.into(),
        };
        self.out
            .write(&protect_logs::compose(&protection)?, streams)
    }
}
