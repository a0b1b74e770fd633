//! The preferences document: read without losing anything, compared by meaning.
//!
//! Schema after the Systems Manager user guide, "Session document schema" (document type `Session`, schema 1.0).
//! Public documents lack most keys that the guide calls required, write booleans and numbers as strings and may be
//! stored as YAML; none of that is a difference.

mod defect;
mod drift;
mod node;

use sha2::{Digest, Sha256};

pub use defect::Defect;
pub use drift::{Drift, FieldPath, drift, fields_that_differ};
pub use node::Node;

/// The keys of `inputs` that a preferences document may have.
pub const INPUT_KEYS: [&str; 12] = [
    "s3BucketName",
    "s3KeyPrefix",
    "s3EncryptionEnabled",
    "cloudWatchLogGroupName",
    "cloudWatchEncryptionEnabled",
    "cloudWatchStreamingEnabled",
    "kmsKeyId",
    "runAsEnabled",
    "runAsDefaultUser",
    "idleSessionTimeout",
    "maxSessionDuration",
    "shellProfile",
];

/// The keys of a session document itself.
const TOP_KEYS: [&str; 6] = [
    "schemaVersion",
    "description",
    "sessionType",
    "inputs",
    "parameters",
    "properties",
];

/// The keys of `inputs.shellProfile`.
pub const SHELL_PROFILE_KEYS: [&str; 2] = ["windows", "linux"];

/// A document's size limit (Systems Manager API reference, `MaxDocumentSizeExceeded`).
const MAX_BYTES: usize = 64 * 1024;

/// Far above what a document of 64 KB with keys meant to be read comes to, far below a function's memory.
const MAX_PATH_BYTES: usize = 2 * 1024 * 1024;

/// The content of a preferences document, every key kept in its order.
#[derive(Debug, Clone, PartialEq)]
pub struct Preferences {
    root: Node,
}

/// Why a text is no preferences document at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PreferencesError {
    /// Longer than Systems Manager takes.
    #[error("the content has {bytes} bytes, more than the 65536 that a document may have")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// Neither JSON nor YAML.
    #[error("the content is neither JSON nor YAML: {detail}")]
    Syntax {
        /// What the JSON reader (or for other text the YAML reader) says, with line and column.
        detail: String,
    },
    /// Keys so long, so deep or so many that to compare them field by field would take more memory than there is.
    #[error("the content has longer and deeper keys than any that is meant for sessions")]
    TooIntricate,
    /// A list, a text or a number where an object belongs.
    #[error("the content is {found}, expected an object")]
    NotAnObject {
        /// What stands there.
        found: &'static str,
    },
}

impl Preferences {
    /// Reads the content of a document, as JSON or as YAML.
    pub fn parse(text: &str) -> Result<Self, PreferencesError> {
        if text.len() > MAX_BYTES {
            return Err(PreferencesError::TooLong { bytes: text.len() });
        }
        let root = Node::parse(text).map_err(|detail| PreferencesError::Syntax { detail })?;
        if root.path_bytes(0) > MAX_PATH_BYTES {
            return Err(PreferencesError::TooIntricate);
        }
        match root {
            Node::Object(_) => Ok(Self { root }),
            other => Err(PreferencesError::NotAnObject {
                found: other.kind(),
            }),
        }
    }

    /// The content as JSON text, keys in their order.
    pub fn to_json(&self) -> String {
        self.root.to_json().to_string()
    }

    /// The content as indented JSON text, fit for a file.
    pub fn to_pretty_json(&self) -> String {
        format!("{:#}\n", self.root.to_json())
    }

    /// Whether both say the same to Session Manager; the description does not count.
    pub fn means_the_same_as(&self, other: &Self) -> bool {
        self.meaning() == other.meaning()
    }

    /// A hash that two documents share if and only if they mean the same.
    pub fn meaning_hash(&self) -> String {
        let mut hasher = Sha256::new();
        for (path, value) in self.meaning() {
            // Lengths in front, so that no two different lists of fields run together to the same bytes.
            for part in [path.as_str(), &value] {
                hasher.update((part.len() as u64).to_be_bytes());
                hasher.update(part.as_bytes());
            }
        }
        hex(hasher.finalize().as_slice())
    }

