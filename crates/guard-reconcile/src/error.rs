//! What can go wrong at the ports, sorted once by what it means for the caller.

use std::error::Error;

/// What a failure means, whatever service it came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureClass {
    /// The role lacks a permission, or a policy denies it; trying again changes nothing.
    Denied,
    /// Too many calls; trying again later helps.
    Throttled,
    /// What was asked for is not there.
    Absent,
    /// The answer lacks something or cannot be understood.
    Malformed,
    /// The service or the network failed; trying again later may help.
    Unavailable,
}

/// A call that failed, and what it was applied to.
#[derive(Debug, thiserror::Error)]
#[error("failed to {operation} `{on}`")]
pub struct PortError {
    /// What was tried, as a verb: "read the content of".
    pub operation: &'static str,
    /// What it was applied to.
    pub on: String,
    /// What the failure means.
    pub class: FailureClass,
    /// The cause.
    #[source]
    pub source: Box<dyn Error + Send + Sync>,
}

/// Why a write did not happen.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The document is no longer in the state that was read (`InvalidDocumentVersion`, `DocumentAlreadyExists`,
    /// `InvalidDocument`, `TooManyUpdates`, `InvalidDocumentOperation`): read again, judge again.
    #[error("the document changed while `{operation}` was tried")]
    Conflict {
        /// What was tried.
        operation: &'static str,
    },
    /// The content equals one that the document has or had (`DuplicateDocumentContent`).
    #[error("the content equals an earlier version's")]
    Duplicate,
    /// The document has as many versions as it may have (`DocumentVersionLimitExceeded`).
    #[error("the document has as many versions as it may have")]
    VersionLimit,
    /// Anything else.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Why a run did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum ReconcileError {
    /// A call failed.
    #[error("the preferences could not be reconciled")]
    Port(#[from] PortError),
    /// Everything was done, and nobody could be told.
    #[error("the run ended well and could not be reported")]
    Untold(#[source] PortError),
    /// Somebody keeps changing the document while it is being put right.
    #[error("the document kept changing during {attempts} attempts")]
    Unsettled {
        /// How often it was tried.
        attempts: u32,
    },
}

/// Why a managed policy was not attached or detached.
#[derive(Debug, thiserror::Error)]
pub enum AttachError {
    /// The policy, or whoever was to get it, is not there (`NoSuchEntity`).
    #[error("the policy or its bearer is gone")]
    Gone,
    /// No more policies can be attached (`LimitExceeded`).
    #[error("no more policies can be attached")]
    Quota,
    /// Only AWS can change it (`UnmodifiableEntity`).
    #[error("only AWS can change it")]
    Immutable,
    /// Somebody else changes it at the same moment (`ConcurrentModification`).
    #[error("somebody else changes it")]
    Conflict,
    /// Anything else.
    #[error(transparent)]
    Port(#[from] PortError),
}

/// Why a forbidden policy could not be dealt with.
#[derive(Debug, thiserror::Error)]
pub enum PoliciesError {
    /// A call failed.
    #[error("the forbidden policy could not be dealt with")]
    Port(#[from] PortError),
    /// Everything was done, and nobody could be told.
    #[error("the run ended well and could not be reported")]
    Untold(#[source] PortError),
    /// IAM does not show what was done, or somebody keeps changing it.
    #[error("`{on}` kept changing, or did not show what was done")]
    Unsettled {
        /// Who carries the policy.
        on: String,
    },
}

impl PoliciesError {
    /// What failed, without what that was for.
    pub(crate) fn told(&self) -> String {
        match self {
            Self::Port(cause) | Self::Untold(cause) => cause.to_string(),
            Self::Unsettled { .. } => self.to_string(),
        }
    }
}
