//! `PutEvents` (EventBridge API reference).

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::ACCOUNT;
use crate::principals::Principal;
use crate::state::State;
use crate::trail::time::to_second;
use crate::wire::answer::Refusal;
use crate::wire::call::ApiCall;

/// An entry that `PutEvents` accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct AcceptedEvent {
    /// When it was put.
    pub at: Timestamp,
    /// The event's source, never one of AWS.
    pub source: String,
    /// Its detail type.
    pub detail_type: String,
    /// Its detail.
    pub detail: Value,
    /// Who put it.
    pub principal_arn: String,
}

/// Accepts or refuses each entry, and sends the accepted ones to the rules.
pub(crate) fn put(
    state: &Arc<State>,
    caller: &Principal,
    call: &ApiCall,
) -> Result<Value, Refusal> {
    let entries = call
        .parameters
        .get("Entries")
        .and_then(Value::as_array)
        .filter(|entries| (1..=10).contains(&entries.len()));
    let Some(entries) = entries else {
        return Err(Refusal::new(
            "ValidationException",
            "Member must have length between 1 and 10: entries",
        ));
    };
    let results: Vec<Value> = entries
        .iter()
        .map(|entry| match read(entry, caller) {
            Ok(event) => {
                let id = Uuid::new_v4().to_string();
                let envelope = envelope(&event, &id, &call.region, entry);
                state.accepted_events.lock().push(event);
                super::send(state, &call.region, envelope);
                json!({ "EventId": id })
            }
            Err(refusal) => json!({"ErrorCode": refusal.code, "ErrorMessage": refusal.message}),
        })
        .collect();
    let failed = results
        .iter()
        .filter(|result| result.get("ErrorCode").is_some())
        .count();
    Ok(json!({"FailedEntryCount": failed, "Entries": results}))
}

fn read(entry: &Value, caller: &Principal) -> Result<AcceptedEvent, Refusal> {
    let text = |member: &str| {
        let value = entry
            .get(member)
            .and_then(Value::as_str)
            .filter(|value| !value.is_empty());
        value.map(str::to_owned).ok_or_else(|| {
            Refusal::new(
                "InvalidArgument",
                format!(
                    "Parameter {member} is not valid. Reason: {member} is a required argument."
                ),
            )
        })
    };
    let source = text("Source")?;
    if source.starts_with("aws.") {
        return Err(Refusal::new(
            "NotAuthorizedForSourceException",
            "Not authorized for the source.",
        ));
    }
    let detail = serde_json::from_str(&text("Detail")?)
        .ok()
        .filter(Value::is_object);
    Ok(AcceptedEvent {
        at: Timestamp::now(),
        source,
        detail_type: text("DetailType")?,
        detail: detail.ok_or_else(|| Refusal::new("MalformedDetail", "Detail is malformed."))?,
        principal_arn: caller.arn(),
    })
}

fn envelope(event: &AcceptedEvent, id: &str, region: &str, entry: &Value) -> Value {
    json!({
        "version": "0",
        "id": id,
        "detail-type": event.detail_type,
        "source": event.source,
        "account": ACCOUNT,
        "time": to_second(event.at),
        "region": region,
        "resources": entry.get("Resources").cloned().unwrap_or_else(|| json!([])),
        "detail": event.detail,
    })
}
