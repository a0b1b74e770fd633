//! Why a subcommand could not do its work.

use std::io;
use std::path::PathBuf;

use guard_core::charter::TagError;
use guard_core::compose::ComposeError;
use guard_core::inventory::InventoryError;
use guard_core::mandate::MandateError;
use guard_core::names::{NameError, Region};
use guard_core::policy::PolicyError;
use guard_core::preferences::PreferencesError;

use crate::explain::EventError;
use crate::paint::one_line;

/// What was tried in vain, and on what.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The charter was not examined for any Region, so there is nothing to deploy.
    #[error("the charter was examined for no Region; run `session-guard charter check` on it")]
    Unexamined,
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
    /// A file describes no account.
    #[error("failed to take an account from `{}`", file.display())]
    Details {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        source: Box<InventoryError>,
    },
    /// A file of an account in which nobody is.
    #[error("failed to judge anybody: `{}` holds no role, user or group; get it again without --filter", file.display())]
    Nobody {
        /// The file.
        file: PathBuf,
    },
    /// A charter does not say which sessions may be.
    #[error("failed to judge anybody by `{}`: it says nothing of sessions; add `[sessions]`", file.display())]
    NoSessions {
        /// The charter's file.
        file: PathBuf,
    },
    /// The baseline beside a charter cannot be read.
    #[error("failed to read the baseline `{}`, without which nobody knows where sessions are recorded; name another with --baseline", file.display())]
    NoBaseline {
        /// The file.
        file: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A baseline names a destination that cannot be one.
    #[error("failed to judge roles by `{}`", file.display())]
    Destination {
        /// The baseline's file.
        file: PathBuf,
        /// What is wrong with it.
        source: guard_core::roles::MandateError,
    },
    /// A file holds no policy.
    #[error("failed to take a policy from `{}`", file.display())]
    Policy {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        source: PolicyError,
    },
    /// A content cannot stand as approved.
    #[error("failed to take the content of `{}` for approved", file.display())]
    Approved {
        /// The file.
        file: PathBuf,
        /// Why not.
        source: MandateError,
    },
    /// A charter does not apply in a Region.
    #[error("failed to apply `{}`", file.display())]
    Mandate {
        /// The charter's file.
        file: PathBuf,
        /// Why not.
        source: MandateError,
    },
    /// The core's questions came to no end.
    #[error("failed to judge the event: the files contradict each other")]
    Endless,
    /// A subcommand needs what was left out when the program was built.
    #[error(
        "failed to find `{subcommand}` in this build: build it with `cargo build -p guard-cli --features live`"
    )]
    NotLive {
        /// The subcommand.
        subcommand: &'static str,
    },
    /// A file that must not be lost stands where one is to be written.
    #[error("failed to write `{}`: it exists; name another file, or say --force to replace it", file.display())]
    Exists {
        /// The file.
        file: PathBuf,
    },
    /// A program of others is not on the PATH.
    #[error(
        "failed to find the program `{name}`: run `make setup`, then this through `make`, or put it on the PATH"
    )]
    Program {
        /// Its name.
        name: &'static str,
    },
    /// A program of others cannot be started.
    #[error("failed to start `{}`", program.display())]
    Start {
        /// Where it lies.
        program: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// A program of others failed.
    #[error("`{command}` failed with {status}")]
    Ended {
        /// The program with its subcommands.
        command: String,
        /// How it ended.
        status: String,
        /// All that it said.
        output: String,
    },
    /// A program of others answered something unexpected.
    #[error("failed to read what `{command}` answered")]
    Answer {
        /// The program with its subcommands.
        command: &'static str,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// There is no way to AWS.
    #[error("failed to find a way to AWS")]
    Access {
        /// Why not.
        source: Source,
    },
    /// No Region is given.
    #[error("failed to choose a Region: say --region, or set AWS_REGION")]
    NoRegion,
    /// The live document cannot be read.
    #[error("failed to read what is live in `{region}`")]
    Live {
        /// The Region.
        region: Region,
        /// The cause.
        source: Source,
    },
    /// The live document changes too fast.
    #[error("failed to read what is live in `{region}`: the document changed meanwhile; try again")]
    Moving {
        /// The Region.
        region: Region,
    },
    /// There is nothing to adopt.
    #[error(
        "failed to adopt the document of `{region}`: there is none; start from the example `SessionManagerRunShell.json`"
    )]
    NothingToAdopt {
        /// The Region.
        region: Region,
    },
    /// What is live is no document of preferences.
    #[error("failed to adopt the document of `{region}`")]
    NotAdoptable {
        /// The Region.
        region: Region,
        /// Why not.
        source: PreferencesError,
    },
    /// The function has not been built.
    #[error("failed to find the function at `{}`: build it with `make build ARCH={arch}`", file.display())]
    NotBuilt {
        /// Where it should be.
        file: PathBuf,
        /// The architecture.
        arch: &'static str,
    },
    /// The function was built for other machines.
    #[error("failed to take the function from `{}`: it is no Linux program for {arch}; build it with `make build ARCH={arch}`", file.display())]
    OtherArch {
        /// Where it is.
        file: PathBuf,
        /// The architecture.
        arch: &'static str,
    },
    /// A file of the project is not where it should be.
    #[error("failed to find `{}`: run this in the project's folder, or name that with --project", file.display())]
    NoProject {
        /// The file.
        file: PathBuf,
    },
    /// AWS did not tell what a later step needs.
    #[error("failed to learn `{value}`: AWS answered nothing")]
    Untold {
        /// What, under the name that it has in the script of `--dry-run`.
        value: &'static str,
    },
    /// A policy or document cannot be made.
    #[error("nothing is composed")]
    Compose(#[from] ComposeError),
    /// A tag by which sessions cannot be narrowed.
    #[error("failed to narrow sessions by that tag")]
    Tag(#[source] TagError),
    /// An argument of another pattern.
    #[error(
        "failed to narrow sessions: {flag} belongs to another pattern than the one of --pattern"
    )]
    OtherPattern {
        /// The argument.
        flag: &'static str,
    },
    /// Several keys of tags.
    #[error("failed to narrow sessions: --tag can be repeated with one and the same key only")]
    TwoTags,
    /// Instances are not said.
    #[error(
        "failed to narrow sessions: say --pattern arn, tag or abac, or --charter with a charter that has [sessions]"
    )]
    NoPattern,
    /// The pattern is said, and not what it is about.
    #[error("failed to narrow sessions: say {flag}, or --charter with a charter of that pattern")]
    Unnamed {
        /// The argument that says it.
        flag: &'static str,
    },
    /// A Region that the charter does not name.
    #[error("failed to allow sessions in `{region}`: the charter guards {} only", named.iter().map(Region::as_str).collect::<Vec<_>>().join(", "))]
    Unguarded {
        /// The Region.
        region: Region,
        /// Those that it guards.
        named: Vec<Region>,
    },
    /// Regions of several partitions.
    #[error("failed to compose one policy for {}: they lie in several partitions, and an account in one; name them with --region", regions.iter().map(Region::as_str).collect::<Vec<_>>().join(", "))]
    Partitions {
        /// The Regions.
        regions: Vec<Region>,
    },
    /// A migration could not be planned, carried out or undone.
    #[cfg(feature = "live")]
    #[error(transparent)]
    Migrate(#[from] crate::migrate::MigrateError),
    /// Waiting for AWS is not possible.
    #[error("failed to start waiting for AWS")]
    Runtime {
        /// The cause.
        source: io::Error,
    },
}

/// A cause that nobody acts on, only shows.
type Source = Box<dyn std::error::Error + Send + Sync>;

impl Error {
    /// The same about the baseline that a charter names.
    pub(crate) fn without_baseline(self) -> Self {
        match self {
            Self::Read { file, source } => Self::NoBaseline { file, source },
            other => other,
        }
    }

    /// What a program of others said before it failed.
    pub fn output(&self) -> Option<&str> {
        match self {
            Self::Ended { output, .. } => {
                Some(output).filter(|it| !it.is_empty()).map(String::as_str)
            }
            _ => None,
        }
    }

    /// The error with all its causes, on one line.
    pub fn chain(&self) -> String {
        chain(self)
    }
}

/// An error with all its causes, on one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |it| it.source());
    let texts: Vec<_> = causes.map(|cause| one_line(&cause.to_string())).collect();
    texts.join(": ")
}
