//! Where sessions are recorded in every Region, and whether a role can write there.
//!
//! The agent of an instance writes the records with the instance's own role (Systems Manager user guide, "Verify or
//! create an IAM role with Session Manager permissions"). Not asked are rights on the key with which a bucket encrypts:
//! no baseline names that key.

mod need;
mod writer;

pub use need::{Consequence, Need, Target};
pub use writer::{Bar, Grant, Standing, Writer};

use crate::compose::{ComposeError, protect_logs::Destination};
use crate::names::Scope;
use crate::preferences::Preferences;

/// Where the sessions of one Region are recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// The account and Region.
    pub scope: Scope,
    /// Where; `None` where the preferences name neither a log group nor a bucket.
    pub destination: Option<Destination>,
    /// Whether a session is refused when the log group cannot be seen to be encrypted.
    pub log_group: Check,
    /// Whether a session is refused when the bucket cannot be seen to be encrypted.
    pub bucket: Check,
}

/// Whether the agent looks at a destination's encryption before a session begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// It does, and refuses the session when it sees none, or cannot see.
    Made,
    /// It does not, and a destination that is out of reach stops nothing.
    NotMade,
}

impl Recording {
    /// What preferences whose placeholders are filled in say of the Region of `scope`.
    pub fn of(preferences: &Preferences, scope: &Scope) -> Result<Self, ComposeError> {
        let destination = match Destination::of(preferences, scope) {
            Ok(destination) => Some(destination),
            Err(ComposeError::RecordedNowhere { .. }) => None,
            Err(error) => return Err(error),
        };
        let check = |key| match preferences.input(key).as_deref() {
            Some("true") => Check::Made,
            Some(_) | None => Check::NotMade,
        };
        Ok(Self {
            scope: scope.clone(),
            destination,
            log_group: check("cloudWatchEncryptionEnabled"),
            bucket: check("s3EncryptionEnabled"),
        })
    }
}

/// Everything that a role must be able to do for sessions to be recorded, wherever its instances run.
pub fn needs(recordings: &[Recording]) -> Vec<Need> {
    recordings.iter().flat_map(need::of).collect()
}

#[cfg(test)]
mod tests;
