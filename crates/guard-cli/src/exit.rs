//! How a run ends.

use std::process::ExitCode;

/// What the exit status says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything was as it should be: 0.
    Success,
    /// Something is wrong and was said: 1.
    Failure,
    /// Somebody may do more than the charter says: 2.
    Findings,
    /// A live document differs from the baseline, or somebody's policies from a plan or record: 3.
    Differs,
    /// The arguments cannot be understood: 64, which `sysexits.h` calls `EX_USAGE`, since 2 says something else.
    Usage,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Success => Self::SUCCESS,
            Exit::Failure => Self::FAILURE,
            Exit::Findings => Self::from(2),
            Exit::Differs => Self::from(3),
            Exit::Usage => Self::from(64),
        }
    }
}
