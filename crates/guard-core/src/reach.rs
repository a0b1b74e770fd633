//! Questions over sets of requests: can somebody do this to anything of that kind, and with which request?
//!
//! The answer is a witness, a request that [`crate::access::decide`] allows; or what prevents every such request; or
//! that it could not be found out, which counts as a grant.

mod clause;
mod keys;
mod language;
mod model;
mod ordered;
mod pattern;
mod places;
mod search;
mod values;
mod variables;

pub use keys::{Domain, Keys, Open, Presence};

use crate::access::{Context, Policies, StatementRef};
use clause::Layers;
use search::Search;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The call, such as `ssm:StartSession`.
    pub action: &'a str,
    /// The ARN of who would call, where it is known.
    pub principal: Option<&'a str>,
    /// On which resources: any of any set. The sets whose members say most to people come first.
    pub resources: &'a [Set],
    /// What is known of the context.
    pub keys: &'a Keys,
}

/// Resources by their ARNs; in the patterns `*` and `?` are wildcards within a name, which a colon or a slash ends, and
/// `${key}` is the value of a context key.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Set {
    /// They match all of these.
    pub inside: Vec<String>,
    /// They match none of these.
    pub outside: Vec<String>,
}

impl Set {
    /// The resources that match a pattern.
    pub fn of(pattern: String) -> Self {
        Self {
            inside: vec![pattern],
            outside: Vec::new(),
        }
    }

    /// The same, less those that match any of these.
    #[must_use]
    pub fn without(mut self, patterns: impl IntoIterator<Item = String>) -> Self {
        self.outside.extend(patterns);
        self
    }
}

/// The answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// There is such a request.
    Can(Box<Witness>),
    /// There is none.
    Cannot(Vec<Obstacle>),
    /// The search was given up: there may be one.
    Unknown,
}

/// A request that is allowed.
#[derive(Debug, Clone, PartialEq)]
pub struct Witness {
    /// The resource's ARN.
    pub resource: String,
    /// The context.
    pub context: Context,
    /// The statements that allow it.
    pub by: Vec<StatementRef>,
    /// The keys whose values the caller has to bring about; empty when the request works from anywhere.
    pub assumed: Vec<String>,
}

/// What prevents a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Obstacle {
    /// No statement allows the action on any of the resources.
    NoStatement,
    /// A statement would allow it, but for a condition on this key.
    Condition {
        /// The statement.
        at: StatementRef,
        /// The key, as it is written there.
        key: String,
    },
    /// A statement denies it.
    Denied {
        /// The statement.
        by: StatementRef,
    },
}

/// Looks for a request of the question's set that the policies allow.
pub fn reach(policies: &Policies<'_>, question: &Question<'_>) -> Answer {
    let layers = Layers::of(policies, question.action);
    Search::new(policies, question, &layers).run()
}

/// The same, of the caller's own policies with this statement alone among those that allow: what it lets through by
/// itself. Statements that deny, and those of all other layers, have their say.
pub fn reach_by(policies: &Policies<'_>, question: &Question<'_>, at: StatementRef) -> Answer {
    let layers = Layers::of(policies, question.action).with_grant(at);
    Search::new(policies, question, &layers).run()
}
