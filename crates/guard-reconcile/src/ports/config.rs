//! What rules need of AWS Config.

use guard_core::config_item::Item;
use guard_core::rule_event::Token;
use guard_core::rules::{Evaluation, Resource};
use jiff::Timestamp;

use super::Page;
use crate::error::PortError;

/// As many evaluations as go into one call (AWS Config API reference, `PutEvaluations`).
pub const MOST_EVALUATIONS: usize = 100;

/// A part of the answer to one event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Answer<'a> {
    /// What makes it an answer to that event.
    pub token: &'a Token,
    /// The time of what is told.
    pub at: Timestamp,
    /// What is told, at most [`MOST_EVALUATIONS`].
    pub evaluations: &'a [Evaluation],
}

/// A result that AWS Config keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    /// Of what.
    pub resource: Resource,
    /// When AWS Config took it.
    pub recorded: Timestamp,
}

/// Tells AWS Config what a rule found, and asks what it was told before.
pub trait AnswerConfig {
    /// Gives a part of an answer; says of which resources AWS Config did not take what was told, although the call
    /// succeeded.
    fn put_evaluations(
        &self,
        answer: Answer<'_>,
    ) -> impl Future<Output = Result<Vec<Resource>, PortError>> + Send;

    /// The results of the rule that AWS Config keeps and that apply; a page begins behind `after`.
    fn reported(
        &self,
        rule_name: &str,
        after: Option<&str>,
    ) -> impl Future<Output = Result<Page<Reported>, PortError>> + Send;
}

/// Reads the history of what AWS Config recorded.
pub trait ReadItems {
    /// The newest item of a resource that is not later than `at`; `None` when nothing was recorded of it.
    fn item(
        &self,
        resource: &Resource,
        at: Timestamp,
    ) -> impl Future<Output = Result<Option<Item>, PortError>> + Send;
}
