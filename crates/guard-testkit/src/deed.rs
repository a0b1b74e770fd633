//! What has really happened in the account, as no service tells it: for the models of tests.

use guard_core::names::Version;
use guard_reconcile::ports::Parameter;
use jiff::Timestamp;

use crate::person::Person;

/// One thing that somebody, the guard too, has done with effect.
#[derive(Debug, Clone, PartialEq)]
pub struct Deed {
    /// When, exactly.
    pub at: Timestamp,
    /// Who.
    pub person: Person,
    /// The id of its record; empty for parameters.
    pub event_id: String,
    /// What.
    pub what: What,
}

/// What somebody has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Created the document, or added a version.
    Wrote {
        /// The version.
        version: Version,
        /// Its content, as it was sent.
        content: String,
        /// The document's type.
        document_type: String,
    },
    /// Deleted the document.
    Deleted,
    /// Deleted one version.
    DeletedVersion(Version),
    /// Moved the default to a version.
    MovedDefault(Version),
    /// Changed the share list.
    Shared,
    /// Wrote a parameter.
    PutParameter(Parameter),
    /// Deleted a parameter.
    DeletedParameter(Parameter),
}
