//! IAM policy documents, read exactly: everything is kept or refused, nothing is dropped.
//!
//! A document is read once and decided on many times (see [`crate::access`]), so whatever can be understood when it is
//! read is understood then: patterns are sorted by shape, numbers, dates and addresses are parsed.

mod comparand;
mod condition;
mod error;
mod fingerprint;
mod glob;
mod json;
mod kind;
mod one_or_many;
mod operator;
mod place;
mod principal;
mod reader;
mod statement;
mod template;
mod unwrap;

use serde_json::{Map, Value};

pub(crate) use self::comparand::{Comparand, Decimal, Network, boolean, bytes, moment};
pub use self::condition::{Condition, ConditionValue, Conditions};
pub(crate) use self::error::shown;
pub use self::error::{PolicyError, Problem};
pub use self::glob::Glob;
pub(crate) use self::glob::{Token, matches};
pub use self::kind::Kind;
pub use self::one_or_many::OneOrMany;
pub(crate) use self::operator::Domain as ValueDomain;
pub use self::operator::{Absence, Comparison, Operator, Polarity, Quantifier};
pub(crate) use self::place::Place;
pub use self::principal::{PrincipalElement, PrincipalEntry, PrincipalKind, Principals};
pub(crate) use self::reader::unknown;
pub use self::statement::{
    ActionElement, ActionPattern, Effect, ResourceElement, ResourcePattern, Sense, Statement,
};
pub(crate) use self::template::{Part, Template, Variable, folded};

/// One policy document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyDocument {
    /// The version of the language, if it was written.
    pub version: Option<LanguageVersion>,
    /// The name that its author gave it.
    pub id: Option<String>,
    /// Its statements, in their order.
    pub statements: OneOrMany<Statement>,
}

/// The version of the policy language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LanguageVersion {
    /// `2008-10-17`, which is also meant where none is written: there are no variables.
    V2008,
    /// `2012-10-17`.
    V2012,
}

impl LanguageVersion {
    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V2008 => "2008-10-17",
            Self::V2012 => "2012-10-17",
        }
    }
}

impl PolicyDocument {
    /// Reads the text of a document: JSON, percent-encoded JSON as IAM answers it, a JSON string of either, or a list
    /// with one of these.
    pub fn read(text: &str) -> Result<Self, PolicyError> {
        unwrap::read(text)
    }

    /// The same, from a value that was read already: an object, a string as [`PolicyDocument::read`] takes it, or a
    /// list with one of these. Keys that came twice are lost in such a value.
    pub fn from_value(value: &Value) -> Result<Self, PolicyError> {
        unwrap::from_value(value)
    }

    /// The version that its variables are read by.
    pub fn language(&self) -> LanguageVersion {
        self.version.unwrap_or(LanguageVersion::V2008)
    }

    /// The document as JSON, equal to the object that was read.
    pub fn to_value(&self) -> Value {
        let mut members = Map::new();
        if let Some(version) = self.version {
            members.insert("Version".to_owned(), version.as_str().into());
        }
        if let Some(id) = &self.id {
            members.insert("Id".to_owned(), id.clone().into());
        }
        let statements = self.statements.map_ref(Statement::to_value);
        members.insert("Statement".to_owned(), statements.into());
        Value::Object(members)
    }
}
