//! What one CloudTrail record says of the preferences document.
//!
//! A record never holds the content (it is written as hidden); it says who did what to which version and when.
//! Members after real and composed records of Systems Manager; every one that decides is checked, the rest ignored.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::member::{required, wrong};
use crate::names::{EventId, PREFERENCES_DOCUMENT, Scope, Version};
use crate::principal::Principal;

pub use crate::member::MemberError as RecordError;

/// One call on the preferences document, as a record tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The record's id.
    pub event_id: EventId,
    /// When the call was completed, to the second.
    pub at: Timestamp,
    /// Who is said to have made it.
    pub principal: Principal,
    /// What was called.
    pub operation: Operation,
    /// Why it changed nothing, if it failed.
    pub failure: Option<Failure>,
    /// Where the call came from: an address or a service's name. Shown, never decisive.
    pub source_ip: Option<String>,
}

/// The calls that can change the preferences document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "call")]
pub enum Operation {
    /// `CreateDocument` or `UpdateDocument`.
    Wrote {
        /// The version this call made; `None` where the record does not say.
        written: Option<Written>,
    },
    /// `UpdateDocumentDefaultVersion`.
    MovedDefault {
        /// The version it was moved to.
        to: Option<Version>,
    },
    /// `DeleteDocument` without a version: the whole document.
    Deleted,
    /// `DeleteDocument` of one version.
    DeletedVersion,
    /// `ModifyDocumentPermission`.
    ChangedSharing,
}

/// One version of the document as the service answered its writer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Its number.
    pub version: Version,
    /// The service's hash of its content.
    pub hash: String,
}

/// A failed call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// `errorCode`, such as `AccessDenied`.
    pub code: String,
    /// `errorMessage`, which may hold text that the caller chose.
    pub message: String,
}

/// What a record turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// A call on our document.
    Change(Box<Change>),
    /// Something else.
    NotOurs(NotOurs),
}

/// Why an event is not our business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case", tag = "not-ours")]
pub enum NotOurs {
    /// The envelope's source is not Systems Manager's.
    #[error("its source is `{found}`, not aws.ssm")]
    Source {
        /// The source found.
        found: String,
    },
    /// Not a record of an API call.
    #[error("its detail-type is `{found}`, not `AWS API Call via CloudTrail`")]
    DetailType {
        /// The detail type found.
        found: String,
    },
    /// Another account or Region than this guard's.
    #[error("its {member} is `{found}`, not `{expected}`")]
    Elsewhere {
        /// Which member says so.
        member: &'static str,
        /// What stands there.
        found: String,
        /// What this guard stands for.
        expected: String,
    },
    /// Another service or call.
    #[error("`{call}` does not change the preferences")]
    OtherCall {
        /// The call.
        call: String,
    },
    /// Another document.
    #[error("it concerns the document `{found}`")]
    OtherDocument {
        /// The document.
        found: String,
    },
}

/// Reads one CloudTrail record (the `detail` of an event, or what `LookupEvents` answers).
pub fn read_record(record: &Value, scope: &Scope) -> Result<Reading, RecordError> {
    if !record.is_object() {
        return Err(wrong("detail", Some(record), "an object"));
    }
    let call = required(record, "eventName")?;
    let service = required(record, "eventSource")?;
    if service != "ssm.amazonaws.com" || !CALLS.contains(&call) {
        return Ok(Reading::NotOurs(NotOurs::OtherCall {
            call: cut(&format!("{service} {call}"), 200),
        }));
    }
    for (member, expected) in [
        ("awsRegion", scope.region.as_str()),
        ("recipientAccountId", scope.account.as_str()),
    ] {
        let found = required(record, member)?;
        if found != expected {
            let (found, expected) = (cut(found, 80), expected.to_owned());
            return Ok(Reading::NotOurs(NotOurs::Elsewhere {
                member,
                found,
                expected,
            }));
        }
    }
    let failure = failure(record)?;
    match target(record, failure.as_ref(), scope)? {
        Target::Ours => {}
        Target::Other(found) => return Ok(Reading::NotOurs(NotOurs::OtherDocument { found })),
    }
    let identity = record.get("userIdentity").unwrap_or(&Value::Null);
    Ok(Reading::Change(Box::new(Change {
        event_id: event_id(record)?,
        at: event_time(record)?,
        principal: Principal::from_user_identity(identity),
        operation: operation(record, call, failure.is_some())?,
        failure,
        source_ip: record
            .get("sourceIPAddress")
            .and_then(Value::as_str)
            .map(|text| cut(text, 100)),
    })))
}

const CALLS: [&str; 5] = [
    "CreateDocument",
    "UpdateDocument",
    "UpdateDocumentDefaultVersion",
    "DeleteDocument",
    "ModifyDocumentPermission",
];

