//! Why something is no inventory, or no part of one.

use std::fmt;

/// What is wrong with a part of what was read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// It could not be read to its end.
    #[error("reading failed: {detail}")]
    Reading {
        /// What the system says.
        detail: String,
    },
    /// It is no JSON.
    #[error("no JSON: {detail}")]
    Syntax {
        /// What the JSON reader says.
        detail: String,
    },
    /// A value of a type that cannot stand there.
    #[error("{detail}")]
    Type {
        /// What was found and what was expected.
        detail: String,
    },
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
        /// What stands there again, cut to a length fit for messages.
        found: String,
        /// What it is.
        what: &'static str,
    },
    /// Something without which the rest means nothing.
    #[error("found no `{member}`, expected {expected}")]
    Missing {
        /// The member that is not there.
        member: String,
        /// What it would be, with its article.
        expected: &'static str,
    },
    /// The last page says that another one follows.
    #[error(
        "the answer goes on after its last page: get all pages, without `--max-items` or `--no-paginate`"
    )]
    GoesOn,
}

/// What is wrong with a text that should describe an account or a part of it, and where in it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct InventoryError {
    /// Which page, from 1; `None` where there is one at most.
    pub page: Option<usize>,
    /// The way to the value, such as `RoleDetailList[17].Arn`; empty for the whole.
    pub path: String,
    /// Line and column, from 1, behind the last thing that was read; `None` where the text is not at fault.
    pub at: Option<(usize, usize)>,
    /// What is wrong there.
    pub problem: Problem,
}

/// A problem with one member of what was read, or with the whole of it.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) member: Option<&'static str>,
    pub(super) problem: Problem,
}

impl InventoryError {
    pub(super) fn of_the_whole(problem: Problem) -> Self {
        Self {
            page: None,
            path: String::new(),
            at: None,
            problem,
        }
    }
}

impl Problem {
    pub(super) fn value(found: &str, expected: impl Into<String>) -> Self {
        Self::Value {
            found: in_short(found),
            expected: expected.into(),
        }
    }

    pub(super) fn twice(found: &str, what: &'static str) -> Self {
        Self::Twice {
            found: in_short(found),
            what,
        }
    }

    /// The fault that this is of one member.
    pub(super) fn of(self, member: &'static str) -> Fault {
        Fault {
            member: Some(member),
            problem: self,
        }
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Self {
            member: None,
            problem,
        }
    }
}

fn in_short(found: &str) -> String {
    found.chars().take(120).collect()
}

/// `page 2, RoleDetailList[17].Arn, line 812 column 33: found …`
impl fmt::Display for InventoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let page = self.page.map(|page| format!("page {page}"));
        let path = Some(self.path.clone()).filter(|path| !path.is_empty());
        let at = self
            .at
            .map(|(line, column)| format!("line {line} column {column}"));
        let place: Vec<_> = [page, path, at].into_iter().flatten().collect();
        if !place.is_empty() {
            write!(f, "{}: ", place.join(", "))?;
        }
        self.problem.fmt(f)
    }
}
