//! Whether one kind of policy allows, or denies, and by which statements.

use super::decision::StatementRef;
use super::truth::Truth;

/// A truth with the statements that make it so.
#[derive(Debug, Clone)]
pub(super) struct Grant<'a> {
    pub(super) truth: Truth<'a>,
    /// Those that hold, or where none does those that may.
    pub(super) because: Vec<StatementRef>,
}

impl<'a> Grant<'a> {
    pub(super) fn none() -> Self {
        Self {
            truth: Truth::False,
            because: Vec::new(),
        }
    }

    /// Holds by itself.
    pub(super) fn given() -> Self {
        Self {
            truth: Truth::True,
            because: Vec::new(),
        }
    }

    /// Adds a statement that does the same.
    pub(super) fn add(&mut self, truth: Truth<'a>, statement: StatementRef) {
        match (&mut self.truth, truth) {
            (_, Truth::False) | (Truth::True, Truth::Unknown(_)) => {}
            (Truth::True, Truth::True) => self.because.push(statement),
            (Truth::False | Truth::Unknown(_), Truth::True) => {
                self.truth = Truth::True;
                self.because.clear();
                self.because.push(statement);
            }
            (Truth::Unknown(keys), Truth::Unknown(more)) => {
                keys.extend(more);
                self.because.push(statement);
            }
            (Truth::False, truth @ Truth::Unknown(_)) => {
                self.truth = truth;
                self.because.push(statement);
            }
        }
    }

    /// One suffices.
    pub(super) fn or(self, other: Self) -> Self {
        let (one, more) = match (&self.truth, &other.truth) {
            (Truth::False, _) | (Truth::Unknown(_), Truth::True) => return other,
            (_, Truth::False) | (Truth::True, Truth::Unknown(_)) => return self,
            (Truth::True, Truth::True) | (Truth::Unknown(_), Truth::Unknown(_)) => (self, other),
        };
        one.join(more, Truth::or)
    }

    /// Both are needed.
    pub(super) fn and(self, other: Self) -> Self {
        match (&self.truth, &other.truth) {
            (Truth::False, _) | (_, Truth::False) => Self::none(),
            (Truth::True | Truth::Unknown(_), Truth::True | Truth::Unknown(_)) => {
                self.join(other, Truth::and)
            }
        }
    }

    /// This and all limits are needed.
    pub(super) fn within(self, limits: Vec<Self>) -> Self {
        limits.into_iter().fold(self, Self::and)
    }

    /// The one or the other, depending on a key.
    pub(super) fn or_else_depends(self, other: Self, key: &'a str) -> Self {
        match (&self.truth, &other.truth) {
            (Truth::True, Truth::True) | (Truth::False, Truth::False) => self,
            (Truth::True | Truth::False | Truth::Unknown(_), _) => {
                let either = |one: Truth<'a>, other: Truth<'a>| {
                    let mut keys = vec![key];
                    for truth in [one, other] {
                        match truth {
                            Truth::True | Truth::False => {}
                            Truth::Unknown(more) => keys.extend(more),
                        }
                    }
                    Truth::Unknown(keys)
                };
                self.join(other, either)
            }
        }
    }

    fn join(mut self, other: Self, truth: impl Fn(Truth<'a>, Truth<'a>) -> Truth<'a>) -> Self {
        self.because.extend(other.because);
        Self {
            truth: truth(self.truth, other.truth),
            because: self.because,
        }
    }
}
