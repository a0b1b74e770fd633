//! Why a migration could not be planned, carried out or undone.

use std::io;
use std::path::PathBuf;

use guard_core::names::AccountId;
use guard_reconcile::account::AccountError;

/// What was tried in vain, and on what.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MigrateError {
    /// A file stands where the plan is to be written.
    #[error("failed to write the plan to `{}`: it exists, and may be the plan that a record belongs to; name another file", file.display())]
    Exists {
        /// The file.
        file: PathBuf,
    },
    /// The account cannot be read.
    #[error("failed to read who is in the account")]
    Account {
        /// Why not.
        source: AccountError,
    },
    /// The charter does not name the policy.
    #[error("failed to plan for `{policy}`: the charter forbids {}; name one of them, or add `[[forbidden]]`", named.join(", "))]
    NotForbidden {
        /// What was asked for.
        policy: String,
        /// What it names.
        named: Vec<String>,
    },
    /// A file does not hold what a command prints.
    #[error("failed to read `{}`, expected what `{command}` prints", file.display())]
    Printed {
        /// The file.
        file: PathBuf,
        /// The command.
        command: &'static str,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A file holds no plan.
    #[error("failed to take a plan from `{}`, expected what `session-guard migrate plan --out` writes", file.display())]
    NoPlan {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A plan or a line of a record has a form that is not known here.
    #[error("failed to read `{}`: it is of form {found}, and this program knows form {known}; {remedy}", file.display())]
    Form {
        /// The file.
        file: PathBuf,
        /// Its form.
        found: u64,
        /// What is known.
        known: u32,
        /// What to do.
        remedy: &'static str,
    },
    /// A plan is not for the charter.
    #[error("failed to carry out `{}`: the charter does not forbid `{policy}`; make the plan again with `session-guard migrate plan`", file.display())]
    OtherCharter {
        /// The plan.
        file: PathBuf,
        /// The policy that it is about.
        policy: String,
    },
    /// An entry of a plan contradicts itself: somebody changed the file.
    #[error("failed to carry out `{}`: the entry of `{arn}` is about `{found}`; make the plan again with `session-guard migrate plan`", file.display())]
    Contradiction {
        /// The plan.
        file: PathBuf,
        /// Whose entry.
        arn: String,
        /// What is planned there.
        found: String,
    },
    /// The credentials are another account's.
    #[error("failed to go on with `{}`: it is about account {account}, and the credentials are of {caller}", file.display())]
    OtherAccount {
        /// The plan or record.
        file: PathBuf,
        /// Its account.
        account: AccountId,
        /// That of the credentials.
        caller: AccountId,
    },
    /// Nobody of that name.
    #[error("failed to find `{name}` in `{}`: --only takes the names of roles, users and groups that it holds", file.display())]
    Nobody {
        /// The name.
        name: String,
        /// The plan or record.
        file: PathBuf,
    },
    /// A line of a record cannot be read.
    #[error("failed to read line {number} of the record `{}`", file.display())]
    Line {
        /// The record.
        file: PathBuf,
        /// Which line, counted from 1.
        number: usize,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// A record without lines.
    #[error("failed to undo `{}`: it holds no line, so nothing can be put back by it; where it was gathered from a log, look at the Region and the name that were asked for", file.display())]
    NoLines {
        /// The record.
        file: PathBuf,
    },
    /// A line of a record that no migration by the charter writes.
    #[error("failed to undo `{}`: the charter neither forbids what line {number} is about, nor names it as a successor, so no migration by it has written that; find out who did, or undo by the charter of then (--charter)", file.display())]
    Foreign {
        /// The record.
        file: PathBuf,
        /// Which line, counted from 1.
        number: usize,
    },
    /// A record cannot be written.
    #[error("failed to open the record `{}`", file.display())]
    Record {
        /// The record.
        file: PathBuf,
        /// The cause.
        source: io::Error,
    },
}
