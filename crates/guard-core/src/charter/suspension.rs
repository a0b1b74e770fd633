//! A time in which the guard holds still.

use jiff::Timestamp;
use serde::Serialize;

/// An operator's way out, until a date: deployed with the charter, and alarming as long as it lasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Suspension {
    /// The first moment at which the guard acts again.
    pub until: Timestamp,
    /// Why, for the record.
    pub reason: String,
}
