//! What will be done, as data, made before anything is done.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::names::Version;
use crate::preferences::Preferences;

/// The steps of one reconciliation, in their order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    /// The steps.
    pub steps: Vec<Step>,
    /// What latest and default must say once the steps are done; `None` when no step touches content or default.
    pub goal: Option<Preferences>,
}

/// One write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "step")]
pub enum Step {
    /// Writes the parameter of the approved content, before the document follows it.
    KeepApprovals {
        /// The value.
        #[serde(skip)]
        value: String,
        /// The parameter's version that was read; the answer must be one more.
        read: u64,
    },
    /// Takes the document off every account it is shared with.
    Unshare {
        /// Those accounts; `all` is everybody.
        accounts: Vec<String>,
    },
    /// Deletes the document, since its type cannot be changed.
    Delete,
    /// Creates the document.
    Create {
        /// Its content.
        #[serde(skip)]
        content: String,
        /// Its tags.
        tags: BTreeMap<String, String>,
    },
    /// Deletes old versions to make room for a new one.
    DropVersions {
        /// Those versions, oldest first.
        versions: Vec<Version>,
    },
    /// Adds a version and makes it the default one.
    Update {
        /// The latest version that was read; if it is another one by then, the write is refused.
        read: Version,
        /// The content.
        #[serde(skip)]
        content: String,
        /// The same content under another description, should the service refuse content it has seen before.
        #[serde(skip)]
        if_duplicate: String,
    },
    /// Makes an existing version the default one.
    MoveDefault {
        /// That version.
        to: Version,
    },
    /// Writes the parameter of the notes.
    KeepNotes {
        /// The value.
        value: String,
    },
}

impl Step {
    /// Whether the step touches the document, and not only the guard's own parameters.
    pub fn changes_document(&self) -> bool {
        match self {
            Self::Unshare { .. }
            | Self::Delete
            | Self::Create { .. }
            | Self::DropVersions { .. }
            | Self::Update { .. }
            | Self::MoveDefault { .. } => true,
            Self::KeepApprovals { .. } | Self::KeepNotes { .. } => false,
        }
    }
}

impl Plan {
    /// Whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Whether any step touches the document.
    pub fn changes_document(&self) -> bool {
        self.steps.iter().any(Step::changes_document)
    }
}
