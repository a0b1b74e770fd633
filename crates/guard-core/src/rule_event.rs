//! What AWS Config tells a rule's function, and whether it is our business.
//!
//! The event holds two strings of JSON: `invokingEvent` says what happened, `ruleParameters` what an operator set on the
//! rule. Whoever may invoke the function can send it any of that; what such an event leads to is an answer that AWS Config
//! refuses, since it does not know the token.

use jiff::Timestamp;
use serde_json::Value;

use crate::config_item::{Item, Spelling, time};
use crate::member::{MemberError, required, unreadable, wrong};
use crate::names::Scope;

/// The members of an event that decide (AWS Config developer guide, "Example events for AWS Config rules").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The account that owns the rule.
    pub account: String,
    /// The rule's name in AWS Config.
    pub rule_name: String,
    /// What happened, as JSON.
    pub invoking_event: String,
    /// What was set on the rule, as JSON.
    pub rule_parameters: Option<String>,
    /// What the answer must bear.
    pub result_token: String,
    /// Whether the rule still looks at the resource.
    pub bounds: Bounds,
}

/// Whether a rule looks at a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bounds {
    /// It does.
    Inside,
    /// It did, and does no longer.
    Left,
}

/// An event of this account's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleEvent {
    /// The rule's name in AWS Config.
    pub rule_name: String,
    /// What the answer must bear.
    pub token: Token,
    /// What happened.
    pub occasion: Occasion,
    /// Parameters that were set on the rule, which takes none.
    pub parameters: Vec<String>,
}

/// What an answer must bear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// AWS Config's word, passed on as it is.
    pub value: String,
    /// Whether the answer counts.
    pub weight: Weight,
}

/// Whether an answer counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// It does.
    Real,
    /// It is only checked: the token is `TESTMODE`, a habit of the Rule Development Kit.
    Test,
}

/// Why a rule is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Occasion {
    /// A resource changed.
    Change {
        /// What was recorded of it.
        item: Box<Item>,
        /// Whether that is all.
        extent: Extent,
        /// Whether the rule looks at the resource.
        bounds: Bounds,
    },
    /// It is time to look at everything.
    Scheduled {
        /// When AWS Config said so.
        at: Timestamp,
    },
}

/// How much of an item an event holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Whole,
    /// Only its summary: it is too large for an event.
    Summary,
}

/// What an event turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// One for this account and Region.
    Event(Box<RuleEvent>),
    /// Something else.
    NotOurs(NotOurs),
}

/// Why an event is not our business.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotOurs {
    /// Another account or Region than the function's.
    #[error("its {member} is `{found}`, not `{expected}`")]
    Elsewhere {
        /// Which member says so.
        member: &'static str,
        /// What stands there.
        found: String,
        /// What the function stands for.
        expected: String,
    },
    /// A message that no rule of ours asks for.
    #[error("its messageType is `{found}`")]
    Message {
        /// The message's type.
        found: String,
    },
}

const TEST_TOKEN: &str = "TESTMODE";

/// The Region of what belongs to none.
const GLOBAL: &str = "global";

/// Says what an event is, and reads what is in it.
pub fn open(envelope: &Envelope, scope: &Scope) -> Result<Opened, MemberError> {
    if let Some(elsewhere) = elsewhere("accountId", &envelope.account, scope.account.as_str()) {
        return Ok(Opened::NotOurs(elsewhere));
    }
    let message = json("invokingEvent", &envelope.invoking_event)?;
    let inside = |error: MemberError| error.inside("invokingEvent");
    let occasion = match required(&message, "messageType").map_err(inside)? {
        "ConfigurationItemChangeNotification" => change(
            &message,
            "configurationItem",
            Extent::Whole,
            envelope.bounds,
        )
        .map_err(inside)?,
        "OversizedConfigurationItemChangeNotification" => {
            let member = "configurationItemSummary";
            change(&message, member, Extent::Summary, envelope.bounds).map_err(inside)?
        }
        "ScheduledNotification" => {
            let account = required(&message, "awsAccountId").map_err(inside)?;
            if let Some(elsewhere) = elsewhere("awsAccountId", account, scope.account.as_str()) {
                return Ok(Opened::NotOurs(elsewhere));
            }
            Occasion::Scheduled {
                at: time(&message, "notificationCreationTime").map_err(inside)?,
            }
        }
        other => {
            return Ok(Opened::NotOurs(NotOurs::Message { found: cut(other) }));
        }
    };
    if let Some(elsewhere) = item_elsewhere(&occasion, scope) {
        return Ok(Opened::NotOurs(elsewhere));
    }
    Ok(Opened::Event(Box::new(RuleEvent {
        rule_name: name(&envelope.rule_name)?,
        token: token(&envelope.result_token)?,
        occasion,
        parameters: parameters(envelope.rule_parameters.as_deref())?,
    })))
}

