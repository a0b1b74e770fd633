//! The record of what is written, in the function's log.

use guard_core::migration::Line;
use guard_reconcile::error::{FailureClass, PortError};
use guard_reconcile::ports::KeepRecord;

/// Writes each line into the log, under `record`. Lambda takes what a function has written to its standard output also
/// when the function crashes behind it.
#[derive(Debug, Clone, Copy)]
pub struct LoggedRecord;

impl KeepRecord for LoggedRecord {
    fn append(&self, line: &Line) -> Result<(), PortError> {
        let json = serde_json::to_string(line).map_err(|source| PortError {
            operation: "write the record into",
            on: "the log".to_owned(),
            class: FailureClass::Malformed,
            source: Box::new(source),
        })?;
        // At the level of errors, so that it is there whatever is logged: nothing could be undone without it.
        tracing::error!(
            record = json.as_bytes(),
            "a migration writes; this line is what undoing it needs"
        );
        Ok(())
    }
}
