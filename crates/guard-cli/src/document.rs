//! `session-guard document`: documents that an operator would otherwise write by hand.

mod restricted;

use clap::Subcommand;

use crate::error::Error;
use crate::exit::Exit;
use crate::streams::Streams;

#[derive(Debug, Subcommand)]
pub(crate) enum DocumentCommand {
    Restricted(Box<restricted::Restricted>),
}

impl DocumentCommand {
    pub(crate) fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Error> {
        match self {
            Self::Restricted(it) => it.run(streams),
        }
    }
}
