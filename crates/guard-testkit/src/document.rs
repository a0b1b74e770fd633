//! The preferences document as Systems Manager keeps it: versions, default, type, tags and share list.
//!
//! Rules after the Systems Manager API reference: `CreateDocument`, `UpdateDocument`, `UpdateDocumentDefaultVersion`,
//! `DeleteDocument`, `ModifyDocumentPermission`.

use std::collections::{BTreeMap, BTreeSet};

use guard_core::names::Version;
use guard_core::preferences::Preferences;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// A document's size limit (API reference, `MaxDocumentSizeExceeded`).
const MAX_BYTES: usize = 64 * 1024;

/// A call that the service refused, with the error code it answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Such as `InvalidDocumentVersion`.
    pub code: &'static str,
    /// What the service says about it.
    pub message: String,
}

impl Refusal {
    pub(crate) fn new(code: &'static str, message: &str) -> Self {
        Self {
            code,
            message: message.to_owned(),
        }
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for Refusal {}

/// When an update is refused as `DuplicateDocumentContent`: the API reference does not say what the content is
/// compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DuplicateRule {
    /// When it equals the latest version's.
    Latest,
    /// When it equals any version's.
    Any,
    /// Never.
    Never,
}

/// What AWS's documentation leaves open or may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// What counts as duplicate content.
    pub duplicates: DuplicateRule,
    /// How many versions a document may have.
    pub version_limit: usize,
    /// How often the status is asked before a new version is Active.
    pub polls_until_active: u32,
    /// Whether the number of a deleted latest version is given again.
    pub numbers_are_reused: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            duplicates: DuplicateRule::Latest,
            version_limit: 1000,
            polls_until_active: 1,
            numbers_are_reused: false,
        }
    }
}

/// One version of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredVersion {
    /// The content as it was sent.
    pub content: String,
    /// When it was made.
    pub created: Timestamp,
    polls_left: u32,
}

impl StoredVersion {
    /// The service's hash: SHA-256 of the content as it was sent.
    pub fn hash(&self) -> String {
        sha256(self.content.as_bytes())
    }

    /// The content as `GetDocument` gives it when asked for JSON.
    pub fn as_json(&self) -> String {
        if self.content.trim_start().starts_with('{') {
            return self.content.clone();
        }
        Preferences::parse(&self.content)
            .map_or_else(|_| self.content.clone(), |yaml| yaml.to_json())
    }
}

/// The document, from its creation to its deletion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Document {
    pub(crate) kind: String,
    pub(crate) tags: BTreeMap<String, String>,
    pub(crate) shared_with: BTreeSet<String>,
    pub(crate) default: Version,
    pub(crate) latest: Version,
    pub(crate) versions: BTreeMap<Version, StoredVersion>,
    highest: Version,
}

impl Document {
    pub(crate) fn create(
        document_type: &str,
        content: &str,
        tags: &BTreeMap<String, String>,
        now: Timestamp,
        rules: Rules,
    ) -> Result<Self, Refusal> {
        check_content(content)?;
        let first = Version(1);
        Ok(Self {
            kind: document_type.to_owned(),
            tags: tags.clone(),
            shared_with: BTreeSet::new(),
            default: first,
            latest: first,
            versions: BTreeMap::from([(first, stored(content, now, rules))]),
            highest: first,
        })
    }

    /// `read` is the version that the caller takes for the latest; `None` stands for `$LATEST`.
    pub(crate) fn update(
        &mut self,
        read: Option<Version>,
        content: &str,
        now: Timestamp,
        rules: Rules,
    ) -> Result<Version, Refusal> {
        check_content(content)?;
        if read.is_some_and(|read| read != self.latest) {
            return Err(Refusal::new(
                "InvalidDocumentVersion",
                "the version provided is not the latest",
            ));
        }
        if self.is_duplicate(content, rules.duplicates) {
            let message = "The content of the association document matches another document";
            return Err(Refusal::new("DuplicateDocumentContent", message));
        }
        if self.versions.len() >= rules.version_limit {
            let message = "the document has as many versions as it may have";
            return Err(Refusal::new("DocumentVersionLimitExceeded", message));
        }
        let before = if rules.numbers_are_reused {
            self.latest
        } else {
            self.highest
        };
        let version = Version(before.0 + 1);
        self.versions.insert(version, stored(content, now, rules));
        self.latest = version;
        self.highest = version;
        Ok(version)
    }

    pub(crate) fn move_default(&mut self, version: Version) -> Result<(), Refusal> {
        self.version(version)?;
        self.default = version;
        Ok(())
    }

    pub(crate) fn delete_version(&mut self, version: Version) -> Result<(), Refusal> {
        self.version(version)?;
        if version == self.default {
            return Err(Refusal::new(
                "InvalidDocumentOperation",
                "the default version cannot be deleted",
            ));
        }
        self.versions.remove(&version);
        // INVARIANT: the default version is never removed, so one is left.
        self.latest = self
            .versions
            .keys()
            .next_back()
            .copied()
            .unwrap_or(self.default);
        Ok(())
    }

    pub(crate) fn deletable(&self) -> Result<(), Refusal> {
        if self.shared_with.is_empty() {
            Ok(())
        } else {
            Err(Refusal::new(
                "InvalidDocumentOperation",
                "the document is shared; stop sharing it first",
            ))
        }
    }

    pub(crate) fn version(&self, version: Version) -> Result<&StoredVersion, Refusal> {
        self.versions.get(&version).ok_or_else(|| {
            Refusal::new(
                "InvalidDocumentVersion",
                &format!("there is no version {version}"),
            )
        })
    }

    /// Asks for the status once; a version is Active when it has been asked often enough.
    pub(crate) fn poll(&mut self, version: Version) -> Result<bool, Refusal> {
        self.version(version)?;
        let Some(stored) = self.versions.get_mut(&version) else {
            return Ok(false);
        };
        let is_active = stored.polls_left == 0;
        stored.polls_left = stored.polls_left.saturating_sub(1);
        Ok(is_active)
    }

    /// Ends the creating and updating of all versions.
    pub(crate) fn become_active(&mut self) {
        for stored in self.versions.values_mut() {
            stored.polls_left = 0;
        }
    }

    pub(crate) fn status(&self, version: Version) -> &'static str {
        match self.versions.get(&version) {
            Some(stored) if stored.polls_left == 0 => "Active",
            Some(_) if version == Version(1) => "Creating",
            _ => "Updating",
        }
    }

    fn is_duplicate(&self, content: &str, rule: DuplicateRule) -> bool {
        match rule {
            DuplicateRule::Never => false,
            DuplicateRule::Any => self
                .versions
                .values()
                .any(|stored| stored.content == content),
            DuplicateRule::Latest => self
                .versions
                .get(&self.latest)
                .is_some_and(|stored| stored.content == content),
        }
    }
}

fn stored(content: &str, now: Timestamp, rules: Rules) -> StoredVersion {
    StoredVersion {
        content: content.to_owned(),
        created: now,
        polls_left: rules.polls_until_active,
    }
}

fn check_content(content: &str) -> Result<(), Refusal> {
    if content.len() > MAX_BYTES {
        return Err(Refusal::new(
            "MaxDocumentSizeExceeded",
            "the size limit of a document is 64 KB",
        ));
    }
    match Preferences::parse(content) {
        Ok(_) => Ok(()),
        Err(error) => Err(Refusal::new("InvalidDocumentContent", &error.to_string())),
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}
