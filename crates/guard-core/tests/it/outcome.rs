//! A decision in the short form in which cases state it.

use guard_core::explain::verdict_code;
use guard_core::judge::{Decision, Held};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::run::Run;
use crate::shorthand;

/// A decision, and every question that led to it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Outcome {
    pub(crate) asks: Vec<String>,
    pub(crate) verdict: String,
    pub(crate) reasons: Vec<String>,
    /// The fields that differ.
    #[serde(default)]
    pub(crate) drift: Vec<String>,
    pub(crate) steps: Vec<String>,
    pub(crate) held: Option<String>,
    pub(crate) alert: bool,
}

impl Outcome {
    /// The members in which `found` differs, one line for what was expected and one for what was found.
    pub(crate) fn differences(&self, found: &Self) -> Vec<String> {
        // The number of questions is what matters; in which order they are asked is the judgement's own business.
        let (expected, found) = (self.with_sorted_asks(), found.with_sorted_asks());
        let mut lines = Vec::new();
        for (member, value) in &expected {
            let other = found.get(member);
            if Some(value) != other {
                lines.push(format!("  {member} expected {value}"));
                lines.push(format!(
                    "  {member} found    {}",
                    other.unwrap_or(&Value::Null)
                ));
            }
        }
        lines
    }

    fn with_sorted_asks(&self) -> Map<String, Value> {
        let mut asks = self.asks.clone();
        asks.sort();
        let Ok(Value::Object(mut members)) = serde_json::to_value(self) else {
            panic!("an outcome is an object");
        };
        members.insert("asks".to_owned(), asks.into());
        members
    }

    pub(crate) fn of(run: &Run<'_>, decision: &Decision, asks: Vec<String>) -> Self {
        let fields = decision.drift.iter();
        Self {
            asks,
            verdict: verdict_code(decision.verdict).to_owned(),
            reasons: decision.reasons.iter().map(shorthand::reason).collect(),
            drift: fields.map(|drift| drift.field.to_string()).collect(),
            steps: decision
                .plan
                .steps
                .iter()
                .map(|step| shorthand::step(run, step))
                .collect(),
            held: decision.held.as_ref().map(|held| match held {
                Held::ReportMode => "report-mode".to_owned(),
                Held::Suspended { .. } => "suspended".to_owned(),
            }),
            alert: decision.is_alert,
        }
    }
}
