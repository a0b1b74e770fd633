//! Why an invocation failed, under names that stay the same.
//!
//! Lambda runs a failed asynchronous invocation twice more and then hands it to the failure queue, whatever the reason
//! (Lambda Developer Guide, "Configuring error handling settings for asynchronous invocations"). So there is one
//! thing to decide: what fails. What waiting may cure fails, so that it comes again. An event that cannot be read
//! fails too: it would fail again, but answered as done it would vanish, and in the queue it waits with its payload
//! for somebody who understands it. What is not our business does not fail.

use std::error::Error;
use std::fmt;

use guard_reconcile::error::{FailureClass, PoliciesError, ReconcileError};
use guard_reconcile::evaluate::EvaluateError;
use lambda_runtime::Diagnostic;

/// A failed invocation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What kind of failure.
    pub kind: FailureKind,
    /// What failed, with its causes, on one line.
    pub message: String,
}

/// The kinds of failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// The event is none that can be read; running it again changes nothing.
    UnreadableEvent,
    /// A call to AWS failed.
    Call(FailureClass),
    /// What is judged kept changing meanwhile.
    Conflict,
    /// AWS Config did not take all of an answer.
    NotTaken,
    /// A forbidden policy is still there, and another run would find the same.
    StillAttached,
    /// The charter does not say what the function needs.
    Charter,
}

impl FailureKind {
    /// The name of the kind: `Retryable.…` where another run may succeed, else `Permanent.…`.
    pub fn name(self) -> &'static str {
        match self {
            Self::UnreadableEvent => "Permanent.UnreadableEvent",
            // The permission may be on its way: IAM's changes take a while to arrive everywhere.
            Self::Call(FailureClass::Denied) => "Retryable.Denied",
            Self::Call(FailureClass::Throttled) => "Retryable.Throttled",
            Self::Call(FailureClass::Absent) => "Retryable.Absent",
            Self::Call(FailureClass::Malformed) => "Retryable.Malformed",
            Self::Call(FailureClass::Unavailable) => "Retryable.Unavailable",
            Self::Conflict => "Retryable.Conflict",
            Self::NotTaken => "Retryable.NotTaken",
            Self::StillAttached => "Permanent.StillAttached",
            Self::Charter => "Permanent.Charter",
        }
    }
}

impl Failure {
    /// The failure of `kind` that `error` with its causes tells of.
    pub fn of(kind: FailureKind, error: &dyn Error) -> Self {
        Self {
            kind,
            message: chain(error),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Failure {}

impl From<ReconcileError> for Failure {
    fn from(error: ReconcileError) -> Self {
        let kind = match &error {
            ReconcileError::Port(cause) | ReconcileError::Untold(cause) => {
                FailureKind::Call(cause.class)
            }
            ReconcileError::Unsettled { .. } => FailureKind::Conflict,
        };
        Self::of(kind, &error)
    }
}

impl From<PoliciesError> for Failure {
    fn from(error: PoliciesError) -> Self {
        let kind = match &error {
            PoliciesError::Port(cause) | PoliciesError::Untold(cause) => {
                FailureKind::Call(cause.class)
            }
            PoliciesError::Unsettled { .. } => FailureKind::Conflict,
        };
        Self::of(kind, &error)
    }
}

impl From<EvaluateError> for Failure {
    fn from(error: EvaluateError) -> Self {
        Self::of(kind_of(&error), &error)
    }
}

fn kind_of(error: &EvaluateError) -> FailureKind {
    match error {
        EvaluateError::Port(cause) => FailureKind::Call(cause.class),
        EvaluateError::Unfit { .. } | EvaluateError::Nobody => {
            FailureKind::Call(FailureClass::Malformed)
        }
        EvaluateError::Event(_) | EvaluateError::Nameless { .. } => FailureKind::UnreadableEvent,
        EvaluateError::NoTerms => FailureKind::Charter,
        EvaluateError::Unsettled => FailureKind::Conflict,
        EvaluateError::Some { source, .. } => kind_of(source),
        EvaluateError::NotTaken { .. } => FailureKind::NotTaken,
    }
}

impl From<Failure> for Diagnostic {
    fn from(failure: Failure) -> Self {
        Self {
            error_type: failure.kind.name().to_owned(),
            error_message: failure.message,
        }
    }
}

/// An error and its causes, on one line.
pub fn chain(error: &dyn Error) -> String {
    let mut told: Vec<String> = Vec::new();
    for text in causes(error) {
        // Some libraries repeat the cause in the text of the error itself.
        if !told.last().is_some_and(|last| last.ends_with(&text)) {
            told.push(text);
        }
    }
    told.join(": ").replace('\n', "; ")
}

/// The texts of an error and of its causes, outermost first.
pub(crate) fn causes(error: &dyn Error) -> Vec<String> {
    let mut texts = vec![error.to_string()];
    let mut source = error.source();
    while let Some(cause) = source {
        texts.push(cause.to_string());
        source = cause.source();
    }
    texts
}

#[cfg(test)]
mod tests {
    use guard_reconcile::error::PortError;

    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("failed to read the content of `SSM-SessionManagerRunShell`")]
    struct Outer(#[source] Middle);

    #[derive(Debug, thiserror::Error)]
    #[error("dispatch failure: connection refused")]
    struct Middle(#[source] Inner);

    #[derive(Debug, thiserror::Error)]
    #[error("connection refused")]
    struct Inner;

    #[test]
    fn a_failure_tells_its_causes_once() {
        let failure = Failure::of(
            FailureKind::Call(FailureClass::Unavailable),
            &Outer(Middle(Inner)),
        );
        let diagnostic = Diagnostic::from(failure);
        assert_eq!(diagnostic.error_type, "Retryable.Unavailable");
        assert_eq!(
            diagnostic.error_message,
            "failed to read the content of `SSM-SessionManagerRunShell`: dispatch failure: connection refused"
        );
    }

    #[test]
    fn a_run_that_failed_is_named_by_what_may_cure_it() {
        let denied = || PortError {
            operation: "read the content of",
            on: "SSM-SessionManagerRunShell".to_owned(),
            class: FailureClass::Denied,
            source: "AccessDeniedException".into(),
        };
        for (error, name, message) in [
            (
                ReconcileError::Port(denied()),
                "Retryable.Denied",
                "the preferences could not be reconciled: \
                 failed to read the content of `SSM-SessionManagerRunShell`: AccessDeniedException",
            ),
            (
                ReconcileError::Unsettled { attempts: 5 },
                "Retryable.Conflict",
                "the document kept changing during 5 attempts",
            ),
        ] {
            let failure = Failure::from(error);
            assert_eq!(
                (failure.kind.name(), failure.message.as_str()),
                (name, message)
            );
        }
    }
}
