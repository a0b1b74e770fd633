//! What one CloudTrail record says of policies in IAM.
//!
//! Unlike documents of Systems Manager, the text of a policy stands in the record (`CloudTrail` user guide and public
//! records; a text that is too long is left out). Members after real and composed records of IAM.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::door::{NotOurs, cut};
use crate::change::{Failure, RecordError, event_id, event_time, failure};
use crate::charter::Charter;
use crate::inventory::BearerKind;
use crate::member::{optional, required, unreadable, wrong};
use crate::names::{EventId, Scope};
use crate::principal::Principal;

/// One call that may have brought a forbidden policy, or what it grants, to somebody.
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
}

/// A role, user or group, as calls name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct BearerName {
    /// What it is.
    pub kind: BearerKind,
    /// Its name, without its path.
    pub name: String,
}

/// The calls that bring policies to people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "call")]
pub enum Operation {
    /// A forbidden policy was attached.
    Attached {
        /// To whom.
        bearer: BearerName,
        /// Its ARN, as the caller wrote it.
        policy: String,
    },
    /// A forbidden policy was made somebody's permissions boundary.
    Bounded {
        /// Whose.
        bearer: BearerName,
        /// Its ARN, as the caller wrote it.
        policy: String,
    },
    /// A policy of the account's own got another text.
    Wrote {
        /// Which policy.
        policy: PolicyName,
        /// The text; `None` where the record does not hold it, so that it has to be read.
        text: Option<String>,
    },
}

/// A policy of the account's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "policy")]
pub enum PolicyName {
    /// A managed one.
    Managed {
        /// Its ARN, or its name where the record does not say the ARN.
        arn: String,
        /// The version, where the record names it: what it says never changes, whichever is the default one by now.
        version: Option<String>,
    },
    /// A part of a role, user or group.
    Inline {
        /// Of whom.
        bearer: BearerName,
        /// Its name.
        name: String,
    },
}

/// What a record turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// A call that has to be judged.
    Change(Box<Change>),
    /// Something else.
    NotOurs(NotOurs),
}

/// What a call does with a policy.
#[derive(Debug, Clone, Copy)]
enum Call {
    Attach(BearerKind),
    Bound(BearerKind),
    WriteInline(BearerKind),
    Create,
    CreateVersion,
    SetDefault,
}

const CALLS: [(&str, Call); 11] = [
    ("AttachRolePolicy", Call::Attach(BearerKind::Role)),
    ("AttachUserPolicy", Call::Attach(BearerKind::User)),
    ("AttachGroupPolicy", Call::Attach(BearerKind::Group)),
    ("PutRolePermissionsBoundary", Call::Bound(BearerKind::Role)),
    ("PutUserPermissionsBoundary", Call::Bound(BearerKind::User)),
    ("PutRolePolicy", Call::WriteInline(BearerKind::Role)),
    ("PutUserPolicy", Call::WriteInline(BearerKind::User)),
    ("PutGroupPolicy", Call::WriteInline(BearerKind::Group)),
    ("CreatePolicy", Call::Create),
    ("CreatePolicyVersion", Call::CreateVersion),
    ("SetDefaultPolicyVersion", Call::SetDefault),
];

/// Reads one CloudTrail record (the `detail` of an event) under the charter's forbidden policies.
pub fn read_record(
    record: &Value,
    scope: &Scope,
    charter: &Charter,
) -> Result<Reading, RecordError> {
    if !record.is_object() {
        return Err(wrong("detail", Some(record), "an object"));
    }
    let (name, service) = (
        required(record, "eventName")?,
        required(record, "eventSource")?,
    );
    let call = CALLS
        .iter()
        .find(|(known, _)| service == "iam.amazonaws.com" && *known == name);
    let Some((_, call)) = call else {
        let call = cut(&format!("{service} {name}"), 200);
        return Ok(Reading::NotOurs(NotOurs::OtherCall { call }));
    };
    for (member, expected) in [
        ("awsRegion", scope.region.as_str()),
        ("recipientAccountId", scope.account.as_str()),
    ] {
        let found = required(record, member)?;
        if found != expected {
            return Ok(Reading::NotOurs(NotOurs::elsewhere(
                member, found, expected,
            )));
        }
    }
    let failure = failure(record)?;
    let parameters = record.get("requestParameters");
    let parameters = match (parameters, &failure) {
        (Some(parameters @ Value::Object(_)), _) => parameters,
        // A denied call is recorded without its parameters, and no message names the policy.
        (None | Some(Value::Null), Some(_)) => return Ok(Reading::NotOurs(NotOurs::Unnamed)),
        (found, _) => return Err(wrong("requestParameters", found, "an object")),
    };
    let read = operation(*call, parameters, record, charter);
    let operation = match read.map_err(|error| error.inside("requestParameters"))? {
        Ok(operation) => operation,
        Err(not_ours) => return Ok(Reading::NotOurs(not_ours)),
    };
    let identity = record.get("userIdentity").unwrap_or(&Value::Null);
    Ok(Reading::Change(Box::new(Change {
        event_id: event_id(record)?,
        at: event_time(record)?,
        principal: Principal::from_user_identity(identity),
        operation,
        failure,
    })))
}

