//! The log of every call that reached the account.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use crate::locked::Locked;

/// One call, as it was answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// When it arrived.
    pub at: Timestamp,
    /// The caller: a user's ARN, or the STS ARN of a role's session.
    pub principal_arn: String,
    /// The service of the credential scope, for example `ssm`.
    pub service: String,
    /// The Region of the credential scope.
    pub region: String,
    /// The operation's name in the API reference.
    pub operation: String,
    /// The input, spelled as the caller sent it.
    pub parameters: Value,
    /// Whether the operation only reads.
    pub read_only: bool,
    /// Why it failed, if it did.
    pub error_code: Option<String>,
    /// How long the answer took.
    pub duration: Duration,
}

/// A place in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(usize);

#[derive(Debug, Default)]
pub(crate) struct CallLog(Locked<Vec<Call>>);

impl CallLog {
    pub(crate) fn add(&self, call: Call) {
        self.0.lock().push(call);
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark(self.0.lock().len())
    }

    pub(crate) fn since(&self, mark: Mark) -> Vec<Call> {
        self.0.lock().iter().skip(mark.0).cloned().collect()
    }
}

impl Mark {
    pub(crate) const START: Self = Self(0);
}
