//! The payload of an invocation, and the envelope in it.

use aws_lambda_events::event::config::ConfigEvent;
use aws_lambda_events::event::eventbridge::EventBridgeEvent;
use guard_core::change::RecordError;
use guard_core::envelope::Envelope;
use guard_core::migration::Request;
use guard_core::rule_event::{self, Bounds};
use serde::de::DeserializeOwned;
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
    /// The payload is no event of the service that sends events to the function.
    #[error("the event has no envelope of {of}: {detail}")]
    Envelope {
        /// The service.
        of: &'static str,
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

/// Takes `EventBridge`'s envelope out of a payload.
pub fn envelope(payload: Payload) -> Result<Envelope, EventError> {
    let event: EventBridgeEvent<Value> = read("EventBridge", payload)?;
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

/// Takes AWS Config's envelope out of a payload.
pub fn rule_envelope(payload: Payload) -> Result<rule_event::Envelope, EventError> {
    let event: ConfigEvent = read("AWS Config", payload)?;
    let given =
        |member: &'static str, value: Option<String>| value.ok_or(EventError::Member { member });
    Ok(rule_event::Envelope {
        account: given("accountId", event.account_id)?,
        rule_name: given("configRuleName", event.config_rule_name)?,
        invoking_event: given("invokingEvent", event.invoking_event)?,
        rule_parameters: event.rule_parameters,
        result_token: given("resultToken", event.result_token)?,
        bounds: if event.event_left_scope {
            Bounds::Left
        } else {
            Bounds::Inside
        },
    })
}

/// Takes what AWS Config wants remedied out of a payload.
pub fn request(payload: Payload) -> Result<Request, EventError> {
    read("a remediation", payload)
}

fn read<T: DeserializeOwned>(of: &'static str, payload: Payload) -> Result<T, EventError> {
    let value = payload.0.map_err(|detail| EventError::Json {
        detail: cut(&detail),
    })?;
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let place = if path == "." {
            String::new()
        } else {
            format!("`{path}`: ")
        };
        EventError::Envelope {
            of,
            detail: cut(&format!("{place}{}", error.inner())),
        }
    })
}

/// Readers quote what they found, which somebody else has written.
fn cut(text: &str) -> String {
    text.chars().take(300).collect()
}

#[cfg(test)]
mod tests;
