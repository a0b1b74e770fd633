//! The event history: `LookupEvents` (CloudTrail API reference).

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::time::{epoch, from_epoch};
use crate::locked::Locked;
use crate::wire::answer::Refusal;
use crate::wire::call::ApiCall;

/// Events a page, at most and by default.
const PAGE: usize = 50;
/// Calls a second, per account and Region.
const RATE: usize = 2;

/// Whether `LookupEvents` answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lookups {
    /// As AWS does.
    #[default]
    Answered,
    /// Every call fails with an error of the service.
    Failing,
}

#[derive(Debug, Default)]
pub(crate) struct History {
    entries: Locked<Vec<Entry>>,
    recent_calls: Locked<VecDeque<(String, Instant)>>,
    settings: Locked<Settings>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Settings {
    lag: Duration,
    lookups: Lookups,
}

#[derive(Debug)]
struct Entry {
    region: String,
    recorded: Instant,
    user_name: String,
    record: Value,
}

impl History {
    pub(crate) fn set_lag(&self, lag: Duration) {
        self.settings.lock().lag = lag;
    }

    pub(crate) fn set_lookups(&self, lookups: Lookups) {
        self.settings.lock().lookups = lookups;
    }

    pub(crate) fn add(&self, region: &str, user_name: &str, record: Value) {
        let entry = Entry {
            region: region.to_owned(),
            recorded: Instant::now(),
            user_name: user_name.to_owned(),
            record,
        };
        self.entries.lock().push(entry);
    }

    /// Every record so far, oldest first, whatever the lag.
    pub(crate) fn records(&self) -> Vec<Value> {
        self.entries
            .lock()
            .iter()
            .map(|entry| entry.record.clone())
            .collect()
    }

    /// `LookupEvents`: newest first, one attribute, a page at a time.
    pub(crate) fn lookup(&self, call: &ApiCall) -> Result<Value, Refusal> {
        let settings = *self.settings.lock();
        self.throttle(&call.region)?;
        if settings.lookups == Lookups::Failing {
            return Err(Refusal::internal("An internal error occurred."));
        }
        let wanted = Wanted::read(call)?;
        let entries = self.entries.lock();
        let found: Vec<&Entry> = entries
            .iter()
            .rev()
            .filter(|entry| entry.region == call.region && entry.recorded.elapsed() >= settings.lag)
            .filter(|entry| wanted.takes(entry))
            .collect();
        let page: Vec<Value> = found
            .iter()
            .skip(wanted.offset)
            .take(wanted.page)
            .map(|entry| entry.event())
            .collect();
        let next = wanted.offset + page.len();
        let mut answer = json!({"Events": page});
        if let (true, Value::Object(answer)) = (next < found.len(), &mut answer) {
            answer.insert("NextToken".into(), Value::from(next.to_string()));
        }
        Ok(answer)
    }

