//! What an event leaves behind, if nothing else happens: the document as the event itself tells of it.

use guard_core::change::{Change, Operation};
use guard_core::envelope::Arrival;
use guard_core::facts::Described;
use guard_core::names::Version;
use jiff::Timestamp;
use serde_json::Value;

/// Whether the event alone says enough: the call changed nothing, or left nothing.
pub(super) fn needs_no_document(change: &Change) -> bool {
    let left_nothing = match &change.operation {
        Operation::Deleted => true,
        Operation::Wrote { .. }
        | Operation::MovedDefault { .. }
        | Operation::DeletedVersion
        | Operation::ChangedSharing => false,
    };
    change.failure.is_some() || left_nothing
}

/// A document of one version.
pub(super) fn plain_document(at: Timestamp) -> Described {
    Described {
        latest: Version(1),
        default: Version(1),
        hash: String::new(),
        document_type: "Session".to_owned(),
        created: Some(at),
    }
}

/// The document as it stands after a change that was not followed by others.
pub(super) fn described(change: &Change, record: &Value) -> Described {
    let mut document = plain_document(change.at);
    let told_type = record
        .pointer("/responseElements/documentDescription/documentType")
        .or_else(|| record.pointer("/requestParameters/documentType"));
    if let Some(told) = told_type.and_then(Value::as_str) {
        told.clone_into(&mut document.document_type);
    }
    match &change.operation {
        Operation::Wrote {
            written: Some(written),
        } => {
            document.latest = written.version;
            document.default = written.version;
            document.hash.clone_from(&written.hash);
        }
        Operation::MovedDefault { to } => {
            document.default = to.unwrap_or(Version(1));
            document.latest = Version(document.default.0.saturating_add(1));
        }
        Operation::Wrote { written: None }
        | Operation::Deleted
        | Operation::DeletedVersion
        | Operation::ChangedSharing => {}
    }
    document
}

/// What had to be assumed to bring event and file together.
pub(super) fn premise(arrival: &Arrival) -> &'static str {
    let one_version = "the latest version is the default one and holds what --live says";
    match arrival {
        Arrival::Sweep | Arrival::NotOurs(_) => one_version,
        Arrival::Change(change) => match &change.operation {
            Operation::Wrote { written: Some(_) } => {
                "nothing has changed since the event, and the new version is the default one"
            }
            Operation::MovedDefault { .. } => {
                "the default version holds what --live says, and a newer one the approved content"
            }
            Operation::Wrote { written: None }
            | Operation::Deleted
            | Operation::DeletedVersion
            | Operation::ChangedSharing => one_version,
        },
    }
}

/// Whom a call that changed the sharing added.
pub(super) fn shared_with(record: &Value) -> Vec<String> {
    let accounts = |pointer| {
        let listed = record.pointer(pointer).and_then(Value::as_array);
        listed.into_iter().flatten().filter_map(Value::as_str)
    };
    let removed: Vec<_> = accounts("/requestParameters/accountIdsToRemove").collect();
    accounts("/requestParameters/accountIdsToAdd")
        .filter(|account| !removed.contains(account))
        .map(str::to_owned)
        .collect()
}
