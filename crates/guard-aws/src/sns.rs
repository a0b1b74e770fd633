//! Alerts as messages to a topic.

use aws_sdk_sns::Client;
use aws_sdk_sns::config::Builder;
use guard_reconcile::error::PortError;

use crate::config::Aws;
use crate::failure::Attempt;

/// "Less than 100 characters long" (Simple Notification Service API reference, `Publish`).
const MAX_SUBJECT: usize = 99;
/// 262,144 bytes (the same page).
const MAX_MESSAGE: usize = 256 * 1024;
/// Ends a message that was cut.
const CUT: &str = "\n(cut here: the message was longer than a topic takes)";

/// The topic that alerts go to.
#[derive(Debug, Clone)]
pub struct Topic {
    client: Client,
    arn: String,
}

impl Topic {
    /// The permission that the calls made here need, on this topic alone.
    pub const ACTIONS: &[&str] = &["sns:Publish"];

    /// The topic with this ARN.
    pub fn new(aws: &Aws, arn: impl Into<String>) -> Self {
        let mut config = Builder::from(aws.sdk());
        config.set_endpoint_url(aws.endpoint("SNS"));
        Self {
            client: Client::from_conf(config.build()),
            arn: arn.into(),
        }
    }

    /// Sends an alert. Subject and text are made fit for the service, never refused for their form.
    pub async fn alert(&self, subject: &str, text: &str) -> Result<(), PortError> {
        let attempt = Attempt::to("send an alert to", self.arn.as_str());
        let call = self.client.publish().topic_arn(&self.arn);
        let answer = call
            .subject(fit_subject(subject))
            .message(fit_message(text))
            .send()
            .await;
        let answer = answer.map_err(|error| attempt.failed(error))?;
        answer
            .message_id
            .map(drop)
            .ok_or_else(|| attempt.lacks("MessageId"))
    }
}

/// A mail's subject may hold no line breaks; some of the services that read topics take ASCII only.
fn fit_subject(subject: &str) -> String {
    let fit = |c: char| {
        if c == ' ' || c.is_ascii_graphic() {
            c
        } else {
            '?'
        }
    };
    let subject: String = subject.trim().chars().map(fit).take(MAX_SUBJECT).collect();
    if subject.is_empty() {
        "Session Guard".to_owned()
    } else {
        subject
    }
}

fn fit_message(text: &str) -> String {
    let mut message = text.to_owned();
    if message.trim().is_empty() {
        return "(no text)".to_owned();
    }
    if message.len() > MAX_MESSAGE {
        message.truncate(message.floor_char_boundary(MAX_MESSAGE - CUT.len()));
        message.push_str(CUT);
    }
    message
}

#[cfg(test)]
mod tests;
