use std::fmt;

use guard_core::names::{AccountId, Partition, Region};

/// The ARN of an SNS topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicArn(String);

impl TopicArn {
    /// Takes `arn:PARTITION:sns:REGION:ACCOUNT:NAME` (SNS API reference, `CreateTopic`).
    pub fn parse(text: &str) -> Result<Self, TopicArnError> {
        let parts: Vec<&str> = text.split(':').collect();
        let is_valid = match parts.as_slice() {
            ["arn", partition, "sns", region, account, name] => {
                Partition::parse(partition).is_ok()
                    && Region::parse(region).is_ok()
                    && AccountId::parse(account).is_ok()
                    && is_topic_name(name)
            }
            _ => false,
        };
        if is_valid {
            Ok(Self(text.to_owned()))
        } else {
            Err(TopicArnError {
                found: text.chars().take(200).collect(),
            })
        }
    }

    /// The ARN as AWS writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The Region in the ARN.
    pub fn region(&self) -> &str {
        self.0.split(':').nth(3).unwrap_or_default()
    }
}

impl fmt::Display for TopicArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_topic_name(name: &str) -> bool {
    (1..=256).contains(&name.len())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
}

/// A text that is no topic's ARN.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not the ARN of an SNS topic")]
pub struct TopicArnError {
    found: String,
}
