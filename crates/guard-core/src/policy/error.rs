//! What is wrong with a policy document, and where.

use std::fmt;

use super::place::Place;

/// The longest stretch of a document that an error repeats, in characters.
const SHOWN: usize = 80;

/// The first thing that is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyError {
    /// Where, as `Statement[2].Condition.StringLike`; the first statement is `Statement[0]`. Empty for the document.
    pub path: String,
    /// What.
    pub problem: Problem,
}

impl PolicyError {
    /// The same, told from outside: the document stands at `place`.
    #[must_use]
    pub(crate) fn below(self, place: &Place<'_>) -> Self {
        let path = if self.path.is_empty() {
            place.to_string()
        } else {
            format!("{place}.{}", self.path)
        };
        Self { path, ..self }
    }
}

impl std::error::Error for PolicyError {}

/// `path: problem`, on one line.
impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        self.problem.fmt(f)
    }
}

/// The kinds of things that can be wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// The text is no JSON.
    Syntax {
        /// What the JSON reader says.
        detail: String,
    },
    /// An element that must be there is not.
    Missing {
        /// What it would hold.
        expected: &'static str,
    },
    /// No such element, operator or type of principal.
    Unknown {
        /// What stands there.
        found: String,
        /// The nearest that there is.
        nearest: Option<&'static str>,
        /// All that there are.
        known: &'static str,
    },
    /// A value of the wrong kind, or one that says nothing to its operator.
    Unfit {
        /// What stands there.
        found: String,
        /// What belongs there.
        expected: &'static str,
    },
    /// The same key again.
    Duplicate {
        /// The key, or what makes it the same.
        found: String,
    },
    /// Two elements that cannot stand together.
    Both {
        /// The one.
        one: &'static str,
        /// The other.
        other: &'static str,
    },
    /// An element that this kind of policy cannot have.
    Misplaced {
        /// Why.
        why: &'static str,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax { detail } => write!(f, "not JSON: {detail}"),
            Self::Missing { expected } => write!(f, "missing, expected {expected}"),
            Self::Unknown {
                found,
                nearest: Some(nearest),
                ..
            } => write!(f, "unknown `{found}`, did you mean `{nearest}`?"),
            Self::Unknown {
                found,
                nearest: None,
                known,
            } => write!(f, "unknown `{found}`, expected {known}"),
            Self::Unfit { found, expected } => write!(f, "found {found}, expected {expected}"),
            Self::Duplicate { found } => write!(f, "found {found} again"),
            Self::Both { one, other } => {
                write!(f, "found both `{one}` and `{other}`, expected one of them")
            }
            Self::Misplaced { why } => f.write_str(why),
        }
    }
}

/// Part of a foreign document as it stands in an error: on one line, and cut.
pub(crate) fn shown(text: &str) -> String {
    let mut shown = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == SHOWN {
            shown.push('…');
            break;
        }
        match character {
            '\'' | '"' => shown.push(character),
            _ => shown.extend(character.escape_debug()),
        }
    }
    shown
}
