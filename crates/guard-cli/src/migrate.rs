//! `session-guard migrate`: takes a forbidden policy off those who carry it already, by a plan that people review.

mod accessed;
mod account;
mod apply;
mod error;
mod launch_templates;
mod plan;
mod printed;
mod record;
mod surroundings;
mod text;
mod undo;

use clap::Subcommand;

use crate::error::Error;
use crate::exit::Exit;
use crate::streams::Streams;
pub use error::MigrateError;

/// Take a forbidden policy off those who carry it already: plan, review, apply, undo
#[derive(Debug, Subcommand)]
pub(crate) enum MigrateCommand {
    Plan(plan::Plan),
    Apply(apply::Apply),
    Undo(undo::Undo),
}

impl MigrateCommand {
    pub(crate) fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Error> {
        match self {
            Self::Plan(plan) => plan.run(streams),
            Self::Apply(apply) => apply.run(streams),
            Self::Undo(undo) => undo.run(streams),
        }
    }
}
