//! Policies and documents that an operator would otherwise write by hand.
//!
//! Each product is one function: what it answers is JSON in a fixed order, fit for AWS as it stands, and notes about
//! what a policy cannot say or the operator has to do.

pub mod deny_preferences;
mod draft;
mod error;
mod key;
mod limit;
mod note;
mod place;
mod principals;
pub mod protect_logs;
pub mod restricted;
pub mod start_session;
pub mod successor;
#[cfg(test)]
mod trial;

use serde_json::Value;

pub use error::ComposeError;
pub use key::KeyRef;
pub use limit::Limit;
pub use note::Note;
pub use place::{Accounts, Place};

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Product {
    /// The policies and documents, at least one.
    pub papers: Vec<Paper>,
    /// What to know about them.
    pub notes: Vec<Note>,
}

/// One policy or document.
#[derive(Debug, Clone, PartialEq)]
pub struct Paper {
    /// A name fit for a file.
    pub name: String,
    /// The policy or document.
    pub value: Value,
    /// How long it may be where it goes to.
    pub limit: Limit,
}

impl Paper {
    /// A paper, unless it is too long for its purpose.
    fn new(name: String, value: Value, limit: Limit) -> Result<Self, ComposeError> {
        limit.check(&name, &value)?;
        Ok(Self { name, value, limit })
    }

    /// The JSON text: indented, unless only the short form is short enough.
    pub fn text(&self) -> String {
        self.limit.text(&self.value)
    }
}
