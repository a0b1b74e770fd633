//! CloudTrail records, composed in their real form and read by the crate's own reader.

use guard_core::change::{Change, Reading, document_arn, read_record};
use guard_core::names::PREFERENCES_DOCUMENT;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::case::Time;
use crate::stage::Stage;

/// One call, in short.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Call {
    pub(crate) by: String,
    #[serde(rename = "call")]
    pub(crate) operation: String,
    /// When it was completed, in whole seconds.
    pub(crate) at: Time,
    /// The version that it wrote or deleted; left out where the record does not say.
    pub(crate) version: Option<u64>,
    /// The content that it wrote, by name; only its hash is in the record.
    pub(crate) says: Option<String>,
    /// Where it moved the default version.
    pub(crate) to: Option<u64>,
    /// The error code of a call that failed.
    pub(crate) error: Option<String>,
}

impl Stage {
    /// What the crate reads in the record of a call.
    pub(crate) fn change(&self, call: &Call) -> Change {
        let record = self.record(call);
        match read_record(&record, &self.scope) {
            Ok(Reading::Change(change)) => *change,
            other => panic!("{other:?} of {record:#}"),
        }
    }

    fn record(&self, call: &Call) -> Value {
        let at = format!("{:.0}", call.at.0);
        let id = format!("{}-{}", call.by, at.replace(':', "-"));
        let denied = call.error.as_deref() == Some("AccessDenied");
        let mut record = json!({
            "eventVersion": "1.08",
            "userIdentity": self.people.identity(&call.by),
            "eventTime": at,
            "eventSource": "ssm.amazonaws.com",
            "eventName": call.operation,
            "awsRegion": self.scope.region,
            "sourceIPAddress": "203.0.113.24",
            "userAgent": "aws-cli/2.18.17",
            "requestParameters": if denied { Value::Null } else { request(call) },
            "responseElements": if call.error.is_some() { Value::Null } else { self.response(call) },
            "eventID": id,
            "readOnly": false,
            "eventType": "AwsApiCall",
            "managementEvent": true,
            "recipientAccountId": self.scope.account,
            "eventCategory": "Management",
        });
        if let (Some(code), Some(members)) = (&call.error, record.as_object_mut()) {
            let message = format!("not authorized on resource: {}", document_arn(&self.scope));
            members.insert("errorCode".to_owned(), json!(code));
            members.insert("errorMessage".to_owned(), json!(message));
        }
        record
    }

    fn response(&self, call: &Call) -> Value {
        match (call.operation.as_str(), call.version, &call.says) {
            ("CreateDocument" | "UpdateDocument", Some(version), Some(says)) => json!({
                "documentDescription": {
                    "hash": self.contents.hash(says),
                    "hashType": "Sha256",
                    "name": PREFERENCES_DOCUMENT,
                    "owner": self.scope.account,
                    "status": "Updating",
                    "documentVersion": version.to_string(),
                    "documentType": "Session",
                    "latestVersion": version.to_string(),
                }
            }),
            _ => Value::Null,
        }
    }
}

fn request(call: &Call) -> Value {
    let name = PREFERENCES_DOCUMENT;
    let version = |number: Option<u64>| number.map(|number| number.to_string());
    match call.operation.as_str() {
        "CreateDocument" => json!({
            "content": "HIDDEN_DUE_TO_SECURITY_REASONS", "name": name, "documentType": "Session"
        }),
        "UpdateDocument" => json!({
            "content": "HIDDEN_DUE_TO_SECURITY_REASONS", "name": name, "documentVersion": "$LATEST"
        }),
        "UpdateDocumentDefaultVersion" => json!({
            "name": name, "documentVersion": version(call.to)
        }),
        "DeleteDocument" => match version(call.version) {
            Some(version) => json!({ "name": name, "documentVersion": version }),
            None => json!({ "name": name }),
        },
        "ModifyDocumentPermission" => json!({
            "name": name, "permissionType": "Share", "accountIdsToAdd": ["all"]
        }),
        other => panic!("no case needs the call `{other}`"),
    }
}