impl RuleEvent {
    /// The time of what the answer tells: an answer about an earlier time does not replace one about a later
    /// (AWS Config API reference, `Evaluation`).
    pub fn time(&self) -> Timestamp {
        match &self.occasion {
            Occasion::Change { item, .. } => item.captured,
            Occasion::Scheduled { at } => *at,
        }
    }
}

impl Occasion {
    /// AWS Config's word for it.
    pub fn message_type(&self) -> &'static str {
        match self {
            Self::Change {
                extent: Extent::Whole,
                ..
            } => "ConfigurationItemChangeNotification",
            Self::Change {
                extent: Extent::Summary,
                ..
            } => "OversizedConfigurationItemChangeNotification",
            Self::Scheduled { .. } => "ScheduledNotification",
        }
    }

    /// What was recorded of the resource that changed.
    pub fn item(&self) -> Option<&Item> {
        match self {
            Self::Change { item, .. } => Some(item),
            Self::Scheduled { .. } => None,
        }
    }
}

fn change(
    message: &Value,
    member: &'static str,
    extent: Extent,
    bounds: Bounds,
) -> Result<Occasion, MemberError> {
    let item = message.get(member);
    let Some(item) = item.filter(|item| item.is_object()) else {
        return Err(wrong(member, item, "an object"));
    };
    let item = Item::read(item, Spelling::Event).map_err(|error| error.inside(member))?;
    Ok(Occasion::Change {
        item: Box::new(item),
        extent,
        bounds,
    })
}

fn item_elsewhere(occasion: &Occasion, scope: &Scope) -> Option<NotOurs> {
    let item = occasion.item()?;
    let by_account = elsewhere("awsAccountId", &item.account, scope.account.as_str());
    by_account.or_else(|| {
        // What belongs to no Region is recorded in the one that global types are recorded in.
        let is_global = item.region == GLOBAL || item.resource.kind.starts_with("AWS::IAM::");
        if is_global {
            return None;
        }
        elsewhere("awsRegion", &item.region, scope.region.as_str())
    })
}

fn elsewhere(member: &'static str, found: &str, expected: &str) -> Option<NotOurs> {
    (found != expected).then(|| NotOurs::Elsewhere {
        member,
        found: cut(found),
        expected: expected.to_owned(),
    })
}

/// A string of JSON that holds an object.
fn json(member: &'static str, text: &str) -> Result<Value, MemberError> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| unreadable(member, format!("it is no JSON: {error}")))?;
    if value.is_object() {
        Ok(value)
    } else {
        Err(wrong(member, Some(&value), "a text that holds an object"))
    }
}

/// The names of the parameters; their values are texts (API reference, `ConfigRule`, `InputParameters`).
fn parameters(text: Option<&str>) -> Result<Vec<String>, MemberError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(Vec::new());
    };
    let value = json("ruleParameters", text)?;
    let members = value.as_object().into_iter().flatten();
    members
        .map(|(name, value)| match value {
            Value::String(_) => Ok(cut(name)),
            other => Err(wrong(&cut(name), Some(other), "a text").inside("ruleParameters")),
        })
        .collect()
}

/// Letters, digits, `_` and `-` (API reference, `PutOrganizationConfigRule`), or whatever else AWS Config took.
fn name(text: &str) -> Result<String, MemberError> {
    if text.is_empty() || text.chars().count() > 128 {
        return Err(unreadable(
            "configRuleName",
            "it must have 1 to 128 characters",
        ));
    }
    Ok(text.to_owned())
}

fn token(text: &str) -> Result<Token, MemberError> {
    if text.is_empty() {
        return Err(unreadable("resultToken", "it is empty"));
    }
    Ok(Token {
        value: text.to_owned(),
        weight: if text == TEST_TOKEN {
            Weight::Test
        } else {
            Weight::Real
        },
    })
}

fn cut(text: &str) -> String {
    text.chars().take(100).collect()
}

#[cfg(test)]
mod tests;