fn operation(
    call: Call,
    parameters: &Value,
    record: &Value,
    charter: &Charter,
) -> Result<Result<Operation, NotOurs>, RecordError> {
    let forbidden = |member: &str| {
        let policy = required(parameters, member)?;
        Ok(match charter.forbids(policy) {
            Some(_) => Ok(policy.to_owned()),
            None => Err(NotOurs::OtherPolicy {
                found: cut(policy, 200),
            }),
        })
    };
    Ok(match call {
        Call::Attach(kind) => {
            let bearer = bearer(parameters, kind)?;
            forbidden("policyArn")?.map(|policy| Operation::Attached { bearer, policy })
        }
        Call::Bound(kind) => {
            let bearer = bearer(parameters, kind)?;
            forbidden("permissionsBoundary")?.map(|policy| Operation::Bounded { bearer, policy })
        }
        Call::WriteInline(kind) => {
            let bearer = bearer(parameters, kind)?;
            let name = name(parameters, "policyName")?;
            Ok(wrote(
                PolicyName::Inline { bearer, name },
                text(parameters)?,
            ))
        }
        Call::Create => Ok(created(parameters, record)?),
        Call::CreateVersion => version_made(parameters, record)?,
        Call::SetDefault => {
            let arn = cut(required(parameters, "policyArn")?, 700);
            let version = required(parameters, "versionId")?;
            if !is_version(version) {
                return Err(unreadable("versionId", "IAM knows versions such as v2"));
            }
            let version = Some(version.to_owned());
            Ok(wrote(PolicyName::Managed { arn, version }, None))
        }
    })
}

fn created(parameters: &Value, record: &Value) -> Result<Operation, RecordError> {
    let name = name(parameters, "policyName")?;
    let arn = record
        .pointer("/responseElements/policy/arn")
        .and_then(Value::as_str);
    let arn = arn.map_or(name, |arn| cut(arn, 700));
    let version = Some("v1".to_owned());
    Ok(wrote(
        PolicyName::Managed { arn, version },
        text(parameters)?,
    ))
}

/// A version that is made and not the default one grants nothing yet.
fn version_made(
    parameters: &Value,
    record: &Value,
) -> Result<Result<Operation, NotOurs>, RecordError> {
    let arn = cut(required(parameters, "policyArn")?, 700);
    match parameters.get("setAsDefault") {
        // IAM's protocol knows texts alone, and records of some callers keep them.
        Some(value) if is_true(value) => {
            let made = record.pointer("/responseElements/policyVersion/versionId");
            let version = made.and_then(Value::as_str).filter(|id| is_version(id));
            let version = version.map(str::to_owned);
            let policy = PolicyName::Managed { arn, version };
            Ok(Ok(wrote(policy, text(parameters)?)))
        }
        None | Some(Value::Bool(false) | Value::Null) => Ok(Err(NotOurs::NotLive)),
        Some(Value::String(text)) if text == "false" => Ok(Err(NotOurs::NotLive)),
        found => Err(wrong("setAsDefault", found, "true or false")),
    }
}

/// As IAM names versions (IAM API reference, `PolicyVersion`): it goes into calls.
fn is_version(id: &str) -> bool {
    let number = id.strip_prefix('v').unwrap_or_default();
    (1..=10).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_true(value: &Value) -> bool {
    matches!(value, Value::Bool(true)) || value.as_str() == Some("true")
}

fn wrote(policy: PolicyName, text: Option<String>) -> Operation {
    Operation::Wrote { policy, text }
}

fn text(parameters: &Value) -> Result<Option<String>, RecordError> {
    Ok(optional(parameters, "policyDocument")?.map(str::to_owned))
}

fn bearer(parameters: &Value, kind: BearerKind) -> Result<BearerName, RecordError> {
    let member = match kind {
        BearerKind::Role => "roleName",
        BearerKind::User => "userName",
        BearerKind::Group => "groupName",
    };
    let name = name(parameters, member)?;
    Ok(BearerName { kind, name })
}

/// A name as IAM allows it: it goes into calls.
fn name(parameters: &Value, member: &str) -> Result<String, RecordError> {
    let name = required(parameters, member)?;
    let is_fit = (1..=128).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte));
    if is_fit {
        Ok(name.to_owned())
    } else {
        Err(unreadable(member, "IAM allows no such name"))
    }
}

#[cfg(test)]
mod tests;
