//! The subcommands.

use clap::{Parser, Subcommand};

#[cfg(feature = "live")]
use crate::adopt::Adopt;
use crate::check::Check;
#[cfg(feature = "live")]
use crate::deploy::Deploy;
use crate::details::CheckDetails;
#[cfg(feature = "live")]
use crate::diff::Diff;
use crate::document::DocumentCommand;
use crate::error::Error;
use crate::exit::Exit;
use crate::explain::Explain;
#[cfg(feature = "live")]
use crate::migrate::MigrateCommand;
use crate::pack::Pack;
use crate::policy::PolicyCommand;
use crate::simulate::Simulate;
use crate::streams::Streams;

const EXAMPLES: &str = "\
Start with:
  session-guard charter check charter.toml

Each subcommand shows examples with --help.";

/// Keeps AWS Session Manager sessions recorded: checks charters, explains decisions, deploys the guard
#[derive(Debug, Parser)]
#[command(name = "session-guard", version, after_help = EXAMPLES)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Work with a charter
    #[command(subcommand)]
    Charter(CharterCommand),
    Check(CheckDetails),
    Explain(Explain),
    Pack(Pack),
    Simulate(Simulate),
    /// Compose policies that would otherwise be written by hand, and pin them
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Compose session documents that would otherwise be written by hand
    #[command(subcommand)]
    Document(DocumentCommand),
    #[cfg(feature = "live")]
    Diff(Diff),
    #[cfg(feature = "live")]
    Adopt(Adopt),
    #[cfg(feature = "live")]
    Deploy(Box<Deploy>),
    #[cfg(feature = "live")]
    #[command(subcommand)]
    Migrate(MigrateCommand),
    /// Show how live documents differ from the baseline (not in this build)
    #[cfg(not(feature = "live"))]
    Diff(Absent),
    /// Take the live document for a baseline (not in this build)
    #[cfg(not(feature = "live"))]
    Adopt(Absent),
    /// Deploy the guard (not in this build)
    #[cfg(not(feature = "live"))]
    Deploy(Absent),
    /// Take a forbidden policy off those who carry it (not in this build)
    #[cfg(not(feature = "live"))]
    Migrate(Absent),
}

/// Whatever arguments a subcommand has that was left out of this build.
#[cfg(not(feature = "live"))]
#[derive(Debug, clap::Args)]
struct Absent {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    rest: Vec<std::ffi::OsString>,
}

#[derive(Debug, Subcommand)]
enum CharterCommand {
    Check(Check),
}

impl Cli {
    /// Does what the arguments ask for.
    pub fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Error> {
        match &self.command {
            Command::Charter(CharterCommand::Check(check)) => check.run(streams),
            Command::Check(check) => check.run(streams),
            Command::Explain(explain) => explain.run(streams),
            Command::Pack(pack) => pack.run(streams),
            Command::Simulate(simulate) => simulate.run(streams),
            Command::Policy(policy) => policy.run(streams),
            Command::Document(document) => document.run(streams),
            #[cfg(feature = "live")]
            Command::Diff(diff) => diff.run(streams),
            #[cfg(feature = "live")]
            Command::Adopt(adopt) => adopt.run(streams),
            #[cfg(feature = "live")]
            Command::Deploy(deploy) => deploy.run(streams),
            #[cfg(feature = "live")]
            Command::Migrate(migrate) => migrate.run(streams),
            #[cfg(not(feature = "live"))]
            Command::Diff(_) => Absent::refuse("diff"),
            #[cfg(not(feature = "live"))]
            Command::Adopt(_) => Absent::refuse("adopt"),
            #[cfg(not(feature = "live"))]
            Command::Deploy(_) => Absent::refuse("deploy"),
            #[cfg(not(feature = "live"))]
            Command::Migrate(_) => Absent::refuse("migrate"),
        }
    }
}

#[cfg(not(feature = "live"))]
impl Absent {
    fn refuse(subcommand: &'static str) -> Result<Exit, Error> {
        Err(Error::NotLive { subcommand })
    }
}
