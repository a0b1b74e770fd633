//! Why a subcommand could not do its work.

use std::io;
use std::path::PathBuf;

use guard_core::mandate::MandateError;
use guard_core::names::NameError;

use crate::explain::EventError;

/// What was tried in vain, and on what.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file cannot be read.
    #[error("failed to read `{}`", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A file or folder cannot be written.
    #[error("failed to write `{}`", file.display())]
    Write {
        /// The file or folder.
        file: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The output cannot be written.
    #[error("failed to write the output")]
    Output(#[from] io::Error),
    /// A name that something was to be made of is none.
    #[error("failed to name an account, a Region or a role")]
    Name(#[from] NameError),
    /// A file holds no event.
    #[error("failed to take an event from `{}`", file.display())]
    Event {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        source: EventError,
    },
    /// A content cannot stand as approved.
    #[error("failed to take the content of `{}` for approved", file.display())]
    Approved {
        /// The file.
        file: PathBuf,
        /// Why not.
        source: MandateError,
    },
    /// A charter does not apply where the event comes from.
    #[error("failed to apply `{}` to the event", file.display())]
    Mandate {
        /// The charter's file.
        file: PathBuf,
        /// Why not.
        source: MandateError,
    },
    /// The core's questions came to no end.
    #[error("failed to judge the event: the files contradict each other")]
    Endless,
}
