//! What was read of the account for one judgement, and the questions that lead to it.
//!
//! A judgement starts with next to nothing and asks for what it needs, so no call is made that no decision rests on.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::change::Change;
use crate::names::Version;

/// Everything read so far; `None` and absent keys mean "not asked yet".
#[derive(Debug, Clone)]
pub struct Facts {
    /// The time of the judgement.
    pub now: Timestamp,
    /// The live document.
    pub document: Option<LiveDocument>,
    /// The accounts that the document is shared with; `all` for everybody.
    pub shared_with: Option<Vec<String>>,
    /// Contents by version.
    pub contents: BTreeMap<Version, Content>,
    /// The service's hash of versions other than the latest; `None` for a version that is gone.
    pub hashes: BTreeMap<Version, Option<String>>,
    /// All versions there are.
    pub versions: Option<Vec<ListedVersion>>,
    /// The history of the parameter that keeps the approved content.
    pub approvals: Option<Vec<StoredParameter>>,
    /// The history of the parameter that keeps notes.
    pub notes: Option<Vec<StoredParameter>>,
    /// What `LookupEvents` answered.
    pub trail: Option<Trail>,
    /// An update was just refused because the document has as many versions as it may have.
    pub version_limit_reached: bool,
}

impl Facts {
    /// No facts but the time.
    pub fn at(now: Timestamp) -> Self {
        Self {
            now,
            document: None,
            shared_with: None,
            contents: BTreeMap::new(),
            hashes: BTreeMap::new(),
            versions: None,
            approvals: None,
            notes: None,
            trail: None,
            version_limit_reached: false,
        }
    }
}

/// A fact that a judgement lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// `DescribeDocument` of `$LATEST`.
    Document,
    /// `DescribeDocumentPermission`.
    SharedWith,
    /// `GetDocument` of one version.
    Content(Version),
    /// The hash of one version, by `DescribeDocument`.
    Hash(Version),
    /// `ListDocumentVersions`.
    Versions,
    /// `GetParameterHistory` of the approved content.
    Approvals,
    /// `GetParameterHistory` of the notes.
    Notes,
    /// `LookupEvents` for the calls that write the document.
    Trail(Window),
}

/// A span of time, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The earlier end.
    pub from: Timestamp,
    /// The later end.
    pub to: Timestamp,
}

/// The live document as `DescribeDocument` tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LiveDocument {
    /// There is none: sessions run with the service's defaults, unrecorded.
    Absent,
    /// There is one.
    Present(Described),
}

/// `DescribeDocument` of `$LATEST`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// The newest version.
    pub latest: Version,
    /// The version the console shows; AWS does not say which of the two sessions use.
    pub default: Version,
    /// The service's hash of the latest version's content.
    pub hash: String,
    /// `Session`, or what somebody made of it.
    pub document_type: String,
    /// When the latest version was made, where told.
    pub created: Option<Timestamp>,
}

/// The content of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The text as the service gave it, asked for as JSON.
    Text(String),
    /// The version is gone.
    Gone,
}

/// One line of `ListDocumentVersions`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedVersion {
    /// Its number.
    pub version: Version,
    /// When it was made.
    pub created: Timestamp,
}

/// One version of a parameter, from `GetParameterHistory`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredParameter {
    /// Its number.
    pub version: u64,
    /// Its value.
    pub value: String,
    /// `LastModifiedUser`: set by the service, so nobody can write in another's name.
    pub modified_by: String,
}

/// The answer of CloudTrail's event history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trail {
    /// It answered.
    Answered {
        /// The successful calls on our document in the window, each read from its own record.
        changes: Vec<Change>,
        /// The time from which on the answer is complete; later than the window's start when there was too much.
        complete_from: Timestamp,
    },
    /// It did not; that is not the same as knowing nothing.
    Failed {
        /// What went wrong.
        why: String,
    },
}
