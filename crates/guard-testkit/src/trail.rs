//! CloudTrail's event history and EventBridge's events.

use std::collections::BTreeSet;
use std::time::Duration;

use guard_core::change::{Change, Reading, read_record};
use guard_core::facts::{Trail, Window};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::person::{ACCOUNT, Person, REGION, scope};
use crate::record::set;

/// One event as EventBridge delivers it.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    envelope: Value,
}

impl Event {
    fn of(record: &Value) -> Self {
        let time = record.get("eventTime").cloned().unwrap_or_default();
        let id = record.get("eventID").cloned().unwrap_or_default();
        Self {
            envelope: json!({
                "version": "0",
                "id": id,
                "detail-type": "AWS API Call via CloudTrail",
                "source": "aws.ssm",
                "account": ACCOUNT,
                "time": time,
                "region": REGION,
                "resources": [],
                "detail": record,
            }),
        }
    }

    /// The whole event, fit to invoke a function with.
    pub fn envelope(&self) -> &Value {
        &self.envelope
    }

    /// The record in it.
    pub fn record(&self) -> &Value {
        self.envelope.get("detail").unwrap_or(&Value::Null)
    }

    /// The record's id.
    pub fn id(&self) -> &str {
        self.record()
            .get("eventID")
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    /// The change that the record tells of.
    ///
    /// # Panics
    /// When the record is none of our document, which no event of this account is.
    #[expect(
        clippy::panic,
        reason = "a test that goes on with another event than it means would prove nothing"
    )]
    pub fn change(&self) -> Change {
        match read_record(self.record(), &scope()) {
            Ok(Reading::Change(change)) => *change,
            other => panic!("not a change of the document: {other:?}"),
        }
    }

    /// A forged copy that names another person; CloudTrail knows nothing of it.
    #[must_use]
    pub fn forged_as(&self, person: &Person) -> Self {
        let id = format!("f{}", self.id().chars().skip(1).collect::<String>());
        self.forged_under_the_same_id_as(person)
            .with("eventID", id.into())
    }

    /// A forged copy that names another person and borrows the id of the real record.
    #[must_use]
    pub fn forged_under_the_same_id_as(&self, person: &Person) -> Self {
        self.clone().with("userIdentity", person.identity().clone())
    }

    /// A copy whose record says something else in one member.
    #[must_use]
    pub fn with(mut self, member: &str, value: Value) -> Self {
        if let Some(record) = self.envelope.get_mut("detail") {
            set(record, member, value);
        }
        self
    }
}

/// One record, and from when on `LookupEvents` knows it.
#[derive(Debug, Clone)]
struct Kept {
    record: Value,
    at: Timestamp,
    /// `None`: never.
    known_from: Option<Timestamp>,
}

/// All records, and the events nobody has taken yet.
#[derive(Debug, Default)]
pub(crate) struct History {
    kept: Vec<Kept>,
    pending: Vec<Event>,
    lag: Duration,
    failing: Option<String>,
    page_limit: Option<usize>,
}

impl History {
    pub(crate) fn keep(&mut self, record: Value, now: Timestamp) {
        let whole_second = Timestamp::from_second(now.as_second()).unwrap_or(now);
        let known_from = now.checked_add(self.lag).ok();
        self.pending.push(Event::of(&record));
        self.kept.push(Kept {
            record,
            at: whole_second,
            known_from,
        });
    }

    pub(crate) fn next_event_id(&self) -> String {
        format!("00000000-0000-4000-8000-{:012}", self.kept.len() + 1)
    }

    pub(crate) fn pending(&self) -> &[Event] {
        &self.pending
    }

    pub(crate) fn take_pending(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.pending)
    }

    pub(crate) fn records(&self) -> Vec<Value> {
        self.kept.iter().map(|kept| kept.record.clone()).collect()
    }

    pub(crate) fn set_lag(&mut self, lag: Duration) {
        self.lag = lag;
    }

    pub(crate) fn set_failing(&mut self, why: Option<&str>) {
        self.failing = why.map(str::to_owned);
    }

    pub(crate) fn set_page_limit(&mut self, limit: Option<usize>) {
        self.page_limit = limit;
    }

    pub(crate) fn know_everything(&mut self, now: Timestamp) {
        for kept in &mut self.kept {
            kept.known_from = kept.known_from.map(|from| from.min(now));
        }
    }

    pub(crate) fn forget(&mut self, event_id: &str) {
        for kept in &mut self.kept {
            if kept.record.get("eventID").and_then(Value::as_str) == Some(event_id) {
                kept.known_from = None;
            }
        }
    }

    pub(crate) fn known(&self, now: Timestamp) -> BTreeSet<String> {
        let known = self
            .kept
            .iter()
            .filter(|kept| kept.known_from.is_some_and(|from| from <= now));
        known
            .filter_map(|kept| kept.record.get("eventID").and_then(Value::as_str))
            .map(str::to_owned)
            .collect()
    }

    /// What `LookupEvents` answers for `UpdateDocument` and `CreateDocument`, newest first, failed calls left out.
    pub(crate) fn look_up(&self, window: Window, now: Timestamp) -> Trail {
        if let Some(why) = &self.failing {
            return Trail::Failed { why: why.clone() };
        }
        let mut known: Vec<_> = self
            .kept
            .iter()
            .filter(|kept| kept.is_known(window, now))
            .collect();
        known.reverse();
        let mut complete_from = window.from;
        if let Some(limit) = self.page_limit.filter(|limit| *limit < known.len()) {
            known.truncate(limit);
            complete_from = known.last().map_or(window.to, |oldest| oldest.at);
        }
        let changes = known
            .into_iter()
            .filter_map(Kept::successful_write)
            .collect();
        Trail::Answered {
            changes,
            complete_from,
        }
    }
}

impl Kept {
    fn is_known(&self, window: Window, now: Timestamp) -> bool {
        let name = self.record.get("eventName").and_then(Value::as_str);
        matches!(name, Some("UpdateDocument" | "CreateDocument"))
            && self.known_from.is_some_and(|from| from <= now)
            && (window.from..=window.to).contains(&self.at)
    }

    fn successful_write(&self) -> Option<Change> {
        match read_record(&self.record, &scope()) {
            Ok(Reading::Change(change)) if change.failure.is_none() => Some(*change),
            _ => None,
        }
    }
}
