//! How a run ends.

use std::process::ExitCode;

/// What the exit status says; 2 is kept for arguments that cannot be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything was as it should be: 0.
    Success,
    /// Something is wrong and was said: 1.
    Failure,
    /// A live document differs from the baseline: 3.
    Differs,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Success => Self::SUCCESS,
            Exit::Failure => Self::FAILURE,
            Exit::Differs => Self::from(3),
        }
    }
}
