//! Why something is no inventory, or no part of one.

/// What is wrong with a part of what was read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// A value that cannot stand there.
    #[error("found `{found}`, expected {expected}")]
    Value {
        /// What stands there, cut to a length fit for messages.
        found: String,
        /// What should, with its article.
        expected: String,
    },
    /// Something that can be there once only.
    #[error("found `{found}` twice, expected each {what} once")]
    Twice {
        /// What stands there again.
        found: String,
        /// What it is.
        what: &'static str,
    },
}

impl Problem {
    pub(super) fn value(found: &str, expected: impl Into<String>) -> Self {
        Self::Value {
            found: found.chars().take(120).collect(),
            expected: expected.into(),
        }
    }

    pub(super) fn twice(found: &str, what: &'static str) -> Self {
        Self::Twice {
            found: found.chars().take(120).collect(),
            what,
        }
    }
}
