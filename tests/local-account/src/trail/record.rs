//! One CloudTrail record (CloudTrail user guide, "CloudTrail record contents").

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::time::{from_epoch, spoken, to_second};
use crate::ACCOUNT;
use crate::principals::Principal;
use crate::wire::answer::Refusal;
use crate::wire::call::ApiCall;

const HIDDEN: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";

/// Whether CloudTrail logs the call as a management event; calls on data (messages, objects, invocations, log
/// lines, metrics) are not in the event history.
pub(crate) fn is_management(call: &ApiCall) -> bool {
    let data = match call.service.as_str() {
        "lambda" => call.operation == "Invoke",
        "sns" => call.operation.starts_with("Publish"),
        "events" => call.operation == "PutEvents",
        "sqs" => call.operation.contains("Message"),
        "s3" => call.operation.ends_with("Object"),
        "logs" => matches!(
            call.operation.as_str(),
            "PutLogEvents" | "GetLogEvents" | "FilterLogEvents"
        ),
        "monitoring" => call.operation == "PutMetricData",
        _ => false,
    };
    !data && call.operation != "Unknown"
}

/// Region of the record: IAM's are in us-east-1, wherever the caller sits.
pub(crate) fn region(call: &ApiCall) -> &str {
    if call.service == "iam" {
        "us-east-1"
    } else {
        &call.region
    }
}

/// Composes the record of a call.
pub(crate) fn compose(
    call: &ApiCall,
    caller: &Principal,
    outcome: &Result<Value, Refusal>,
    at: Timestamp,
) -> Value {
    let read_only = call.is_read_only();
    let response = match outcome {
        Ok(output) if !read_only => elements(output),
        Ok(_) | Err(_) => Value::Null,
    };
    let mut record = json!({
        "eventVersion": "1.11",
        "userIdentity": caller.user_identity(),
        "eventTime": to_second(at),
        "eventSource": format!("{}.amazonaws.com", call.service),
        "eventName": event_name(call),
        "awsRegion": region(call),
        "sourceIPAddress": "127.0.0.1",
        "userAgent": call.header("user-agent"),
        "requestParameters": request_parameters(call, outcome),
        "responseElements": response,
        "requestID": Uuid::new_v4().to_string(),
        "eventID": Uuid::new_v4().to_string(),
        "readOnly": read_only,
        "eventType": "AwsApiCall",
        "managementEvent": true,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": format!("{}.{}.amazonaws.com", call.service, call.region),
        },
    });
    if let (Err(refusal), Value::Object(record)) = (outcome, &mut record) {
        record.insert("errorCode".into(), Value::from(error_code(&refusal.code)));
        record.insert("errorMessage".into(), Value::from(refusal.message.as_str()));
    }
    record
}

/// The envelope in which EventBridge delivers a record (EventBridge user guide, "AWS service events delivered via
/// AWS CloudTrail").
pub(crate) fn envelope(call: &ApiCall, record: &Value) -> Value {
    json!({
        "version": "0",
        "id": Uuid::new_v4().to_string(),
        "detail-type": "AWS API Call via CloudTrail",
        "source": format!("aws.{}", call.service),
        "account": ACCOUNT,
        "time": record.get("eventTime"),
        "region": region(call),
        "resources": [],
        "detail": record,
    })
}

/// Records spell a few codes differently from what the client saw.
fn error_code(code: &str) -> &str {
    match code {
        "AccessDeniedException" => "AccessDenied",
        "NoSuchEntity" => "NoSuchEntityException",
        other => other,
    }
}

/// Denied and throttled calls are recorded without what they asked.
fn request_parameters(call: &ApiCall, outcome: &Result<Value, Refusal>) -> Value {
    if let Err(refusal) = outcome
        && matches!(
            refusal.code.as_str(),
            "AccessDeniedException" | "AccessDenied" | "ThrottlingException" | "Throttling"
        )
    {
        return Value::Null;
    }
    let mut parameters = lowered(&call.parameters);
    if let Value::Object(map) = &mut parameters {
        hide(call, map);
        if map.is_empty() {
            return Value::Null;
        }
    }
    parameters
}

fn hide(call: &ApiCall, parameters: &mut Map<String, Value>) {
    let secret: &[&str] = match (call.service.as_str(), call.operation.as_str()) {
        ("ssm", "CreateDocument" | "UpdateDocument") => &["content"],
        ("ssm", "PutParameter") => &["value"],
        ("ssm", "SendCommand") => &["parameters"],
        _ => &[],
    };
    for member in secret {
        if let Some(value) = parameters.get_mut(*member) {
            *value = Value::from(HIDDEN);
        }
    }
    if call.service == "lambda" {
        // Lambda leaves packages and environments out (Lambda developer guide, "Logging with CloudTrail").
        for member in ["zipFile", "code", "environment"] {
            parameters.remove(member);
        }
    }
}

