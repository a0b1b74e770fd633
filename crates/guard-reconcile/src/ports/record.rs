//! Where a migration writes down what it is about to do.

use guard_core::migration::Line;

use crate::error::PortError;

/// Keeps the record of a migration.
pub trait KeepRecord {
    /// Appends a line; once this has answered, the line outlives a crash.
    fn append(&self, line: &Line) -> Result<(), PortError>;
}
