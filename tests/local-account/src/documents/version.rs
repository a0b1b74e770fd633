//! One version of a document.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::content::Content;
use crate::trail::time::epoch;

/// What a version is called while it is not Active yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    Creating,
    Updating,
}

#[derive(Debug, Clone)]
pub(crate) struct Version {
    pub(crate) number: u64,
    pub(crate) name: Option<String>,
    pub(crate) content: Content,
    pub(crate) created: Timestamp,
    pub(crate) origin: Origin,
    pub(crate) polls_left: u32,
}

impl Version {
    /// What the call that writes a version answers: it never is Active yet.
    pub(crate) const fn first_status(&self) -> &'static str {
        match self.origin {
            Origin::Creating => "Creating",
            Origin::Updating => "Updating",
        }
    }

    pub(crate) const fn status(&self) -> &'static str {
        if self.polls_left == 0 {
            "Active"
        } else {
            self.first_status()
        }
    }

    /// An entry of `ListDocumentVersions`: it carries no hash (Systems Manager API reference,
    /// `DocumentVersionInfo`).
    pub(crate) fn listed(&self, name: &str, default: u64) -> Value {
        json!({
            "Name": name,
            "DocumentVersion": self.number.to_string(),
            "VersionName": self.name,
            "CreatedDate": epoch(self.created),
            "IsDefaultVersion": self.number == default,
            "DocumentFormat": self.content.format.name(),
            "Status": self.status(),
        })
    }
}
