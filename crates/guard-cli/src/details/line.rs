//! One finding about one role, user or group.

use guard_core::inventory::{Bearer, BearerKind};
use guard_core::rules::{self, Certainty, Compliance, Finding, FindingCode, RuleId};
use jiff::Timestamp;
use serde::Serialize;

/// A finding with whom it is about. Programs read these members: they are added to, and never renamed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Line {
    #[serde(serialize_with = "as_text")]
    pub(super) kind: BearerKind,
    pub(super) name: String,
    arn: String,
    id: String,
    /// The rules that found it.
    #[serde(serialize_with = "as_texts")]
    rules: Vec<RuleId>,
    #[serde(rename = "finding", serialize_with = "as_text")]
    pub(super) code: FindingCode,
    pub(super) certainty: Sure,
    /// The context keys that a conditional finding rests on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) on: Vec<String>,
    /// Why it is not known whether anything is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) why: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<Place>,
    /// Where, as people are told; empty where no statement is at fault.
    #[serde(skip)]
    pub(super) statement: String,
    /// A resource on which it can be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    example: Option<String>,
    pub(super) what: String,
    pub(super) advice: String,
    /// Whether it is worth knowing and nothing wrong by itself: AWS Config would call the resource compliant.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) hint: bool,
    /// Why it is no reason to act.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) exempt: Option<Exempt>,
}

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Sure {
    Certain,
    Conditional,
    Unknown,
}

/// A statement, by its place in its policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Place {
    policy: String,
    /// As errors about documents write it: the first one is `Statement[0]`.
    statement: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<String>,
}

/// The charter's word that somebody may be as they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Exempt {
    reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
}

impl Line {
    pub(super) fn new(
        bearer: &Bearer,
        rule: RuleId,
        finding: Finding,
        exempt: Option<&rules::Exempt>,
    ) -> Self {
        let hint = match finding.compliance() {
            Compliance::NonCompliant => false,
            Compliance::Compliant | Compliance::NotApplicable => true,
        };
        let statement = finding.place.as_ref().map(ToString::to_string);
        let (certainty, on, why) = match finding.certainty {
            Certainty::Certain => (Sure::Certain, Vec::new(), None),
            Certainty::Conditional { on } => (Sure::Conditional, on, None),
            Certainty::Unknown { why } => (Sure::Unknown, Vec::new(), Some(why)),
        };
        Self {
            kind: bearer.kind,
            name: bearer.name.clone(),
            arn: bearer.arn.clone(),
            id: bearer.id.clone(),
            rules: vec![rule],
            code: finding.code,
            certainty,
            on,
            why,
            place: finding.place.map(|place| Place {
                policy: place.policy,
                statement: format!("Statement[{}]", place.statement),
                sid: place.sid,
            }),
            statement: statement.unwrap_or_default(),
            example: finding.example,
            what: finding.what,
            advice: finding.advice,
            hint,
            exempt: exempt.map(|exempt| Exempt {
                reason: exempt.reason.clone(),
                until: exempt.until,
            }),
        }
    }

    /// Whether both say the same; then the line is found by the rules of both.
    pub(super) fn takes_in(&mut self, other: &Self) -> bool {
        let is_same = Self {
            rules: self.rules.clone(),
            ..other.clone()
        } == *self;
        if is_same {
            for rule in &other.rules {
                if !self.rules.contains(rule) {
                    self.rules.push(*rule);
                }
            }
        }
        is_same
    }

    /// Whether it is a reason to act.
    pub(super) fn is_open(&self) -> bool {
        self.exempt.is_none() && !self.hint
    }

    /// Whom it is about.
    pub(super) fn arn(&self) -> &str {
        &self.arn
    }
}

pub(super) fn as_text<T: ToString, S: serde::Serializer>(
    value: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&value.to_string())
}

fn as_texts<T: ToString, S: serde::Serializer>(
    values: &[T],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(values.iter().map(ToString::to_string))
}
