//! Where output goes.

use std::io::Write;

/// The result, and what is said about it.
///
/// What is written carries styles; whoever opens the streams takes them off where no terminal shows them.
pub struct Streams<'a> {
    /// The result.
    pub out: &'a mut dyn Write,
    /// What is said about it.
    pub err: &'a mut dyn Write,
    /// How many columns the terminal has on which the result is shown; `None` where it is shown on none.
    pub width: Option<usize>,
}

impl std::fmt::Debug for Streams<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Streams").finish_non_exhaustive()
    }
}
