//! The floor that a document satisfies, for an operator who begins with what is live.

use super::{Field, Floor, Kind, Requirement};
use crate::preferences::Preferences;

/// What says where and how sessions are recorded and encrypted; run-as and shell profiles are left to editors.
const KEPT: [&str; 7] = [
    "s3BucketName",
    "s3KeyPrefix",
    "s3EncryptionEnabled",
    "cloudWatchLogGroupName",
    "cloudWatchEncryptionEnabled",
    "cloudWatchStreamingEnabled",
    "kmsKeyId",
];

/// The floor that keeps `document` at least as recorded, as encrypted and as limited in time as it is.
pub fn floor_of(document: &Preferences) -> Floor {
    let entries = Field::all().iter().filter_map(|field| {
        let value = document.input(field.key())?;
        let requirement = match field.kind() {
            Kind::Text => is_writable(&value).then(|| Requirement::Is(value.clone())),
            // A floor of `false` would forbid editors to switch the protection on.
            Kind::Flag => (value == "true").then(|| Requirement::Is(value.clone())),
            Kind::Minutes { max, .. } => value
                .parse()
                .ok()
                .filter(|minutes| (1..=max).contains(minutes))
                .map(Requirement::AtMost),
        }?;
        let is_kept = KEPT.contains(&field.key()) || matches!(field.kind(), Kind::Minutes { .. });
        is_kept.then_some((*field, requirement))
    });
    Floor::new(entries.collect())
}

/// Whether a charter would take the value: `{{…}}` is below every floor and an unknown `${…}` is an error.
fn is_writable(value: &str) -> bool {
    !value.contains("{{") && !value.contains("${") && !value.trim().is_empty()
}
