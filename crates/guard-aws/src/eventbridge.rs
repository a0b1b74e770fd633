//! Decisions as events on the account's default bus.

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::config::Builder;
use aws_sdk_eventbridge::types::{PutEventsRequestEntry, PutEventsResultEntry};
use guard_reconcile::error::{FailureClass, PortError};
use serde_json::Value;

use crate::config::Aws;
use crate::failure::{Attempt, Unfit, class_of_code};

/// Where the events come from; the role may name no other source.
pub const SOURCE: &str = "session-guard";
/// What each event is.
pub const DETAIL_TYPE: &str = "Session Guard Decision";

/// The bus that AWS's own events and every rule without another one use.
const BUS: &str = "default";
/// The most that an entry may have, counted as the user guide says ("Calculating `PutEvents` event entry size"): the
/// bytes of source, type and detail. Newer quotas allow more; other targets of an event do not.
const MAX_BYTES: usize = 256 * 1024;

/// The default event bus of one account and Region.
#[derive(Debug, Clone)]
pub struct Bus {
    client: Client,
}

impl Bus {
    /// The permission that the calls made here need, on the default bus alone.
    pub const ACTIONS: &[&str] = &["events:PutEvents"];

    /// The bus in the account and Region that `aws` gives access to.
    pub fn new(aws: &Aws) -> Self {
        let mut config = Builder::from(aws.sdk());
        config.set_endpoint_url(aws.endpoint("EVENTBRIDGE"));
        Self {
            client: Client::from_conf(config.build()),
        }
    }

    /// Publishes a report as an event.
    pub async fn publish(&self, report: &Value) -> Result<(), PortError> {
        let attempt = Attempt::to("publish a report on the event bus", BUS);
        let detail = report.to_string();
        let bytes = SOURCE.len() + DETAIL_TYPE.len() + detail.len();
        if bytes > MAX_BYTES {
            return Err(attempt.unfit(Unfit::TooLong {
                bytes,
                limit: MAX_BYTES,
            }));
        }
        let entry = PutEventsRequestEntry::builder()
            .source(SOURCE)
            .detail_type(DETAIL_TYPE)
            .detail(detail)
            .event_bus_name(BUS)
            .build();
        let answer = self.client.put_events().entries(entry).send().await;
        let answer = answer.map_err(|error| attempt.failed(error))?;
        // Answered with success even when the entry was refused.
        match answer.entries.unwrap_or_default().into_iter().next() {
            Some(entry) if answer.failed_entry_count == 0 && entry.event_id.is_some() => Ok(()),
            Some(entry) => Err(refused(&attempt, entry)),
            None => Err(attempt.lacks("Entries")),
        }
    }
}

fn refused(attempt: &Attempt, entry: PutEventsResultEntry) -> PortError {
    let Some(code) = entry.error_code else {
        return attempt.lacks("Entries.EventId");
    };
    let class = class_of_code(&code).unwrap_or(FailureClass::Malformed);
    attempt.error(
        class,
        EntryRefused {
            code,
            message: entry.error_message.unwrap_or_default(),
        },
    )
}

/// The service took the call, but not the event in it.
#[derive(Debug, thiserror::Error)]
#[error("the event was refused with `{code}`: {message}")]
struct EntryRefused {
    code: String,
    message: String,
}

#[cfg(test)]
mod tests;
