//! What a failed call means: sorted here once, so that nobody above looks at the SDK's errors.

mod class;

use std::error::Error;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use guard_reconcile::error::{FailureClass, PortError};

pub(crate) use class::class_of;
#[cfg(feature = "eventbridge")]
pub(crate) use class::class_of_code;

/// What the SDK answers when a call fails.
pub(crate) type CallError<E> = SdkError<E, HttpResponse>;

/// A call about to be made: what it does, and to what.
#[derive(Debug)]
pub(crate) struct Attempt {
    operation: &'static str,
    on: String,
}

impl Attempt {
    /// Names a call by a verb and its object, as both stand in "failed to … `…`".
    pub(crate) fn to(operation: &'static str, on: impl Into<String>) -> Self {
        Self {
            operation,
            on: on.into(),
        }
    }

    /// The verb.
    #[cfg(feature = "ssm")]
    pub(crate) fn operation(&self) -> &'static str {
        self.operation
    }

    /// The call failed.
    pub(crate) fn failed<E>(&self, error: CallError<E>) -> PortError
    where
        E: ProvideErrorMetadata + Error + Send + Sync + 'static,
    {
        let class = class_of(&error);
        let said = error
            .as_service_error()
            .and_then(ProvideErrorMetadata::message)
            .map(str::to_owned);
        match said {
            Some(message) if !chain(&error).contains(&message) => self.error(
                class,
                Refused {
                    message,
                    source: Box::new(error),
                },
            ),
            _ => self.error(class, error),
        }
    }

    /// The answer lacks a member that decides something.
    pub(crate) fn lacks(&self, member: &'static str) -> PortError {
        self.unfit(Unfit::Missing { member })
    }

    /// Question or answer are not of the form they must have.
    pub(crate) fn unfit(&self, unfit: Unfit) -> PortError {
        self.error(FailureClass::Malformed, unfit)
    }

    /// The failure of this attempt, of a class and for a cause that are already known.
    pub(crate) fn error(
        &self,
        class: FailureClass,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> PortError {
        PortError {
            operation: self.operation,
            on: self.on.clone(),
            class,
            source: source.into(),
        }
    }
}

/// The service's own words, where the SDK has a type for the refusal and loses them on the way into it.
#[derive(Debug, thiserror::Error)]
#[error("the service said: {message}")]
struct Refused {
    message: String,
    source: Box<dyn Error + Send + Sync>,
}

/// A question or an answer that is not of the form it must have.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unfit {
    /// A member that decides something is not there.
    #[error("the answer lacks `{member}`")]
    Missing {
        /// Its name in the API.
        member: &'static str,
    },
    /// A member cannot be read.
    #[cfg(feature = "ssm")]
    #[error("the answer's `{member}` is `{found}`")]
    Unreadable {
        /// Its name in the API.
        member: &'static str,
        /// What stands there.
        found: String,
    },
    /// More than the service takes.
    #[cfg(feature = "eventbridge")]
    #[error("it has {bytes} bytes, more than the {limit} that the service takes")]
    TooLong {
        /// Its length.
        bytes: usize,
        /// The service's limit.
        limit: usize,
    },
}

/// The service's own name for a refusal, modelled by the SDK or not; `None` where the service said nothing.
#[cfg(any(feature = "ssm", feature = "compliance", feature = "iam"))]
pub(crate) fn code<E: ProvideErrorMetadata>(error: &CallError<E>) -> Option<&str> {
    error
        .as_service_error()
        .and_then(ProvideErrorMetadata::code)
}

/// An error and all its causes in one line fit for a log or a report.
pub(crate) fn chain(error: &dyn Error) -> String {
    /// Enough for five causes of a sentence each; messages may hold text that a caller chose.
    const MAX_CHARS: usize = 1000;
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = text + ": " + &error.to_string();
        cause = error.source();
    }
    text.replace(|c: char| c.is_control(), " ")
        .chars()
        .take(MAX_CHARS)
        .collect()
}

#[cfg(test)]
mod tests;
