//! `invokingEvent`: what a rule's function is told (AWS Config developer guide, "Example Events for AWS Config
//! Rules").

use jiff::Timestamp;
use serde_json::{Value, json};

use super::item::Item;
use super::trigger::MessageType;
use crate::ACCOUNT;
use crate::trail::time::to_millisecond;

/// A message and its kind.
#[derive(Debug, Clone)]
pub(crate) struct Notification {
    pub(crate) message: MessageType,
    pub(crate) text: String,
}

impl Notification {
    /// An item, or, when the message would be larger than `limit` bytes, its summary.
    pub(crate) fn of_item(
        item: &Item,
        diff: &Value,
        region: &str,
        limit: usize,
        now: Timestamp,
    ) -> Self {
        let message = MessageType::Change;
        let whole = json!({
            "configurationItemDiff": diff,
            "configurationItem": item.notified(),
            "notificationCreationTime": to_millisecond(now),
            "messageType": message.name(),
            "recordVersion": "1.3",
        });
        let text = whole.to_string();
        if text.len() <= limit {
            return Self { message, text };
        }
        let message = MessageType::OversizedChange;
        let summary = json!({
            "configurationItemSummary": item.summary(),
            "s3DeliverySummary": {
                "s3BucketLocation": bucket_location(item, region, now),
                "errorCode": null,
                "errorMessage": null,
            },
            "notificationCreationTime": to_millisecond(now),
            "messageType": message.name(),
            "recordVersion": "1.0",
        });
        Self {
            message,
            text: summary.to_string(),
        }
    }

    /// The time of a periodic rule has come.
    pub(crate) fn scheduled(now: Timestamp) -> Self {
        let message = MessageType::Scheduled;
        let told = json!({
            "awsAccountId": ACCOUNT,
            "notificationCreationTime": to_millisecond(now),
            "messageType": message.name(),
            "recordVersion": "1.0",
        });
        Self {
            message,
            text: told.to_string(),
        }
    }
}

/// Where Config would have put the item; nothing is there.
fn bucket_location(item: &Item, region: &str, now: Timestamp) -> String {
    let resource = &item.resource;
    let day = now.strftime("%Y/%-m/%-d");
    format!(
        "config-bucket-{ACCOUNT}/AWSLogs/{ACCOUNT}/Config/{region}/{day}/OversizedChangeNotification/{}/{}/{}.json.gz",
        resource.kind,
        resource.id,
        item.captured.as_millisecond()
    )
}
