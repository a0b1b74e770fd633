//! `session-guard adopt`: the live document as a baseline, and what to know about it.

mod doubt;
mod stack;
mod writers;

use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use guard_aws::cloudtrail::EventHistory;
use guard_aws::ssm::Preferences;
use guard_core::facts::{Trail, Window};
use guard_core::floor::floor_of;
use guard_core::names::{AccountId, PREFERENCES_DOCUMENT, Region, Scope};
use guard_core::preferences;
use guard_reconcile::ports::LookUpChanges;
use jiff::Timestamp;

use crate::error::Error;
use crate::exit::Exit;
use crate::live::{self, Access, Caller, State};
use crate::paint::{HEAD, ODD, Painted};
use crate::scope;
use crate::streams::Streams;
use doubt::{Doubt, doubts};
use stack::Stack;

const EXAMPLES: &str = "\
Examples:
  session-guard adopt --region eu-central-1 --out SessionManagerRunShell.json
  session-guard adopt > SessionManagerRunShell.json

With --out the report goes to the standard output, otherwise to the standard error.
Needs ssm:DescribeDocument, ssm:GetDocument, ssm:DescribeDocumentPermission and ssm:ListTagsForResource on the
document, and cloudtrail:LookupEvents. Nothing in the account is changed.";

/// Take the live document for a baseline, with the floor that it satisfies and who has been writing it
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Adopt {
    /// The Region; otherwise that of the environment or the profile
    #[arg(long, value_name = "REGION", value_parser = Region::parse)]
    region: Option<Region>,
    /// The account of the credentials; otherwise `aws sts get-caller-identity` is asked
    #[arg(long, value_name = "ID", value_parser = AccountId::parse)]
    account: Option<AccountId>,
    /// An account on this machine instead of AWS
    #[arg(long, value_name = "URL")]
    endpoint_url: Option<String>,
    /// The file to write the baseline to, instead of the standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Replace the file if it exists
    #[arg(long, requires = "out")]
    force: bool,
}

/// Everything that was found.
struct Found {
    scope: Scope,
    live: State,
    content: preferences::Preferences,
    stack: Stack,
    trail: Trail,
    window: Window,
}

impl Adopt {
    pub(crate) fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Error> {
        // Said before anything is asked: it is known already.
        if let Some(file) = self
            .out
            .as_ref()
            .filter(|file| file.exists() && !self.force)
        {
            return Err(Error::Exists { file: file.clone() });
        }
        let found = live::block_on(self.look())?;
        let baseline = found.content.to_pretty_json();
        match &self.out {
            None => {
                found.write(streams.err)?;
                streams.out.write_all(baseline.as_bytes())?;
            }
            Some(file) => {
                self.write_file(file, &baseline)?;
                found.write(streams.out)?;
                writeln!(
                    streams.out,
                    "\nThe baseline stands in `{}`.",
                    file.display()
                )?;
            }
        }
        Ok(Exit::Success)
    }

    async fn look(&self) -> Result<Found, Error> {
        let access = Access::new(self.endpoint_url.as_deref());
        let aws = access.to(self.region.as_ref()).await?;
        let region = Region::parse(aws.region().ok_or(Error::NoRegion)?)?;
        let live = live::read(&Preferences::new(&aws), &region).await?;
        let live = live.ok_or_else(|| Error::NothingToAdopt {
            region: region.clone(),
        })?;
        let content = live.latest.clone().map_err(|source| Error::NotAdoptable {
            region: region.clone(),
            source,
        })?;
        let account = match &self.account {
            Some(account) => account.clone(),
            None => Caller::of(&access, &region)?.account,
        };
        let scope = scope::of(&account, &region)?;
        let window = writers::history(Timestamp::now());
        let trail = EventHistory::new(&aws, scope.clone()).look_up(window).await;
        Ok(Found {
            stack: Stack::of(&access, &region),
            scope,
            live,
            content,
            trail,
            window,
        })
    }

    fn write_file(&self, file: &Path, text: &str) -> Result<(), Error> {
        let mut options = OpenOptions::new();
        options.write(true);
        if self.force {
            options.create(true).truncate(true);
        } else {
            // Checked by the system, so that nothing that came there meanwhile is lost.
            options.create_new(true);
        }
        let written = options
            .open(file)
            .and_then(|mut open| open.write_all(text.as_bytes()));
        written.map_err(|source| match source.kind() {
            ErrorKind::AlreadyExists => Error::Exists {
                file: file.to_owned(),
            },
            _ => Error::Write {
                file: file.to_owned(),
                source,
            },
        })
    }
}

impl Found {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let Scope {
            account, region, ..
        } = &self.scope;
        let version = self.live.described.latest;
        let title =
            format!("{PREFERENCES_DOCUMENT}, version {version}, in {region} of account {account}");
        writeln!(out, "{}", Painted(HEAD, &title))?;
        for doubt in self.doubts() {
            writeln!(out, "{} {doubt}", Painted(ODD, "warning:"))?;
        }
        writers::write(&self.trail, self.window.from, out)?;
        writeln!(
            out,
            "\n{}",
            Painted(HEAD, "The floor that it satisfies, for the charter")
        )?;
        write!(out, "{}", floor_of(&self.content).to_toml())
    }

    fn doubts(&self) -> Vec<Doubt> {
        doubts(&self.live, &self.content, &self.stack, &self.trail)
    }
}
