//! The payload of an invocation, and the envelope in it.

use aws_lambda_events::event::eventbridge::EventBridgeEvent;
use guard_core::change::RecordError;
use guard_core::envelope::Envelope;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::failure::{Failure, FailureKind};

/// What an invocation brought, whatever it is.
///
/// Reading it never fails, so that the runtime hands everything over, and what is no JSON gets its failure here.
#[derive(Debug, Clone, PartialEq)]
pub struct Payload(Result<Value, String>);

impl<'de> Deserialize<'de> for Payload {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(
            Value::deserialize(deserializer).map_err(|error| error.to_string()),
        ))
    }
}

impl From<Value> for Payload {
    fn from(value: Value) -> Self {
        Self(Ok(value))
    }
}

/// Why an event cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EventError {
    /// The payload is no JSON.
    #[error("the event is no JSON: {detail}")]
    Json {
        /// What the reader says, with the place.
        detail: String,
    },
    /// The payload is no event of `EventBridge`.
    #[error("the event has no envelope of EventBridge: {detail}")]
    Envelope {
        /// What the reader says.
        detail: String,
    },
    /// The envelope lacks something.
    #[error("the event cannot be read: `{member}` of its envelope is missing or null")]
    Member {
        /// What it lacks.
        member: &'static str,
    },
    /// The record in the envelope cannot be read.
    #[error("the event's record cannot be read")]
    Record(#[from] RecordError),
}

impl From<EventError> for Failure {
    fn from(error: EventError) -> Self {
        Self::of(FailureKind::UnreadableEvent, &error)
    }
}

/// Takes the envelope out of a payload.
pub fn envelope(payload: Payload) -> Result<Envelope, EventError> {
    let value = payload.0.map_err(|detail| EventError::Json {
        detail: cut(&detail),
    })?;
    let event: EventBridgeEvent<Value> =
        serde_path_to_error::deserialize(value).map_err(|error| {
            let path = error.path().to_string();
            let place = if path == "." {
                String::new()
            } else {
                format!("`{path}`: ")
            };
            EventError::Envelope {
                detail: cut(&format!("{place}{}", error.inner())),
            }
        })?;
    Ok(Envelope {
        source: event.source,
        detail_type: event.detail_type,
        account: event
            .account
            .ok_or(EventError::Member { member: "account" })?,
        region: event
            .region
            .ok_or(EventError::Member { member: "region" })?,
        detail: event.detail,
    })
}

/// Readers quote what they found, which somebody else has written.
fn cut(text: &str) -> String {
    text.chars().take(300).collect()
}

#[cfg(test)]
mod tests;
