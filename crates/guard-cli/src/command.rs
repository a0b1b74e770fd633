//! The subcommands.

use clap::{Parser, Subcommand};

use crate::check::Check;
use crate::error::Error;
use crate::exit::Exit;
use crate::explain::Explain;
use crate::pack::Pack;
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
    Explain(Explain),
    Pack(Pack),
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
            Command::Explain(explain) => explain.run(streams),
            Command::Pack(pack) => pack.run(streams),
        }
    }
}