    /// Two calls a second, in real time whatever the clock of the account.
    fn throttle(&self, region: &str) -> Result<(), Refusal> {
        let mut recent = self.recent_calls.lock();
        recent.retain(|(_, at)| at.elapsed() < Duration::from_secs(1));
        if recent.iter().filter(|(of, _)| of == region).count() >= RATE {
            return Err(Refusal::new("ThrottlingException", "Rate exceeded"));
        }
        recent.push_back((region.to_owned(), Instant::now()));
        Ok(())
    }
}

impl Entry {
    fn text(&self, member: &str) -> &str {
        self.record
            .get(member)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    fn time(&self) -> Option<jiff::Timestamp> {
        self.text("eventTime").parse().ok()
    }

    fn event(&self) -> Value {
        let access_key = self
            .record
            .get("userIdentity")
            .and_then(|identity| identity.get("accessKeyId"));
        json!({
            "EventId": self.text("eventID"),
            "EventName": self.text("eventName"),
            "ReadOnly": self.record.get("readOnly").map(ToString::to_string),
            "AccessKeyId": access_key,
            "EventTime": self.time().map(epoch),
            "EventSource": self.text("eventSource"),
            "Username": self.user_name,
            "Resources": self.resources(),
            "CloudTrailEvent": self.record.to_string(),
        })
    }

    fn resources(&self) -> Vec<Value> {
        let parameters = self.record.get("requestParameters");
        let name = parameters
            .and_then(|parameters| parameters.get("name"))
            .and_then(Value::as_str);
        name.map(|name| json!({"ResourceType": "AWS::SSM::Document", "ResourceName": name}))
            .into_iter()
            .collect()
    }

    fn has(&self, attribute: &str, value: &str) -> bool {
        match attribute {
            "EventId" => self.text("eventID") == value,
            "EventName" => self.text("eventName") == value,
            "EventSource" => self.text("eventSource") == value,
            "Username" => self.user_name == value,
            "ReadOnly" => self
                .record
                .get("readOnly")
                .is_some_and(|flag| *flag == value),
            "AccessKeyId" => {
                self.record
                    .get("userIdentity")
                    .and_then(|identity| identity.get("accessKeyId"))
                    .and_then(Value::as_str)
                    == Some(value)
            }
            "ResourceName" => self.resources().iter().any(|resource| {
                resource.get("ResourceName").and_then(Value::as_str) == Some(value)
            }),
            _ => false,
        }
    }
}

/// What a lookup asks for.
struct Wanted {
    attribute: Option<(String, String)>,
    from: Option<jiff::Timestamp>,
    until: Option<jiff::Timestamp>,
    page: usize,
    offset: usize,
}

impl Wanted {
    fn read(call: &ApiCall) -> Result<Self, Refusal> {
        let attributes = call
            .parameters
            .get("LookupAttributes")
            .and_then(Value::as_array);
        if attributes.is_some_and(|attributes| attributes.len() > 1) {
            let message = "You can only specify one attribute key and value in a lookup request.";
            return Err(Refusal::new("InvalidLookupAttributesException", message));
        }
        let attribute = attributes
            .and_then(|attributes| attributes.first())
            .map(|attribute| {
                let text = |member: &str| {
                    attribute
                        .get(member)
                        .and_then(Value::as_str)
                        .unwrap_or_default()
                        .to_owned()
                };
                (text("AttributeKey"), text("AttributeValue"))
            });
        let page = match call.parameters.get("MaxResults").map(Value::as_u64) {
            None => PAGE,
            Some(Some(wanted @ 1..=50)) => usize::try_from(wanted).unwrap_or(PAGE),
            Some(_) => {
                return Err(Refusal::new(
                    "InvalidMaxResultsException",
                    "MaxResults must be between 1 and 50.",
                ));
            }
        };
        let offset = match call.text("NextToken") {
            None => 0,
            Some(token) => token
                .parse()
                .map_err(|_| Refusal::new("InvalidNextTokenException", "Invalid NextToken."))?,
        };
        let time = |member: &str| call.parameters.get(member).and_then(from_epoch);
        Ok(Self {
            attribute,
            from: time("StartTime"),
            until: time("EndTime"),
            page,
            offset,
        })
    }

    fn takes(&self, entry: &Entry) -> bool {
        let time = entry.time();
        self.attribute
            .as_ref()
            .is_none_or(|(key, value)| entry.has(key, value))
            && self
                .from
                .is_none_or(|from| time.is_some_and(|time| time >= from))
            && self
                .until
                .is_none_or(|until| time.is_some_and(|time| time <= until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(history: &History, input: &Value) -> Result<Value, Refusal> {
        history.lookup(&ApiCall::example("cloudtrail", "LookupEvents", input))
    }

    fn filled(count: usize) -> History {
        let history = History::default();
        for number in 0..count {
            history.add("eu-central-1", "alice", json!({"eventID": number.to_string(), "eventName": "UpdateDocument", "eventTime": "2026-01-15T02:03:04Z", "readOnly": false}));
        }
        history
    }

    #[test]
    fn newest_events_come_first_fifty_a_page() {
        let history = filled(60);
        let first = lookup(&history, &json!({})).unwrap();
        assert_eq!(
            (
                first["Events"][0]["EventId"].as_str(),
                first["Events"].as_array().unwrap().len()
            ),
            (Some("59"), 50)
        );
        let second = lookup(&history, &json!({"NextToken": first["NextToken"]})).unwrap();
        assert_eq!(second["Events"].as_array().unwrap().len(), 10);
        assert!(second.get("NextToken").is_none());
    }

    #[test]
    fn an_event_is_found_by_its_id() {
        let found = lookup(
            &filled(3),
            &json!({"LookupAttributes": [{"AttributeKey": "EventId", "AttributeValue": "1"}]}),
        )
        .unwrap();
        assert_eq!(found["Events"].as_array().unwrap().len(), 1);
        assert!(
            found["Events"][0]["CloudTrailEvent"]
                .as_str()
                .unwrap()
                .contains("UpdateDocument")
        );
    }

    #[test]
    fn the_third_call_within_a_second_is_throttled() {
        let history = filled(1);
        assert!(lookup(&history, &json!({})).is_ok() && lookup(&history, &json!({})).is_ok());
        assert_eq!(
            lookup(&history, &json!({})).unwrap_err().code,
            "ThrottlingException"
        );
    }

    #[test]
    fn events_younger_than_the_lag_are_unknown() {
        let history = filled(1);
        history.set_lag(Duration::from_mins(10));
        assert_eq!(lookup(&history, &json!({})).unwrap()["Events"], json!([]));
    }

    #[test]
    fn a_failing_history_is_an_error_and_not_an_empty_answer() {
        let history = filled(1);
        history.set_lookups(Lookups::Failing);
        assert_eq!(lookup(&history, &json!({})).unwrap_err().status, 500);
    }
}
