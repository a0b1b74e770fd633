//! `session-guard policy start-session`: the policy that lets people open sessions.

use std::path::PathBuf;

use guard_core::charter::{Charter, Sessions};
use guard_core::compose::{Accounts, start_session};
use guard_core::names::{AccountId, DocumentName, Region, Scope};

use super::{GrantArgs, examine, keys_of, place};
use crate::error::Error;
use crate::exit::Exit;
use crate::product::Out;
use crate::scope;
use crate::streams::Streams;

const EXAMPLES: &str = "\
Examples:
  session-guard policy start-session --charter charter.toml --account 123456789012
  session-guard policy start-session --charter charter.toml --account 123456789012 --pattern tag --tag SessionAccess=web
  session-guard policy start-session --pattern arn --account 123456789012 --region eu-central-1 \\
    --instance arn:aws:ec2:eu-central-1:123456789012:instance/i-0123456789abcdef0 --for user
  session-guard policy start-session --pattern abac --tag-key Team --for permission-set \\
    --account 123456789012 --account 111122223333 --region eu-central-1 --kms-key alias/session-manager

For several accounts, the policy names the caller's own by a variable and so is for whichever it is assigned in.
With a charter, pattern, documents, Regions and key are its own and its baseline's unless they are named, and nothing
is composed that is wider than its [sessions].
What to know about the policy goes to the standard error.";

/// Compose the policy that lets people open sessions, no wider than one of the three patterns
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct StartSession {
    /// The charter, whose `[sessions]` are taken
    #[arg(long, value_name = "FILE")]
    charter: Option<PathBuf>,
    #[command(flatten)]
    grant: GrantArgs,
    /// A document that sessions may use; can be repeated
    #[arg(long, value_name = "NAME", value_parser = DocumentName::parse)]
    document: Vec<DocumentName>,
    /// A Region in which sessions may be opened; can be repeated
    #[arg(long, value_name = "REGION", value_parser = Region::parse, required_unless_present = "charter")]
    region: Vec<Region>,
    /// The account; can be repeated for a permission set that is assigned in several
    #[arg(long, value_name = "ID", value_parser = AccountId::parse, required = true)]
    account: Vec<AccountId>,
    #[command(flatten)]
    out: Out,
}

impl StartSession {
    pub(crate) fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Error> {
        let mut examinations = Vec::new();
        for account in &self.account {
            let Some(charter) = &self.charter else {
                continue;
            };
            match examine(charter, account, streams)? {
                Some(found) => examinations.push(found),
                None => return Ok(Exit::Failure),
            }
        }
        let first = examinations.first().and_then(|it| it.written.as_ref());
        let sessions = first.and_then(|it| it.sessions());
        let named = first.map(Charter::regions);
        let regions = match named {
            Some(named) if self.region.is_empty() => named.to_vec(),
            Some(named) => chosen(named, &self.region)?,
            None => self.region.clone(),
        };
        let mandates = examinations.iter().flat_map(|it| &it.mandates);
        let keys = keys_of(mandates.filter(|it| regions.contains(&it.scope().region)))?;
        let place = place(Accounts::These(self.account.clone()), &regions)?;
        let scopes = self.scopes(&regions)?;
        let grant = self
            .grant
            .grant(sessions, self.documents(sessions), keys, &scopes)?;
        GrantArgs::check(&grant, sessions, &place)?;
        if let Some(sessions) = sessions {
            start_session::check_documents(&grant, sessions)?;
        }
        self.out
            .write(&start_session::compose(&grant, &place)?, streams)
    }

    /// Those that are named, or else those of the charter, or else the document that sessions use by themselves.
    fn documents(&self, sessions: Option<&Sessions>) -> Vec<DocumentName> {
        match sessions {
            _ if !self.document.is_empty() => self.document.clone(),
            Some(sessions) => sessions.documents.clone(),
            None => vec![DocumentName::preferences()],
        }
    }

    fn scopes(&self, regions: &[Region]) -> Result<Vec<Scope>, Error> {
        let pairs = self
            .account
            .iter()
            .flat_map(|account| regions.iter().map(move |region| (account, region)));
        Ok(pairs
            .map(|(account, region)| scope::of(account, region))
            .collect::<Result<_, _>>()?)
    }
}

fn chosen(named: &[Region], asked: &[Region]) -> Result<Vec<Region>, Error> {
    match asked.iter().find(|it| !named.contains(it)) {
        Some(region) => Err(Error::Unguarded {
            region: region.clone(),
            named: named.to_vec(),
        }),
        None => Ok(asked.to_vec()),
    }
}