    /// The value of one key of `inputs` as text; absent, null and empty are all `None`.
    pub fn input(&self, key: &str) -> Option<String> {
        let path = FieldPath::input(key);
        self.meaning()
            .into_iter()
            .find(|(found, _)| *found == path)
            .map(|(_, value)| value)
    }

    /// The same content under another description, for a service that refuses content it has seen before.
    #[must_use]
    pub fn with_description(&self, description: &str) -> Self {
        let mut root = self.root.clone();
        root.set("description", Node::Text(description.to_owned()));
        Self { root }
    }

    /// The description, or the one that the console writes.
    pub fn description(&self) -> &str {
        match self.root.entry("description") {
            Some(Node::Text(text)) => text,
            _ => "Document to hold regional settings for Session Manager",
        }
    }

    /// The content with `replace` applied to every text value.
    #[must_use]
    pub fn map_texts(&self, replace: &dyn Fn(&str) -> String) -> Self {
        Self {
            root: self.root.map_texts(replace),
        }
    }

    /// What makes the document unfit whatever its values, in the order found.
    pub fn defects(&self) -> Vec<Defect> {
        let mut defects = Vec::new();
        node::duplicate_keys(&self.root, &FieldPath::root(), &mut defects);
        self.case_twins(&mut defects);
        self.shape(&mut defects);
        if let Some(inputs) = self.root.entry("inputs") {
            node::placeholders(inputs, &FieldPath::root().child("inputs"), &mut defects);
        }
        if self
            .root
            .entry("schemaVersion")
            .and_then(Node::scalar)
            .as_deref()
            != Some("1.0")
        {
            defects.push(Defect::SchemaVersion);
        }
        if self
            .root
            .entry("sessionType")
            .and_then(Node::scalar)
            .as_deref()
            != Some("Standard_Stream")
        {
            defects.push(Defect::SessionType);
        }
        defects.dedup();
        defects
    }

    /// Every field that says something, as path and text, sorted; the description left out.
    pub(crate) fn meaning(&self) -> Vec<(FieldPath, String)> {
        let mut fields = Vec::new();
        self.root.flatten(&FieldPath::root(), &mut fields);
        fields.retain(|(path, _)| path.as_str() != "description");
        fields.sort();
        fields
    }

    fn case_twins(&self, defects: &mut Vec<Defect>) {
        let root = FieldPath::root();
        node::case_twins(&self.root, &root, &TOP_KEYS, defects);
        // A misspelt `Inputs` is already a twin of the known key: what it holds does not count for us.
        if let Some(inputs) = self.root.entry("inputs") {
            let path = root.child("inputs");
            node::case_twins(inputs, &path, &INPUT_KEYS, defects);
            if let Some(profile) = inputs.entry("shellProfile") {
                node::case_twins(
                    profile,
                    &path.child("shellProfile"),
                    &SHELL_PROFILE_KEYS,
                    defects,
                );
            }
        }
    }

    fn shape(&self, defects: &mut Vec<Defect>) {
        let path = FieldPath::root().child("inputs");
        let Some(inputs) = self.root.entry("inputs") else {
            return;
        };
        let Node::Object(entries) = inputs else {
            if !matches!(inputs, Node::Null) {
                defects.push(Defect::Shape(path));
            }
            return;
        };
        for (key, value) in entries {
            let is_fit = match (key.as_str(), value) {
                ("shellProfile", Node::Object(profiles)) => profiles
                    .iter()
                    .all(|(_, text)| text.scalar().is_some() || matches!(text, Node::Null)),
                (_, Node::Null) => true,
                ("shellProfile", other) => other.scalar().is_some_and(|text| text.is_empty()),
                (known, other) if INPUT_KEYS.contains(&known) => other.scalar().is_some(),
                (_, _) => true,
            };
            if !is_fit {
                defects.push(Defect::Shape(path.child(key)));
            }
        }
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

#[cfg(test)]
mod tests;
