//! `PutEvaluations` (AWS Config API reference): what a rule says of resources.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::refusals::{self, invalid_value, no_such_rule, validation};
use super::remediation::{Key, automatic};
use crate::state::State;
use crate::trail::time::from_epoch;
use crate::wire::answer::Refusal;
use crate::wire::call::ApiCall;

/// Evaluations in a call.
const ENTRIES: usize = 100;
/// Types that can be judged: a few of Config's five hundred, and the account itself. `AWS::Logs::LogGroup` is none.
const TYPES: [&str; 14] = [
    "AWS::::Account",
    "AWS::CloudTrail::Trail",
    "AWS::EC2::Instance",
    "AWS::Events::Rule",
    "AWS::IAM::Group",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::IAM::User",
    "AWS::KMS::Key",
    "AWS::Lambda::Function",
    "AWS::S3::Bucket",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
    "AWS::SSM::Document",
];

/// What a rule said of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// For example `AWS::IAM::Role`.
    pub resource_type: String,
    /// The resource's id: a role's begins with `AROA`.
    pub resource_id: String,
    /// `COMPLIANT`, `NON_COMPLIANT` or `NOT_APPLICABLE`.
    pub compliance: String,
    /// The rule's words.
    pub annotation: Option<String>,
    /// The time of what was judged; an older one does not replace a newer.
    pub ordering_timestamp: Timestamp,
    /// When Config called the rule's function.
    pub invoked_at: Timestamp,
    /// When the result came.
    pub recorded_at: Timestamp,
}

impl Evaluation {
    /// Whether the resource is noncompliant.
    pub(crate) fn is_against(&self) -> bool {
        self.compliance == "NON_COMPLIANT"
    }
}

/// Checks everything, then keeps the results.
pub(crate) fn put(state: &Arc<State>, call: &ApiCall) -> Result<Value, Refusal> {
    let entries = call
        .parameters
        .get("Evaluations")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    check_count(entries)?;
    let Some(token) = call.text("ResultToken") else {
        return Err(validation("null", "resultToken", "Member must not be null"));
    };
    let now = Timestamp::now();
    let mut evaluations = Vec::new();
    for (place, entry) in entries.iter().enumerate() {
        evaluations.push(read(entry, place + 1, now)?);
    }
    if call.parameters.get("TestMode").and_then(Value::as_bool) == Some(true) {
        return Ok(json!({"FailedEvaluations": []}));
    }
    let grant = state
        .config
        .tokens
        .find(&call.region, token)
        .ok_or_else(refusals::invalid_token)?;
    let rule = state.config.rules.by_id(&call.region, &grant.rule_id);
    let rule = rule.ok_or_else(|| no_such_rule(&grant.rule_id))?;
    let mut failed = Vec::new();
    for (entry, mut evaluation) in entries.iter().zip(evaluations) {
        if state.config.results.fails() {
            failed.push(entry.clone());
        } else {
            evaluation.invoked_at = grant.invoked;
            let key = Key::of(&call.region, &rule.name, &evaluation);
            if state
                .config
                .results
                .keep(&call.region, &rule.id, evaluation)
            {
                automatic::begin(state, key);
            }
        }
    }
    Ok(json!({ "FailedEvaluations": failed }))
}

fn check_count(entries: &[Value]) -> Result<(), Refusal> {
    if entries.is_empty() {
        return Err(invalid_value(
            "The Evaluations object in your request cannot be null.Add the required parameters and try again.",
        ));
    }
    if entries.len() <= ENTRIES {
        return Ok(());
    }
    // The service shows its own objects.
    let objects: Vec<String> = entries
        .iter()
        .map(|_| {
            let hash = Uuid::new_v4().simple().to_string();
            let hash = hash.get(..8).unwrap_or(&hash).to_owned();
            format!("com.amazonaws.starling.dove.Evaluation@{hash}")
        })
        .collect();
    Err(validation(
        format!("'[{}]'", objects.join(", ")),
        "evaluations",
        "Member must have length less than or equal to 100",
    ))
}

