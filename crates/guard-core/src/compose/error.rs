//! Why a policy or document cannot be made.

use super::Limit;
use super::key::KeyError;
use super::restricted::RestrictedError;
use crate::names::{DocumentName, Region};

/// What is in the way, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ComposeError {
    /// Longer than AWS takes.
    #[error(
        "`{name}` has {size} characters, more than the {most} of {limit}: leave out Regions, accounts or principals, or make several"
    )]
    TooLong {
        /// Its name.
        name: String,
        /// What AWS counts.
        size: usize,
        /// The limit.
        most: usize,
        /// Of what.
        limit: Limit,
    },
    /// A text that names no key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Preferences without a destination.
    #[error(
        "the baseline names neither a bucket nor a log group in {region}: there is nothing to protect"
    )]
    RecordedNowhere {
        /// The Region.
        region: Region,
    },
    /// A destination that cannot stand in a policy.
    #[error("`{key}` of the baseline is `{found}`, expected {expected}")]
    Destination {
        /// The key.
        key: &'static str,
        /// What stands there.
        found: String,
        /// What belongs there.
        expected: &'static str,
    },
    /// More instances than the charter lets sessions reach.
    #[error(
        "the charter lets sessions reach instances {allowed}, and not {asked}: ask for less, or change [sessions] first"
    )]
    Wider {
        /// What was asked for.
        asked: String,
        /// What the charter says.
        allowed: String,
    },
    /// A document that the charter does not let sessions use.
    #[error(
        "the charter does not let sessions use `{document}`: leave it out, or change [sessions] first"
    )]
    Document {
        /// Its name.
        document: DocumentName,
    },
    /// Nothing that a policy could grant.
    #[error(
        "there is nothing to grant: name buckets with --bucket or in [[forbidden]] of the charter, or say --vpc-endpoint"
    )]
    NothingToGrant,
    /// A denial for everybody.
    #[error(
        "nobody is excepted: a service control policy would then bind whoever answers for the logs, too; name such roles with --except"
    )]
    NobodyExcepted,
    /// A command that makes no restricted document.
    #[error(transparent)]
    Restricted(#[from] RestrictedError),
}
