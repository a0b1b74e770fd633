//! CloudTrail's record of one call on the document, in the shape of real ones.
//!
//! After the `CloudTrail` user guide, "CloudTrail record contents"; content is hidden as in published records of
//! `CreateDocument`.

use guard_core::change::document_arn;
use guard_core::names::{PREFERENCES_DOCUMENT, Version};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::document::{Document, Refusal};
use crate::person::{ACCOUNT, Person, REGION, scope};

/// A call that changes the document, as its caller makes it.
#[derive(Debug, Clone)]
pub(crate) enum Request<'a> {
    Create {
        document_type: &'a str,
        content: &'a str,
        tags: &'a std::collections::BTreeMap<String, String>,
    },
    Update {
        version: Option<Version>,
        content: &'a str,
    },
    MoveDefault {
        to: Version,
    },
    Delete,
    DeleteVersion {
        version: Version,
    },
    Share {
        add: &'a [String],
        remove: &'a [String],
    },
}

/// What is in a record besides the call.
#[derive(Debug)]
pub(crate) struct Circumstances<'a> {
    pub(crate) event_id: String,
    pub(crate) person: &'a Person,
    pub(crate) at: Timestamp,
}

impl Request<'_> {
    pub(crate) fn event_name(&self) -> &'static str {
        match self {
            Self::Create { .. } => "CreateDocument",
            Self::Update { .. } => "UpdateDocument",
            Self::MoveDefault { .. } => "UpdateDocumentDefaultVersion",
            Self::Delete | Self::DeleteVersion { .. } => "DeleteDocument",
            Self::Share { .. } => "ModifyDocumentPermission",
        }
    }

    fn parameters(&self) -> Value {
        let name = PREFERENCES_DOCUMENT;
        let content = "HIDDEN_DUE_TO_SECURITY_REASONS";
        match self {
            Self::Create {
                document_type,
                content: text,
                ..
            } => json!({
                "content": content, "name": name, "documentType": document_type, "documentFormat": format_of(text),
            }),
            Self::Update {
                version,
                content: text,
            } => json!({
                "content": content,
                "name": name,
                "documentVersion": version.map_or_else(|| "$LATEST".to_owned(), |version| version.to_string()),
                "documentFormat": format_of(text),
            }),
            Self::MoveDefault { to } => json!({ "name": name, "documentVersion": to.to_string() }),
            Self::Delete => json!({ "name": name }),
            Self::DeleteVersion { version } => {
                json!({ "name": name, "documentVersion": version.to_string() })
            }
            Self::Share { add, remove } => json!({
                "name": name, "permissionType": "Share", "accountIdsToAdd": add, "accountIdsToRemove": remove,
            }),
        }
    }

    /// The service's answer, where it has one.
    fn answer(&self, document: Option<&Document>, made: Option<Version>) -> Value {
        match (self, document, made) {
            (Self::MoveDefault { to }, _, _) => json!({
                "description": { "name": PREFERENCES_DOCUMENT, "defaultVersion": to.to_string() },
            }),
            (_, Some(document), Some(version)) => description(document, version),
            _ => Value::Null,
        }
    }
}

/// The record of a call that was done, or refused for its content or the document's state.
pub(crate) fn of(
    request: &Request<'_>,
    circumstances: &Circumstances<'_>,
    outcome: &Result<Option<Version>, Refusal>,
    document: Option<&Document>,
) -> Value {
    let mut record = frame(request.event_name(), circumstances);
    set(&mut record, "requestParameters", request.parameters());
    match outcome {
        Ok(made) => set(
            &mut record,
            "responseElements",
            request.answer(document, *made),
        ),
        Err(refusal) => {
            set(&mut record, "errorCode", refusal.code.into());
            set(&mut record, "errorMessage", refusal.message.clone().into());
        }
    }
    record
}

/// The record of a denied call: it has no parameters, and only its message names the document.
pub(crate) fn denied(event_name: &str, circumstances: &Circumstances<'_>) -> Value {
    let mut record = frame(event_name, circumstances);
    let message = format!(
        "User: {} is not authorized to perform: ssm:{event_name} on resource: {} because no identity-based policy \
         allows the ssm:{event_name} action",
        circumstances.person.caller_arn(),
        document_arn(&scope()),
    );
    set(&mut record, "errorCode", "AccessDenied".into());
    set(&mut record, "errorMessage", message.into());
    record
}

fn frame(event_name: &str, circumstances: &Circumstances<'_>) -> Value {
    let Circumstances {
        event_id,
        person,
        at,
    } = circumstances;
    json!({
        "eventVersion": "1.08",
        "userIdentity": person.identity(),
        "eventTime": at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "eventSource": "ssm.amazonaws.com",
        "eventName": event_name,
        "awsRegion": REGION,
        "sourceIPAddress": person.source_ip(),
        "userAgent": "aws-cli/2.18.17",
        "requestParameters": null,
        "responseElements": null,
        "requestID": event_id,
        "eventID": event_id,
        "readOnly": false,
        "eventType": "AwsApiCall",
        "managementEvent": true,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
    })
}

fn description(document: &Document, version: Version) -> Value {
    let Some(stored) = document.versions.get(&version) else {
        return Value::Null;
    };
    json!({
        "documentDescription": {
            "hash": stored.hash(),
            "hashType": "Sha256",
            "name": PREFERENCES_DOCUMENT,
            "owner": ACCOUNT,
            "createdDate": stored.created.strftime("%b %-d, %Y %-I:%M:%S %p").to_string(),
            "status": document.status(version),
            "documentVersion": version.to_string(),
            "platformTypes": ["Windows", "Linux", "MacOS"],
            "documentType": document.kind,
            "schemaVersion": "1.0",
            "latestVersion": document.latest.to_string(),
            "defaultVersion": document.default.to_string(),
            "documentFormat": format_of(&stored.content),
            "tags": [],
        },
    })
}

fn format_of(content: &str) -> &'static str {
    if content.trim_start().starts_with('{') {
        "JSON"
    } else {
        "YAML"
    }
}

pub(crate) fn set(record: &mut Value, member: &str, value: Value) {
    if let Value::Object(members) = record {
        members.insert(member.to_owned(), value);
    }
}