fn read(entry: &Value, place: usize, now: Timestamp) -> Result<Evaluation, Refusal> {
    let at = |member: &str| format!("evaluations.{place}.member.{member}");
    let text = |member: &str| entry.get(member).and_then(Value::as_str);
    let sized = |member: &str, at: String, longest: usize| match text(member) {
        None => Err(validation("null", &at, "Member must not be null")),
        Some(text) => within(text, &at, longest).map(|()| text.to_owned()),
    };
    let resource_type = sized("ComplianceResourceType", at("complianceResourceType"), 256)?;
    let resource_id = sized("ComplianceResourceId", at("complianceResourceId"), 768)?;
    let annotation = text("Annotation").map(str::to_owned);
    if let Some(annotation) = &annotation {
        within(annotation, &at("annotation"), 256)?;
    }
    let ordering = entry.get("OrderingTimestamp").and_then(from_epoch);
    let ordering_timestamp = ordering
        .ok_or_else(|| validation("null", &at("orderingTimestamp"), "Member must not be null"))?;
    let compliance = compliance(text("ComplianceType"), &at("complianceType"))?;
    if !TYPES.contains(&resource_type.as_str()) {
        let permitted = TYPES.join(", ");
        return Err(invalid_value(format!(
            "The resource type {resource_type} is invalid. Only the following values are permitted: [{permitted}]"
        )));
    }
    Ok(Evaluation {
        resource_type,
        resource_id,
        compliance,
        annotation,
        ordering_timestamp,
        invoked_at: now,
        recorded_at: now,
    })
}

fn compliance(wanted: Option<&str>, at: &str) -> Result<String, Refusal> {
    match wanted {
        Some(known @ ("COMPLIANT" | "NON_COMPLIANT" | "NOT_APPLICABLE")) => Ok(known.to_owned()),
        Some("INSUFFICIENT_DATA") => Err(invalid_value(
            "The compliance type INSUFFICIENT_DATA is invalid. Only the following values are permitted: [COMPLIANT, NON_COMPLIANT, NOT_APPLICABLE]",
        )),
        other => Err(validation(
            other.map_or_else(|| "null".to_owned(), |other| format!("'{other}'")),
            at,
            "Member must satisfy enum value set: [COMPLIANT, INSUFFICIENT_DATA, NON_COMPLIANT, NOT_APPLICABLE]",
        )),
    }
}

/// Lengths are counted in characters (Smithy specification, `length` trait).
fn within(text: &str, at: &str, longest: usize) -> Result<(), Refusal> {
    let constraint = match text.chars().count() {
        0 => "Member must have length greater than or equal to 1".to_owned(),
        length if length > longest => {
            format!("Member must have length less than or equal to {longest}")
        }
        _ => return Ok(()),
    };
    Err(validation(format!("'{text}'"), at, &constraint))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(change: &Value) -> Value {
        let mut entry = json!({
            "ComplianceResourceType": "AWS::IAM::Role", "ComplianceResourceId": "AROAEXAMPLE",
            "ComplianceType": "NON_COMPLIANT", "Annotation": "a", "OrderingTimestamp": 1_768_442_584.5,
        });
        let changes = change.as_object().cloned().unwrap_or_default();
        entry.as_object_mut().unwrap().extend(changes);
        entry
    }

    fn refused(change: &Value) -> String {
        read(&entry(change), 1, Timestamp::UNIX_EPOCH)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn a_whole_entry_is_read() {
        let read = read(
            &entry(&json!({"Annotation": "ä".repeat(256)})),
            1,
            Timestamp::UNIX_EPOCH,
        );
        assert_eq!(
            read.unwrap().ordering_timestamp,
            "2026-01-15T02:03:04.5Z".parse().unwrap()
        );
    }

    #[test]
    fn each_limit_is_named() {
        for (change, expected) in [
            (
                json!({"Annotation": ""}),
                "ValidationException: 1 validation error detected: Value '' at 'evaluations.1.member.annotation' failed to satisfy constraint: Member must have length greater than or equal to 1",
            ),
            (
                json!({"OrderingTimestamp": null}),
                "ValidationException: 1 validation error detected: Value null at 'evaluations.1.member.orderingTimestamp' failed to satisfy constraint: Member must not be null",
            ),
            (
                json!({"ComplianceType": "INSUFFICIENT_DATA"}),
                "InvalidParameterValueException: The compliance type INSUFFICIENT_DATA is invalid. Only the following values are permitted: [COMPLIANT, NON_COMPLIANT, NOT_APPLICABLE]",
            ),
        ] {
            assert_eq!(refused(&change), expected);
        }
        assert!(
            refused(&json!({"Annotation": "ä".repeat(257)})).ends_with("less than or equal to 256")
        );
        assert!(
            refused(&json!({"ComplianceResourceType": "AWS::Logs::LogGroup"}))
                .contains("AWS::Logs::LogGroup is invalid")
        );
    }
}