/// An empty output is recorded as null.
fn elements(output: &Value) -> Value {
    match lowered(output) {
        Value::Object(map) if map.is_empty() => Value::Null,
        Value::String(text) if text.is_empty() => Value::Null,
        other => other,
    }
}

/// Member names with a small first letter, dates as text.
fn lowered(value: &Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(key, value)| (lower_first(key), lowered_member(key, value)))
                .collect(),
        ),
        Value::Array(items) => Value::Array(items.iter().map(lowered).collect()),
        other => other.clone(),
    }
}

fn lowered_member(key: &str, value: &Value) -> Value {
    if key.ends_with("Date")
        && value.is_number()
        && let Some(time) = from_epoch(value)
    {
        return Value::from(spoken(time));
    }
    lowered(value)
}

fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(letters).collect()
    })
}

/// Lambda's event names carry the date of the API version (Lambda developer guide, "Logging with CloudTrail").
fn event_name(call: &ApiCall) -> String {
    let suffix = match (call.service.as_str(), call.operation.as_str()) {
        ("lambda", "CreateFunction" | "DeleteFunction" | "ListFunctions") => "20150331",
        (
            "lambda",
            "UpdateFunctionCode"
            | "UpdateFunctionConfiguration"
            | "AddPermission"
            | "RemovePermission"
            | "GetFunction"
            | "GetFunctionConfiguration"
            | "GetPolicy",
        ) => "20150331v2",
        ("lambda", "PutFunctionConcurrency" | "DeleteFunctionConcurrency") => "20171031",
        _ => "",
    };
    format!("{}{suffix}", call.operation)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alice() -> Principal {
        Principal::User {
            name: "alice".into(),
            arn: "arn:aws:iam::123456789012:user/alice".into(),
            id: "AIDAEXAMPLE".into(),
            access_key: "AKIAX".into(),
        }
    }

    fn compose_now(operation: &str, input: &Value, outcome: &Result<Value, Refusal>) -> Value {
        compose(
            &ApiCall::example("ssm", operation, input),
            &alice(),
            outcome,
            "2026-01-15T02:03:04.9Z".parse().unwrap(),
        )
    }

    #[test]
    fn an_update_hides_its_content_and_names_what_it_wrote() {
        let output = json!({"DocumentDescription": {"Name": "SSM-SessionManagerRunShell", "Hash": "ce4f", "CreatedDate": 1_768_442_584.5, "DocumentVersion": "4"}});
        let record = compose_now(
            "UpdateDocument",
            &json!({"Name": "SSM-SessionManagerRunShell", "Content": "{}", "DocumentVersion": "$LATEST"}),
            &Ok(output),
        );
        assert_eq!(
            record["requestParameters"],
            json!({"name": "SSM-SessionManagerRunShell", "content": HIDDEN, "documentVersion": "$LATEST"})
        );
        let description = &record["responseElements"]["documentDescription"];
        assert_eq!(description["documentVersion"], "4");
        assert_eq!(description["createdDate"], "Jan 15, 2026 2:03:04 AM");
        assert_eq!(record["eventTime"], "2026-01-15T02:03:04Z");
        assert_eq!(record["readOnly"], false);
        assert!(record.get("errorCode").is_none());
    }

    #[test]
    fn a_denied_call_is_recorded_without_what_it_asked() {
        let denied = Err(Refusal::new(
            "AccessDeniedException",
            "User: x is not authorized",
        ));
        let record = compose_now("UpdateDocument", &json!({"Name": "x"}), &denied);
        assert_eq!(record["errorCode"], "AccessDenied");
        assert!(record["requestParameters"].is_null() && record["responseElements"].is_null());
    }

    #[test]
    fn a_refused_call_keeps_what_it_asked() {
        let refused = Err(Refusal::new("DuplicateDocumentContent", "same"));
        let record = compose_now("UpdateDocument", &json!({"Name": "x"}), &refused);
        assert_eq!(
            (
                record["errorCode"].as_str(),
                record["requestParameters"]["name"].as_str()
            ),
            (Some("DuplicateDocumentContent"), Some("x"))
        );
    }

    #[test]
    fn an_empty_answer_is_null_and_lists_stay() {
        let record = compose_now(
            "ModifyDocumentPermission",
            &json!({"Name": "x", "AccountIdsToAdd": ["all"]}),
            &Ok(json!({})),
        );
        assert!(record["responseElements"].is_null());
        assert_eq!(
            record["requestParameters"]["accountIdsToAdd"],
            json!(["all"])
        );
    }

    #[test]
    fn the_envelope_names_the_service_as_its_source() {
        let envelope = envelope(
            &ApiCall::example("ssm", "DeleteDocument", &json!({})),
            &json!({"eventTime": "t"}),
        );
        assert_eq!(
            (envelope["source"].as_str(), envelope["time"].as_str()),
            (Some("aws.ssm"), Some("t"))
        );
    }
}
