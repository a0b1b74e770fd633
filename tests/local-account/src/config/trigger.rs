//! When a rule is asked.

use serde_json::{Value, json};

use super::refusals::{invalid_value, validation};
use crate::wire::answer::Refusal;

/// What Config tells a rule's function of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MessageType {
    Change,
    OversizedChange,
    SnapshotDelivered,
    Scheduled,
}

impl MessageType {
    const ALL: [Self; 4] = [
        Self::Change,
        Self::OversizedChange,
        Self::SnapshotDelivered,
        Self::Scheduled,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Change => "ConfigurationItemChangeNotification",
            Self::OversizedChange => "OversizedConfigurationItemChangeNotification",
            Self::SnapshotDelivered => "ConfigurationSnapshotDeliveryCompleted",
            Self::Scheduled => "ScheduledNotification",
        }
    }

    /// Whether a frequency goes with it.
    const fn is_periodic(self) -> bool {
        match self {
            Self::Change | Self::OversizedChange => false,
            Self::SnapshotDelivered | Self::Scheduled => true,
        }
    }
}

/// How often, at most, a periodic rule is asked; the last one by default.
const FREQUENCIES: [&str; 5] = [
    "One_Hour",
    "Three_Hours",
    "Six_Hours",
    "Twelve_Hours",
    "TwentyFour_Hours",
];

/// What triggers a rule, and its `SourceDetails` with the default frequency.
pub(crate) fn read(source: &Value) -> Result<(Vec<MessageType>, Vec<Value>), Refusal> {
    let details = source.get("SourceDetails").and_then(Value::as_array);
    let details = details
        .filter(|details| (1..=25).contains(&details.len()))
        .ok_or_else(|| invalid_value("SourceDetails should be null/empty if the owner is AWS. SourceDetails should be provided if the owner is CUSTOM_LAMBDA"))?;
    let read: Vec<(MessageType, Value)> = details
        .iter()
        .map(read_one)
        .collect::<Result<_, Refusal>>()?;
    Ok(read.into_iter().unzip())
}

fn read_one(detail: &Value) -> Result<(MessageType, Value), Refusal> {
    let text = |member: &str| detail.get(member).and_then(Value::as_str);
    one_of("eventSource", text("EventSource"), &["aws.config"])?;
    let names = MessageType::ALL.map(MessageType::name);
    let name = one_of("messageType", text("MessageType"), &names)?;
    let message = MessageType::ALL
        .into_iter()
        .find(|message| message.name() == name)
        .unwrap_or(MessageType::Change);
    let frequency = text("MaximumExecutionFrequency")
        .map(|frequency| one_of("maximumExecutionFrequency", Some(frequency), &FREQUENCIES))
        .transpose()?;
    if frequency.is_some() && !message.is_periodic() {
        return Err(invalid_value(
            "A maximum execution frequency is not allowed if MessageType is ConfigurationItemChangeNotification or OversizedConfigurationItemChangeNotification",
        ));
    }
    let mut described = detail.clone();
    if let (Value::Object(members), true) = (&mut described, message.is_periodic()) {
        let frequency = frequency.unwrap_or("TwentyFour_Hours");
        members.insert("MaximumExecutionFrequency".into(), json!(frequency));
    }
    Ok((message, described))
}

fn one_of<'a>(member: &str, value: Option<&'a str>, known: &[&str]) -> Result<&'a str, Refusal> {
    let value = value.unwrap_or_default();
    if known.contains(&value) {
        return Ok(value);
    }
    Err(validation(
        format!("'{value}'"),
        &format!("configRule.source.sourceDetails.{member}"),
        &format!("Member must satisfy enum value set: [{}]", known.join(", ")),
    ))
}
