//! The fields of a preferences document that the floor can speak of.

use serde::{Serialize, Serializer};

use crate::preferences::FieldPath;

/// One field: a key of `inputs`, or one of the two shell profiles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    key: &'static str,
    kind: Kind,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// `true` or `false`.
    Flag,
    /// Minutes from 1 to `max`.
    Minutes {
        /// The largest number that Systems Manager takes.
        max: u64,
        /// What holds where the field says nothing; `None` for no limit at all.
        absent: Option<u64>,
    },
}

/// Ranges and defaults after the Systems Manager user guide, "Session document schema": `idleSessionTimeout` 1 to 60
/// minutes, 20 when absent; `maxSessionDuration` 1 to 1,440 minutes, no maximum when absent.
const FIELDS: [Field; 13] = [
    field("s3BucketName", Kind::Text),
    field("s3KeyPrefix", Kind::Text),
    field("s3EncryptionEnabled", Kind::Flag),
    field("cloudWatchLogGroupName", Kind::Text),
    field("cloudWatchEncryptionEnabled", Kind::Flag),
    field("cloudWatchStreamingEnabled", Kind::Flag),
    field("kmsKeyId", Kind::Text),
    field("runAsEnabled", Kind::Flag),
    field("runAsDefaultUser", Kind::Text),
    field(
        "idleSessionTimeout",
        Kind::Minutes {
            max: 60,
            absent: Some(20),
        },
    ),
    field(
        "maxSessionDuration",
        Kind::Minutes {
            max: 1440,
            absent: None,
        },
    ),
    field("shellProfile.linux", Kind::Text),
    field("shellProfile.windows", Kind::Text),
];

const fn field(key: &'static str, kind: Kind) -> Field {
    Field { key, kind }
}

impl Field {
    /// Every field, in the order of the schema.
    pub fn all() -> &'static [Self] {
        &FIELDS
    }

    /// The field of this name, such as `s3BucketName` or `shellProfile.linux`.
    pub fn named(key: &str) -> Option<Self> {
        FIELDS.iter().find(|field| field.key == key).copied()
    }

    /// Its name.
    pub fn key(self) -> &'static str {
        self.key
    }

    /// What it holds.
    pub fn kind(self) -> Kind {
        self.kind
    }

    /// Where it stands in a document.
    pub fn path(self) -> FieldPath {
        FieldPath::input(self.key)
    }

    /// Whether it holds shell text, in which `${…}` is the shell's own.
    pub fn is_shell_text(self) -> bool {
        self.path().is_shell_text()
    }
}

impl Serialize for Field {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::preferences::{INPUT_KEYS, SHELL_PROFILE_KEYS};

    #[test]
    fn every_key_of_the_schema_is_a_field() {
        for key in INPUT_KEYS.into_iter().filter(|key| *key != "shellProfile") {
            assert!(Field::named(key).is_some(), "{key}");
        }
        for key in SHELL_PROFILE_KEYS {
            assert!(
                Field::named(&format!("shellProfile.{key}")).is_some(),
                "{key}"
            );
        }
        assert_eq!(
            Field::all().len(),
            INPUT_KEYS.len() - 1 + SHELL_PROFILE_KEYS.len()
        );
    }
}
