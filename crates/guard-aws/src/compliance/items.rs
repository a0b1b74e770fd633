//! What AWS Config has recorded.

use aws_sdk_config::Client;
use aws_sdk_config::types::{ConfigurationItem, ConfigurationItemStatus, ResourceType};
use guard_core::config_item::{Item, Spelling};
use guard_core::rules::Resource;
use guard_reconcile::error::{FailureClass, PortError};
use guard_reconcile::ports::ReadItems;
use jiff::Timestamp;
use serde_json::json;

use crate::config::Aws;
use crate::failure::{Attempt, code};
use crate::time::{datetime, timestamp};

/// Reads the history of what AWS Config recorded.
#[derive(Debug, Clone)]
pub struct Items {
    pub(super) client: Client,
}

impl Items {
    /// The permission that the calls made here need; it knows no resources.
    pub const ACTIONS: &[&str] = &["config:GetResourceConfigHistory"];

    /// AWS Config in the account and Region that `aws` gives access to.
    pub fn new(aws: &Aws) -> Self {
        Self {
            client: super::client(aws),
        }
    }
}

impl ReadItems for Items {
    async fn item(&self, resource: &Resource, at: Timestamp) -> Result<Option<Item>, PortError> {
        let attempt = Attempt::to("read the history of", &resource.id);
        let call = self
            .client
            .get_resource_config_history()
            .resource_type(ResourceType::from(resource.kind.as_str()))
            .resource_id(&resource.id)
            .later_time(datetime(at))
            .limit(1);
        let answer = match call.send().await {
            Ok(answer) => answer,
            Err(error) if code(&error) == Some("ResourceNotDiscoveredException") => {
                return Ok(None);
            }
            Err(error) => return Err(attempt.failed(error)),
        };
        let items = answer
            .configuration_items
            .ok_or_else(|| attempt.lacks("configurationItems"))?;
        items
            .into_iter()
            .next()
            .map(|item| read(&attempt, &item))
            .transpose()
    }
}

/// The members in the API's spelling, so that there is one reader of items, and one place that checks them.
fn read(attempt: &Attempt, item: &ConfigurationItem) -> Result<Item, PortError> {
    let captured = item
        .configuration_item_capture_time
        .as_ref()
        .and_then(timestamp);
    let value = json!({
        "accountId": item.account_id,
        "configurationItemCaptureTime": captured,
        "configurationItemStatus": item.configuration_item_status.as_ref().map(ConfigurationItemStatus::as_str),
        "arn": item.arn,
        "resourceType": item.resource_type.as_ref().map(ResourceType::as_str),
        "resourceId": item.resource_id,
        "resourceName": item.resource_name,
        "awsRegion": item.aws_region,
        "configuration": item.configuration,
    });
    Item::read(&value, Spelling::Api).map_err(|error| attempt.error(FailureClass::Malformed, error))
}
