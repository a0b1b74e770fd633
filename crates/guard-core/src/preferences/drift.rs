//! What differs between two documents, field by field.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::node::folded;
use super::{Preferences, hex};

/// Where a value stands, keys joined by dots: `inputs.shellProfile.linux`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldPath(String);

impl FieldPath {
    pub(super) fn root() -> Self {
        Self(String::new())
    }

    /// The path of one key of `inputs`, such as `s3BucketName` or `shellProfile.linux`.
    pub fn input(key: &str) -> Self {
        Self(format!("inputs.{key}"))
    }

    /// The path of a key of the document itself, such as `description`.
    pub fn top(key: &str) -> Self {
        Self::root().child(key)
    }

    pub(super) fn child(&self, key: &str) -> Self {
        // Whatever stands in a key, and if it is empty, no two places may have one path: a document whose `inputs`
        // lie under an empty key must not look like one that has them where they count.
        let key = if key.is_empty() {
            "\\0".to_owned()
        } else {
            key.replace('\\', "\\\\")
                .replace('.', "\\.")
                .replace('[', "\\[")
        };
        Self(if self.0.is_empty() {
            key
        } else {
            format!("{}.{key}", self.0)
        })
    }

    /// The path of one item of a list, which no key can look like.
    pub(super) fn item(&self, index: usize) -> Self {
        Self(format!("{}[{index}]", self.0))
    }

    /// The path as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the value is shell text, which leaves the system only as a hash.
    pub fn is_shell_text(&self) -> bool {
        // A key that the agent would take for it must not let the text out.
        folded(&self.0).starts_with("inputs.shellprofile")
    }

    /// A value of this field as it may be shown: shell text as its hash, anything else as it is.
    pub fn show(&self, value: &str) -> String {
        if self.is_shell_text() {
            let hash = Sha256::digest(value.as_bytes());
            let short = hex(hash.get(..6).unwrap_or_default());
            format!(
                "shell text of {} characters, sha256 {short}…",
                value.chars().count()
            )
        } else {
            value.to_owned()
        }
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One field whose value is not the expected one; shell text stands there as its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Drift {
    /// Where.
    pub field: FieldPath,
    /// What should stand there; `None` for nothing.
    pub expected: Option<String>,
    /// What stands there; `None` for nothing.
    pub found: Option<String>,
}

/// The fields in which `found` differs by meaning from `expected`, sorted by path.
pub fn drift(expected: &Preferences, found: &Preferences) -> Vec<Drift> {
    differences(expected, found)
        .into_iter()
        .map(|(field, (expected, found))| Drift {
            expected: shown(&field, &expected),
            found: shown(&field, &found),
            field,
        })
        .collect()
}

/// A duplicate key has several values; all of them are shown.
fn shown(field: &FieldPath, values: &[String]) -> Option<String> {
    let shown: Vec<_> = values.iter().map(|value| field.show(value)).collect();
    (!shown.is_empty()).then(|| shown.join(" | "))
}

/// Only the paths of [`drift`].
pub fn fields_that_differ(one: &Preferences, other: &Preferences) -> Vec<FieldPath> {
    differences(one, other).into_keys().collect()
}

/// All values of one field in each document.
type Pair = (Vec<String>, Vec<String>);

fn differences(expected: &Preferences, found: &Preferences) -> BTreeMap<FieldPath, Pair> {
    let mut pairs: BTreeMap<FieldPath, Pair> = BTreeMap::new();
    for (path, value) in expected.meaning() {
        pairs.entry(path).or_default().0.push(value);
    }
    for (path, value) in found.meaning() {
        pairs.entry(path).or_default().1.push(value);
    }
    pairs.retain(|_, (expected, found)| expected != found);
    pairs
}
