//! Why a run of a rule did not come to its end.

use guard_core::inventory::Problem;
use guard_core::rules::Resource;

use crate::account::AccountError;
use crate::error::PortError;

/// Why a run of a rule did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum EvaluateError {
    /// A call failed.
    #[error("the rule could not be evaluated")]
    Port(#[from] PortError),
    /// Something that AWS answered cannot be part of an account.
    #[error("what AWS says of `{of}` cannot be used")]
    Unfit {
        /// Of what.
        of: String,
        /// What is wrong with it.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The list of everybody in the account is empty.
    #[error("IAM tells of nobody in the account, not even of the role that asks")]
    Nobody,
    /// The event says nothing by which its resource can be found.
    #[error("the event cannot be worked on")]
    Event(#[from] guard_core::change::RecordError),
    /// The item bears neither name nor ARN.
    #[error("the item of {} `{}` bears neither a name nor an ARN", resource.kind, resource.id)]
    Nameless {
        /// Of what.
        resource: Resource,
    },
    /// The charter says nothing of sessions.
    #[error("the charter has no `[sessions]`, which the rule needs")]
    NoTerms,
    /// Somebody keeps changing the document while it is looked at.
    #[error("the document kept changing while it was looked at")]
    Unsettled,
    /// Some could not be looked at; the others were.
    #[error("{failed} of {of} could not be judged; of `{first}`, the reason follows")]
    Some {
        /// How many.
        failed: usize,
        /// Of how many.
        of: usize,
        /// The first one's name.
        first: String,
        /// Why it could not.
        source: Box<EvaluateError>,
    },
    /// AWS Config did not take everything, however often it was told.
    #[error(
        "AWS Config did not take {refused} of {of} evaluations in {attempts} attempts, the first of them of {} `{}`",
        first.kind, first.id
    )]
    NotTaken {
        /// How many.
        refused: usize,
        /// Of how many.
        of: usize,
        /// How often they were told.
        attempts: u32,
        /// The first of them.
        first: Resource,
    },
}

impl EvaluateError {
    /// What AWS says of something makes no part of an account.
    pub(super) fn unfit(of: &str, problem: Problem) -> Self {
        Self::Unfit {
            of: of.to_owned(),
            source: Box::new(problem),
        }
    }
}

impl From<AccountError> for EvaluateError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Port(error) => Self::Port(error),
            AccountError::Unfit { of, source } => Self::unfit(&of, source),
            AccountError::Incomplete(error) => Self::Unfit {
                of: "GetAccountAuthorizationDetails".to_owned(),
                source: Box::new(error),
            },
            AccountError::Nobody => Self::Nobody,
        }
    }
}
