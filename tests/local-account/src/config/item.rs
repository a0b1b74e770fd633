//! Configuration items (AWS Config developer guide, "Components of a Configuration Item"), in the spelling of rules'
//! events and in that of the API.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::ACCOUNT;
use crate::trail::time::{epoch, to_millisecond};

const VERSION: &str = "1.3";

/// A resource as it was seen.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Observed {
    /// For example `AWS::IAM::Role`.
    pub(crate) kind: &'static str,
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) arn: String,
    /// `global` for IAM's.
    pub(crate) region: String,
    pub(crate) zone: &'static str,
    pub(crate) created: Timestamp,
    pub(crate) tags: Map<String, Value>,
    pub(crate) configuration: Value,
    /// What counts as a change, although the configuration does not show it.
    pub(crate) unseen: Value,
}

/// `configurationItemStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Discovered,
    Ok,
    Deleted,
}

impl Status {
    const fn name(self) -> &'static str {
        match self {
            Self::Discovered => "ResourceDiscovered",
            Self::Ok => "OK",
            Self::Deleted => "ResourceDeleted",
        }
    }

    pub(crate) const fn change_type(self) -> &'static str {
        match self {
            Self::Discovered => "CREATE",
            Self::Ok => "UPDATE",
            Self::Deleted => "DELETE",
        }
    }
}

/// What was recorded of a resource at one moment. The item of a deleted resource keeps the last state that was seen,
/// but shows none.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Item {
    pub(crate) resource: Observed,
    pub(crate) status: Status,
    pub(crate) captured: Timestamp,
}

impl Item {
    pub(crate) fn is_of(&self, kind: &str, id: &str) -> bool {
        self.resource.kind == kind && self.resource.id == id
    }

    fn shown<T>(&self, value: &T, nothing: T) -> T
    where
        T: Clone,
    {
        match self.status {
            Status::Discovered | Status::Ok => value.clone(),
            Status::Deleted => nothing,
        }
    }

    /// `configurationItem` of a rule's event.
    pub(crate) fn notified(&self) -> Value {
        let mut item = Map::from_iter([
            ("relatedEvents".to_owned(), json!([])),
            ("relationships".to_owned(), json!([])),
            (
                "configuration".to_owned(),
                self.shown(&self.resource.configuration, Value::Null),
            ),
            ("supplementaryConfiguration".to_owned(), json!({})),
            (
                "tags".to_owned(),
                Value::Object(self.shown(&self.resource.tags, Map::new())),
            ),
        ]);
        item.extend(self.outline());
        Value::Object(item)
    }

    /// `configurationItemSummary` of a rule's event about an item that is too large.
    pub(crate) fn summary(&self) -> Value {
        let mut summary =
            Map::from_iter([("changeType".to_owned(), json!(self.status.change_type()))]);
        summary.extend(self.outline());
        Value::Object(summary)
    }

    /// What item and summary have in common.
    fn outline(&self) -> Map<String, Value> {
        let resource = &self.resource;
        let outline = json!({
            "configurationItemVersion": VERSION,
            "configurationItemCaptureTime": to_millisecond(self.captured),
            "configurationStateId": self.captured.as_millisecond(),
            "awsAccountId": ACCOUNT,
            "configurationItemStatus": self.status.name(),
            "resourceType": resource.kind,
            "resourceId": resource.id,
            "resourceName": resource.name,
            "ARN": resource.arn,
            "awsRegion": resource.region,
            "availabilityZone": resource.zone,
            "configurationStateMd5Hash": "",
            "resourceCreationTime": to_millisecond(resource.created),
        });
        match outline {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    /// An entry of `GetResourceConfigHistory`: other names, and the configuration as text.
    pub(crate) fn answered(&self) -> Value {
        let resource = &self.resource;
        let mut item = json!({
            "version": VERSION,
            "accountId": ACCOUNT,
            "configurationItemCaptureTime": epoch(self.captured),
            "configurationItemStatus": self.status.name(),
            "configurationStateId": self.captured.as_millisecond().to_string(),
            "configurationItemMD5Hash": "",
            "arn": resource.arn,
            "resourceType": resource.kind,
            "resourceId": resource.id,
            "resourceName": resource.name,
            "awsRegion": resource.region,
            "availabilityZone": resource.zone,
            "resourceCreationTime": epoch(resource.created),
            "tags": self.shown(&resource.tags, Map::new()),
            "relatedEvents": [],
            "relationships": [],
            "supplementaryConfiguration": {},
        });
        if let (Value::Object(members), Status::Discovered | Status::Ok) = (&mut item, self.status)
        {
            members.insert(
                "configuration".into(),
                json!(resource.configuration.to_string()),
            );
        }
        item
    }
}
