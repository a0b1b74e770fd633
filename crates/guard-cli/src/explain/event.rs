//! An event or a record, as a file.

use guard_core::change::{Reading, RecordError, read_record};
use guard_core::envelope::{Arrival, Envelope, open};
use guard_core::names::{AccountId, NameError, Region, Scope};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use crate::scope;

/// What a file turned out to hold.
#[derive(Debug)]
pub(super) struct Event {
    /// The account and Region that it names.
    pub(super) scope: Scope,
    /// What it is.
    pub(super) arrival: Arrival,
    /// When it happened.
    pub(super) at: Timestamp,
    /// CloudTrail's record, or whatever stands in its place.
    pub(super) record: Value,
}

/// Why a text is no event that could be explained.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// No JSON, or an envelope that lacks something.
    #[error("the event cannot be read")]
    Json(#[from] serde_json::Error),
    /// JSON of another kind.
    #[error(
        "it has neither `detail-type`, as an event of EventBridge, nor `eventName`, as a record of CloudTrail"
    )]
    Neither,
    /// What AWS Config calls its rules with, which no change is told by.
    #[error(
        "it is an event of an AWS Config rule: docs/rules.md tells what rules answer, `explain` takes changes of the preferences"
    )]
    Config,
    /// It names no account or no Region.
    #[error("the event does not say where it comes from")]
    Name(#[from] NameError),
    /// CloudTrail's record lacks something.
    #[error("the record cannot be read")]
    Record(#[from] RecordError),
}

/// An envelope as `EventBridge` writes it (`EventBridge` user guide, "Events in Amazon `EventBridge`").
#[derive(Deserialize)]
struct Written {
    source: String,
    #[serde(rename = "detail-type")]
    detail_type: String,
    account: String,
    region: String,
    time: Timestamp,
    detail: Value,
}

/// A record as CloudTrail writes it: the members that say where it comes from.
#[derive(Deserialize)]
struct Origin {
    #[serde(rename = "awsRegion")]
    region: String,
    #[serde(rename = "recipientAccountId")]
    account: String,
    #[serde(rename = "eventTime")]
    at: Timestamp,
}

impl Event {
    /// Reads `EventBridge`'s envelope, or CloudTrail's record without one.
    pub(super) fn parse(text: &str) -> Result<Self, EventError> {
        let value: Value = serde_json::from_str(text)?;
        if value.get("detail-type").is_some() {
            Self::of_envelope(Written::deserialize(value)?)
        } else if value.get("eventName").is_some() {
            Self::of_record(value)
        } else if value.get("invokingEvent").is_some() {
            Err(EventError::Config)
        } else {
            Err(EventError::Neither)
        }
    }

    fn of_envelope(written: Written) -> Result<Self, EventError> {
        let scope = place(&written.account, &written.region)?;
        let envelope = Envelope {
            source: written.source,
            detail_type: written.detail_type,
            account: written.account,
            region: written.region,
            detail: written.detail,
        };
        let arrival = open(&envelope, &scope)?;
        Ok(Self {
            at: match &arrival {
                Arrival::Change(change) => change.at,
                Arrival::Sweep | Arrival::NotOurs(_) => written.time,
            },
            scope,
            arrival,
            record: envelope.detail,
        })
    }

    fn of_record(record: Value) -> Result<Self, EventError> {
        let origin = Origin::deserialize(&record)?;
        let scope = place(&origin.account, &origin.region)?;
        let arrival = match read_record(&record, &scope)? {
            Reading::Change(change) => Arrival::Change(change),
            Reading::NotOurs(not_ours) => Arrival::NotOurs(not_ours),
        };
        Ok(Self {
            scope,
            arrival,
            at: origin.at,
            record,
        })
    }
}

fn place(account: &str, region: &str) -> Result<Scope, NameError> {
    scope::of(&AccountId::parse(account)?, &Region::parse(region)?)
}
