//! What is answered to a line.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::access::{Decision, Layer, Outcome, Policies, StatementRef};
use crate::policy::{Effect, PolicyError, Problem};

/// The answer to one line.
#[derive(Debug, Clone)]
pub struct Answer<'a> {
    /// The line's id as it was written; none where there was none, or none that could be read.
    pub id: Option<&'a RawValue>,
    /// Which line it was.
    pub number: u64,
    /// What was decided, or why nothing was.
    pub ruling: Result<Ruling, PolicyError>,
}

/// A decision on a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// Whether the call goes through.
    pub outcome: Outcome,
    /// The statements that decided.
    pub because: Vec<Reason>,
    /// The context keys that the answer depends on; none unless it is conditional.
    pub on: Vec<String>,
}

/// A statement that decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Its place in the line.
    pub at: StatementRef,
    /// Its name, if it has one.
    pub sid: Option<String>,
    /// What it does.
    pub effect: Effect,
}

impl Answer<'_> {
    /// The answer to a line without an id that could be told.
    pub(super) fn refused(number: u64, error: PolicyError) -> Self {
        Self {
            id: None,
            number,
            ruling: Err(error),
        }
    }

    /// The answer to a line that is no text, or more of it than anybody reads.
    pub fn unreadable(number: u64, found: String) -> Self {
        let expected = "one request with its policies as JSON in UTF-8";
        let problem = Problem::Unfit { found, expected };
        let path = String::new();
        Self::refused(number, PolicyError { path, problem })
    }
}

impl Ruling {
    pub(super) fn new(decision: Decision, policies: &Policies<'_>) -> Self {
        let because = decision.because.into_iter();
        Self {
            outcome: decision.outcome,
            because: because.filter_map(|at| Reason::new(at, policies)).collect(),
            on: decision.on,
        }
    }
}

impl Reason {
    fn new(at: StatementRef, policies: &Policies<'_>) -> Option<Self> {
        let statement = policies.statement(at)?;
        Some(Self {
            at,
            sid: statement.sid.clone().filter(|sid| !sid.is_empty()),
            effect: statement.effect,
        })
    }

    /// The member of the line that holds it, and which level of service control policies.
    fn layer(&self) -> (&'static str, Option<usize>) {
        match self.at.layer {
            Layer::Identity => ("identity", None),
            Layer::Boundary => ("boundary", None),
            Layer::Session => ("session", None),
            Layer::Scp { level } => ("scp", Some(level)),
            Layer::Resource => ("resourcePolicy", None),
        }
    }
}

/// `scp[0][1].Statement[2]`: its place, as errors tell places.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (member, _) = self.layer();
        let policy = self.at.policy;
        match self.at.layer {
            Layer::Identity | Layer::Boundary | Layer::Session => write!(f, "{member}[{policy}]"),
            Layer::Scp { level } => write!(f, "{member}[{level}][{policy}]"),
            Layer::Resource => f.write_str(member),
        }?;
        write!(f, ".Statement[{}]", self.at.statement)
    }
}

/// Programs read the members of these three: they are added to, and never renamed.
#[derive(Serialize)]
struct Because<'a> {
    layer: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<usize>,
    policy: usize,
    statement: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<&'a str>,
    effect: &'static str,
}

#[derive(Serialize)]
struct Decided<'a> {
    id: Option<&'a RawValue>,
    decision: &'static str,
    because: &'a [Reason],
    on: &'a [String],
}

#[derive(Serialize)]
struct Refused<'a> {
    id: Option<&'a RawValue>,
    error: String,
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (layer, level) = self.layer();
        Because {
            layer,
            level,
            policy: self.at.policy,
            statement: self.at.statement,
            sid: self.sid.as_deref(),
            effect: self.effect.as_str(),
        }
        .serialize(serializer)
    }
}

impl Serialize for Answer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { id, number, ruling } = self;
        match (ruling, id) {
            (Ok(ruling), id) => Decided {
                id: *id,
                decision: ruling.outcome.as_str(),
                because: &ruling.because,
                on: &ruling.on,
            }
            .serialize(serializer),
            (Err(error), Some(id)) => Refused {
                id: Some(id),
                error: error.to_string(),
            }
            .serialize(serializer),
            (Err(error), None) => Refused {
                id: None,
                error: format!("line {number}: {error}"),
            }
            .serialize(serializer),
        }
    }
}
