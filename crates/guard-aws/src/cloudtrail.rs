//! CloudTrail's event history: who wrote the preferences document, in CloudTrail's own words.
//!
//! After the CloudTrail API reference, `LookupEvents`: 90 days of one Region's management events whether or not there
//! is a trail, newest first, one attribute a call, two calls a second for an account and Region. A record appears some
//! minutes after its call.

mod pace;

use std::time::Duration;

use aws_sdk_cloudtrail::Client;
use aws_sdk_cloudtrail::config::Builder;
use aws_sdk_cloudtrail::config::retry::RetryConfig;
use aws_sdk_cloudtrail::operation::lookup_events::LookupEventsOutput;
use aws_sdk_cloudtrail::types::{Event, LookupAttribute, LookupAttributeKey};
use aws_smithy_types::DateTime;
use guard_core::change::{Change, Reading, read_record};
use guard_core::facts::{Trail, Window};
use guard_core::names::Scope;
use guard_reconcile::error::{FailureClass, PortError};
use guard_reconcile::ports::LookUpChanges;
use jiff::{SignedDuration, Timestamp};

use crate::config::Aws;
use crate::failure::{Attempt, chain};
use crate::time::timestamp;
use pace::Pace;

/// The calls that make a version of the document.
const CALLS: [&str; 2] = ["UpdateDocument", "CreateDocument"];
/// The most that one page holds.
const EVENTS_PER_PAGE: i32 = 50;
/// 500 calls of one kind. Behind more than that, made to hide one, the answer is said to be incomplete; waiting for
/// them all would cost more than the five seconds that ten pages take.
const MAX_PAGES: usize = 10;

/// The quota belongs to the account, and the rule on the preferences asks in the same seconds as the guard: whoever comes
/// second waits up to half a second, then up to one, two and four.
const MAX_ATTEMPTS: u32 = 5;
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// The event history of one account and Region.
#[derive(Debug)]
pub struct EventHistory {
    client: Client,
    scope: Scope,
    pace: Pace,
}

impl EventHistory {
    /// The permission that the calls made here need; it knows no resources.
    pub const ACTIONS: &[&str] = &["cloudtrail:LookupEvents"];

    /// The event history in the account and Region that `aws` gives access to, which must be those of `scope`.
    pub fn new(aws: &Aws, scope: Scope) -> Self {
        let mut config = Builder::from(aws.sdk());
        config.set_endpoint_url(aws.endpoint("CLOUDTRAIL"));
        Self::of(config, scope)
    }

    fn of(config: Builder, scope: Scope) -> Self {
        let retries = RetryConfig::standard()
            .with_max_attempts(MAX_ATTEMPTS)
            .with_initial_backoff(FIRST_PAUSE);
        let config = config.retry_config(retries);
        Self {
            client: Client::from_conf(config.build()),
            scope,
            pace: Pace::default(),
        }
    }

    async fn changes(&self, window: Window) -> Result<Trail, PortError> {
        let mut changes = Vec::new();
        let mut complete_from = window.from;
        for call in CALLS {
            let from = self.calls(call, window, &mut changes).await?;
            complete_from = complete_from.max(from);
        }
        Ok(Trail::Answered {
            changes,
            complete_from,
        })
    }

    /// Adds the changes that one kind of call made; answers from when on they are all there.
    async fn calls(
        &self,
        call: &'static str,
        window: Window,
        changes: &mut Vec<Change>,
    ) -> Result<Timestamp, PortError> {
        let attempt = Attempt::to("look up in the event history", call);
        let mut oldest = window.to;
        let mut token = None;
        for _ in 0..MAX_PAGES {
            let page = self.page(&attempt, call, window, token).await?;
            for event in page.events.ok_or_else(|| attempt.lacks("Events"))? {
                let time = event.event_time.as_ref().and_then(timestamp);
                oldest = oldest.min(time.ok_or_else(|| attempt.lacks("Events.EventTime"))?);
                changes.extend(self.change(&attempt, event)?);
            }
            token = page.next_token.filter(|token| !token.is_empty());
            if token.is_none() {
                return Ok(window.from);
            }
        }
        // Times are told to the second: of the oldest one, some events may stand on the next page.
        oldest
            .checked_add(SignedDuration::from_secs(1))
            .map_err(|error| attempt.error(FailureClass::Malformed, error))
    }

    async fn page(
        &self,
        attempt: &Attempt,
        call: &str,
        window: Window,
        token: Option<String>,
    ) -> Result<LookupEventsOutput, PortError> {
        let attribute = LookupAttribute::builder()
            .attribute_key(LookupAttributeKey::EventName)
            .attribute_value(call)
            .build()
            .map_err(|error| attempt.error(FailureClass::Malformed, error))?;
        self.pace.wait().await;
        let request = self.client.lookup_events().lookup_attributes(attribute);
        // Whole seconds outwards, as the history tells times.
        let request = request.start_time(DateTime::from_secs(window.from.as_second()));
        let request =
            request.end_time(DateTime::from_secs(window.to.as_second().saturating_add(1)));
        let answer = request
            .max_results(EVENTS_PER_PAGE)
            .set_next_token(token)
            .send()
            .await;
        answer.map_err(|error| attempt.failed(error))
    }

    /// The change that an event tells of; `None` if it changed nothing of ours, or says so in no form we know.
    ///
    /// A record that cannot be read approves nothing: the version it made stays unknown and, in time, is a stranger's.
    fn change(&self, attempt: &Attempt, event: Event) -> Result<Option<Change>, PortError> {
        let text = event
            .cloud_trail_event
            .ok_or_else(|| attempt.lacks("Events.CloudTrailEvent"))?;
        let reading = match serde_json::from_str(&text) {
            Ok(record) => read_record(&record, &self.scope).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        Ok(match reading {
            Ok(Reading::Change(change)) if change.failure.is_none() => Some(*change),
            Ok(Reading::Change(_) | Reading::NotOurs(_)) => None,
            Err(why) => {
                let event_id = event.event_id.as_deref().unwrap_or("(none)");
                tracing::warn!(
                    event.id = event_id,
                    error = why,
                    "a record of the event history is left out"
                );
                None
            }
        })
    }
}

impl LookUpChanges for EventHistory {
    async fn look_up(&self, window: Window) -> Trail {
        match self.changes(window).await {
            Ok(trail) => trail,
            Err(error) => Trail::Failed { why: chain(&error) },
        }
    }
}

#[cfg(test)]
mod tests;