enum Target {
    Ours,
    Other(String),
}

/// Which document a call was about. A denied call has no parameters; its message names the resource.
fn target(record: &Value, failure: Option<&Failure>, scope: &Scope) -> Result<Target, RecordError> {
    let parameters = record.get("requestParameters").unwrap_or(&Value::Null);
    if let (Value::Null, Some(failure)) = (parameters, failure) {
        let named = failure.message.contains(&document_arn(scope));
        return Ok(if named {
            Target::Ours
        } else {
            Target::Other("another one, or none named".to_owned())
        });
    }
    let name = parameters
        .get("name")
        .and_then(Value::as_str)
        .ok_or_else(|| {
            wrong(
                "requestParameters.name",
                parameters.get("name"),
                "a document's name",
            )
        })?;
    let is_ours = name == PREFERENCES_DOCUMENT || name == document_arn(scope);
    Ok(if is_ours {
        Target::Ours
    } else {
        Target::Other(cut(name, 150))
    })
}

/// The full name of the preferences document in one account and Region.
pub fn document_arn(scope: &Scope) -> String {
    let Scope {
        partition,
        account,
        region,
    } = scope;
    format!("arn:{partition}:ssm:{region}:{account}:document/{PREFERENCES_DOCUMENT}")
}

pub(crate) fn failure(record: &Value) -> Result<Option<Failure>, RecordError> {
    let code = match record.get("errorCode") {
        None | Some(Value::Null) => None,
        Some(Value::String(code)) => Some(cut(code, 100)),
        other => return Err(wrong("errorCode", other, "a text")),
    };
    let message = record.get("errorMessage").and_then(Value::as_str);
    Ok(match (code, message) {
        (None, None) => None,
        // A record with a message alone failed too: what changes something carries neither.
        (code, message) => Some(Failure {
            code: code.unwrap_or_else(|| "(no code)".to_owned()),
            message: cut(message.unwrap_or_default(), 1024),
        }),
    })
}

fn operation(record: &Value, call: &str, failed: bool) -> Result<Operation, RecordError> {
    Ok(match call {
        "CreateDocument" | "UpdateDocument" if failed => Operation::Wrote { written: None },
        "CreateDocument" | "UpdateDocument" => Operation::Wrote {
            written: written(record)?,
        },
        "UpdateDocumentDefaultVersion" => Operation::MovedDefault {
            to: version_at(record, "/requestParameters/documentVersion")?,
        },
        "DeleteDocument" => {
            let parameters = record.get("requestParameters").unwrap_or(&Value::Null);
            let is_given = |key| {
                parameters
                    .get(key)
                    .is_some_and(|value: &Value| !value.is_null())
            };
            if is_given("documentVersion") || is_given("versionName") {
                Operation::DeletedVersion
            } else {
                Operation::Deleted
            }
        }
        _ => Operation::ChangedSharing,
    })
}

fn written(record: &Value) -> Result<Option<Written>, RecordError> {
    let description = "/responseElements/documentDescription";
    if record.pointer(description).is_none_or(Value::is_null) {
        return Ok(None);
    }
    let version = version_at(record, &format!("{description}/documentVersion"))?;
    let hash = record
        .pointer(&format!("{description}/hash"))
        .and_then(Value::as_str);
    Ok(match (version, hash) {
        (Some(version), Some(hash)) => Some(Written {
            version,
            hash: cut(hash, 200),
        }),
        _ => None,
    })
}

fn version_at(record: &Value, pointer: &str) -> Result<Option<Version>, RecordError> {
    let member = || pointer.trim_start_matches('/').replace('/', ".");
    match record.pointer(pointer) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => {
            Version::parse(text)
                .map(Some)
                .map_err(|error| RecordError::Value {
                    member: member(),
                    detail: error.to_string(),
                })
        }
        other => Err(wrong(&member(), other, "a version as text")),
    }
}

pub(crate) fn event_id(record: &Value) -> Result<EventId, RecordError> {
    EventId::parse(required(record, "eventID")?).map_err(|error| RecordError::Value {
        member: "eventID".to_owned(),
        detail: error.to_string(),
    })
}

pub(crate) fn event_time(record: &Value) -> Result<Timestamp, RecordError> {
    required(record, "eventTime")?
        .parse()
        .map_err(|_| RecordError::Value {
            member: "eventTime".to_owned(),
            detail: "it is not a time such as 2026-01-15T02:03:04Z".to_owned(),
        })
}

fn cut(text: &str, length: usize) -> String {
    text.chars().take(length).collect()
}

#[cfg(test)]
mod tests;
