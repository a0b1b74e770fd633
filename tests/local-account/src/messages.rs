//! Messages that were published to topics.

use jiff::Timestamp;

use crate::principals::Principal;
use crate::state::State;
use crate::wire::call::ApiCall;

/// A message that SNS accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedMessage {
    /// When it was published.
    pub at: Timestamp,
    /// The topic's ARN.
    pub topic_arn: String,
    /// The subject, if it has one.
    pub subject: Option<String>,
    /// The text.
    pub message: String,
    /// Who published it.
    pub principal_arn: String,
}

/// Keeps a message that moto has accepted.
pub(crate) fn keep(state: &State, caller: &Principal, call: &ApiCall) {
    let text = |member: &str| call.text(member).map(str::to_owned);
    state.published.lock().push(PublishedMessage {
        at: Timestamp::now(),
        topic_arn: text("TopicArn")
            .or_else(|| text("TargetArn"))
            .unwrap_or_default(),
        subject: text("Subject"),
        message: text("Message").unwrap_or_default(),
        principal_arn: caller.arn(),
    });
}
