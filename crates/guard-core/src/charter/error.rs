//! What is wrong with a charter, each thing with its place.

use std::fmt;

use serde::Serialize;

/// Everything that is wrong with one charter, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct CharterErrors(Vec<CharterError>);

impl CharterErrors {
    pub(super) fn new(mut errors: Vec<CharterError>) -> Self {
        errors.sort_by_key(|error| error.at);
        Self(errors)
    }

    /// Each error, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &CharterError> {
        self.0.iter()
    }
}

impl std::error::Error for CharterErrors {}

/// One line for each error.
impl fmt::Display for CharterErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&lines.join("\n"))
    }
}

/// A place in a file: both numbers count from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl Position {
    /// The place of a byte in `text`.
    pub(super) fn of(text: &str, byte: usize) -> Self {
        let before = text.get(..byte).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before.get(line_start..).unwrap_or_default().chars().count() + 1,
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CharterError {
    /// Where.
    pub at: Position,
    /// Which key, as `editor[2].role` for the second `[[editor]]`; empty for the file as a whole.
    pub key: String,
    /// What.
    pub problem: Problem,
}

/// `line:column: key: problem`, on one line.
impl fmt::Display for CharterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.at.line, self.at.column)?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key.escape_debug())?;
        }
        self.problem.fmt(f)
    }
}

/// The kinds of things that can be wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Problem {
    /// The text is no TOML there.
    Syntax {
        /// What the reader says.
        detail: String,
    },
    /// A key that must be there is not.
    Missing {
        /// What it would hold.
        expected: String,
    },
    /// No such key or field.
    UnknownKey {
        /// The nearest one that there is.
        nearest: Option<String>,
        /// All that there are.
        known: Vec<String>,
    },
    /// A `${…}` that stands for nothing.
    UnknownPlaceholder {
        /// As it was written.
        found: String,
    },
    /// A value of the wrong kind, or out of range.
    Unfit {
        /// What stands there.
        found: String,
        /// What belongs there.
        expected: String,
    },
    /// A value that would let in more than it seems to.
    Dangerous {
        /// What stands there.
        found: String,
        /// Why, and what to write instead.
        why: String,
    },
    /// Two things that cannot stand together.
    Conflict {
        /// Why they cannot.
        why: String,
    },
    /// The same thing again.
    Duplicate {
        /// What stands there.
        found: String,
        /// The key where it stood first.
        first: String,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax { detail } => f.write_str(detail),
            Self::Missing { expected } => write!(f, "missing, expected {expected}"),
            Self::UnknownKey {
                nearest: Some(nearest),
                ..
            } => {
                write!(f, "unknown key, did you mean `{nearest}`?")
            }
            Self::UnknownKey {
                nearest: None,
                known,
            } => {
                write!(f, "unknown key, expected one of {}", known.join(", "))
            }
            Self::UnknownPlaceholder { found } => write!(
                f,
                "unknown placeholder `{}`, expected ${{account}}, ${{region}} or ${{partition}}",
                found.escape_debug()
            ),
            Self::Unfit { found, expected } => write!(f, "found {found}, expected {expected}"),
            Self::Dangerous { found, why } => write!(f, "found {found}: {why}"),
            Self::Conflict { why } => f.write_str(why),
            Self::Duplicate { found, first } => write!(f, "found {found} again, first in {first}"),
        }
    }
}
