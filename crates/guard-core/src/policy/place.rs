//! Where the reader stands. A path is written out only when there is something to say about it.

use std::fmt;

use super::error::{PolicyError, Problem, shown};

/// One step below another.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place<'p> {
    Document,
    Member(&'p Place<'p>, &'p str),
    Item(&'p Place<'p>, usize),
}

impl<'p> Place<'p> {
    pub(crate) fn member(&'p self, key: &'p str) -> Self {
        Self::Member(self, key)
    }

    pub(crate) fn item(&'p self, index: usize) -> Self {
        Self::Item(self, index)
    }

    pub(crate) fn error(&self, problem: Problem) -> PolicyError {
        PolicyError {
            path: self.to_string(),
            problem,
        }
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Document => Ok(()),
            Self::Member(Self::Document, key) => f.write_str(&shown(key)),
            Self::Member(above, key) => write!(f, "{above}.{}", shown(key)),
            Self::Item(above, index) => write!(f, "{above}[{index}]"),
        }
    }
}
