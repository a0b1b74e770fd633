//! Configuration items: what AWS Config recorded of one resource.
//!
//! The event of a rule and Config's API spell an item's members differently, and one gives the configuration as an
//! object, the other as a string of JSON (AWS Config developer guide, "Example events for AWS Config rules"; API
//! reference, `ConfigurationItem`).

use jiff::Timestamp;
use serde_json::Value;

use crate::member::{MemberError, optional, required, unreadable, wrong};
use crate::rules::Resource;

/// What AWS Config recorded of one resource, as far as rules look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The resource.
    pub resource: Resource,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Its ARN, where it has one.
    pub arn: Option<String>,
    /// The account that it is in.
    pub account: String,
    /// Its Region; `global` for what belongs to none.
    pub region: String,
    /// Whether it is there and recorded.
    pub status: ItemStatus,
    /// When it was in this state.
    pub captured: Timestamp,
    /// Its configuration as JSON; none of what is gone, and none in summaries.
    pub configuration: Option<String>,
}

/// Whether a resource is there and recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemStatus {
    /// It is there.
    Ok,
    /// It is there and was found just now.
    Discovered,
    /// Nobody knows: its type is no longer recorded.
    NotRecorded,
    /// It is gone.
    Deleted,
    /// It is gone, and its type is no longer recorded.
    DeletedNotRecorded,
}

/// Who wrote an item down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// The event of a rule.
    Event,
    /// An answer of AWS Config's API.
    Api,
}

impl Spelling {
    fn account(self) -> &'static str {
        match self {
            Self::Event => "awsAccountId",
            Self::Api => "accountId",
        }
    }

    fn arn(self) -> &'static str {
        match self {
            Self::Event => "ARN",
            Self::Api => "arn",
        }
    }
}

impl ItemStatus {
    /// Takes AWS Config's word.
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "OK" => Self::Ok,
            "ResourceDiscovered" => Self::Discovered,
            "ResourceNotRecorded" => Self::NotRecorded,
            "ResourceDeleted" => Self::Deleted,
            "ResourceDeletedNotRecorded" => Self::DeletedNotRecorded,
            _ => return None,
        })
    }
}

impl Item {
    /// Reads an item, or the summary of one that is too large for an event.
    pub fn read(value: &Value, spelling: Spelling) -> Result<Self, MemberError> {
        Ok(Self {
            resource: Resource::new(
                bounded(value, "resourceType", 256)?,
                bounded(value, "resourceId", 768)?,
            ),
            name: optional(value, "resourceName")?.map(str::to_owned),
            arn: optional(value, spelling.arn())?.map(str::to_owned),
            account: required(value, spelling.account())?.to_owned(),
            region: required(value, "awsRegion")?.to_owned(),
            status: status(value)?,
            captured: time(value, "configurationItemCaptureTime")?,
            configuration: configuration(value)?,
        })
    }
}

/// What an evaluation will name in turn (API reference, `Evaluation`).
fn bounded<'a>(
    value: &'a Value,
    member: &'static str,
    length: usize,
) -> Result<&'a str, MemberError> {
    let text = required(value, member)?;
    if text.is_empty() || text.chars().count() > length {
        return Err(unreadable(
            member,
            format!("it must have 1 to {length} characters"),
        ));
    }
    Ok(text)
}

fn status(value: &Value) -> Result<ItemStatus, MemberError> {
    let member = "configurationItemStatus";
    let text = required(value, member)?;
    ItemStatus::parse(text).ok_or_else(|| {
        let found: String = text.chars().take(80).collect();
        unreadable(member, format!("`{found}` is no status of an item"))
    })
}

/// A time that must be there.
pub(crate) fn time(value: &Value, member: &str) -> Result<Timestamp, MemberError> {
    required(value, member)?
        .parse()
        .map_err(|_| unreadable(member, "it is not a time such as 2026-01-15T02:03:04.000Z"))
}

fn configuration(value: &Value) -> Result<Option<String>, MemberError> {
    let member = "configuration";
    match value.get(member) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(object @ Value::Object(_)) => Ok(Some(object.to_string())),
        found => Err(wrong(member, found, "an object, or a text that holds one")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event_item() -> Value {
        json!({
            "configurationItemVersion": "1.3",
            "configurationItemCaptureTime": "2026-01-15T02:03:04.000Z",
            "configurationStateId": 1_768_442_584_000_u64,
            "awsAccountId": "123456789012",
            "configurationItemStatus": "OK",
            "resourceType": "AWS::IAM::Role",
            "resourceId": "AROADBQP57FF2AEXAMPLE",
            "resourceName": "web",
            "ARN": "arn:aws:iam::123456789012:role/web",
            "awsRegion": "global",
            "configuration": { "roleName": "web" },
        })
    }

    #[test]
    fn both_spellings_say_the_same() {
        let from_api = json!({
            "version": "1.3",
            "configurationItemCaptureTime": "2026-01-15T02:03:04.000Z",
            "configurationStateId": "1768442584000",
            "accountId": "123456789012",
            "configurationItemStatus": "OK",
            "resourceType": "AWS::IAM::Role",
            "resourceId": "AROADBQP57FF2AEXAMPLE",
            "resourceName": "web",
            "arn": "arn:aws:iam::123456789012:role/web",
            "awsRegion": "global",
            "configuration": "{\"roleName\":\"web\"}",
        });
        let item = Item::read(&event_item(), Spelling::Event).unwrap();
        assert_eq!(Item::read(&from_api, Spelling::Api), Ok(item.clone()));
        assert_eq!(item.configuration.as_deref(), Some(r#"{"roleName":"web"}"#));
        assert_eq!(item.captured.to_string(), "2026-01-15T02:03:04Z");
    }

    #[test]
    fn what_is_gone_has_no_configuration() {
        for (word, status) in [
            ("ResourceDeleted", ItemStatus::Deleted),
            ("ResourceDeletedNotRecorded", ItemStatus::DeletedNotRecorded),
            ("ResourceNotRecorded", ItemStatus::NotRecorded),
        ] {
            let mut item = event_item();
            item["configurationItemStatus"] = json!(word);
            item["configuration"] = Value::Null;
            let read = Item::read(&item, Spelling::Event).unwrap();
            assert_eq!((read.status, read.configuration), (status, None));
        }
    }

    #[test]
    fn what_does_not_fit_is_refused_with_its_name() {
        for (member, value, message) in [
            (
                "resourceType",
                Value::Null,
                "`resourceType` is null, expected a text",
            ),
            (
                "resourceId",
                json!(""),
                "`resourceId` cannot be read: it must have 1 to 768 characters",
            ),
            (
                "resourceName",
                json!(["web"]),
                "`resourceName` is a list, expected a text",
            ),
            (
                "awsAccountId",
                json!(123_456_789_012_u64),
                "`awsAccountId` is a number, expected a text",
            ),
            (
                "configurationItemStatus",
                json!("Fine"),
                "`configurationItemStatus` cannot be read: `Fine` is no status of an item",
            ),
            (
                "configurationItemCaptureTime",
                json!("yesterday"),
                "`configurationItemCaptureTime` cannot be read: it is not a time such as 2026-01-15T02:03:04.000Z",
            ),
            (
                "configuration",
                json!([1]),
                "`configuration` is a list, expected an object, or a text that holds one",
            ),
        ] {
            let mut item = event_item();
            item[member] = value;
            let error = Item::read(&item, Spelling::Event).unwrap_err();
            assert_eq!(error.to_string(), message);
        }
        let error = Item::read(&event_item(), Spelling::Api).unwrap_err();
        assert_eq!(error.to_string(), "`accountId` is missing, expected a text");
    }
}
