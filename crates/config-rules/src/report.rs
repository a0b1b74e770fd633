//! What leaves the function about one run.

use guard_core::names::Scope;
use guard_core::rule_event::{RuleEvent, Weight};
use guard_core::rules::{Certainty, Compliance, Evaluation, Finding, RuleId};
use guard_reconcile::evaluate::Evaluated;
use jiff::SignedDuration;
use serde_json::{Value, json};

/// As many evaluations as somebody who invokes the function by hand is told.
const MOST_TOLD: usize = 20;

/// One run of a rule.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run<'a> {
    pub(crate) rule: RuleId,
    pub(crate) scope: &'a Scope,
    pub(crate) event: &'a RuleEvent,
    pub(crate) evaluated: &'a Evaluated,
    pub(crate) time: SignedDuration,
}

impl Run<'_> {
    /// How many evaluations say so.
    pub(crate) fn number(&self, compliance: Compliance) -> usize {
        let evaluations = self.evaluated.evaluations.iter();
        evaluations
            .filter(|evaluation| evaluation.compliance == compliance)
            .count()
    }

    pub(crate) fn is_test(&self) -> bool {
        match self.event.token.weight {
            Weight::Test => true,
            Weight::Real => false,
        }
    }

    pub(crate) fn milliseconds(&self) -> i64 {
        i64::try_from(self.time.as_millis()).unwrap_or(i64::MAX)
    }
}

/// The run in short: whoever invokes the function by hand reads it, AWS Config does not. What is wrong comes first.
pub(crate) fn body(run: &Run<'_>) -> Value {
    let evaluations = &run.evaluated.evaluations;
    let is_wrong = |it: &&Evaluation| it.compliance == Compliance::NonCompliant;
    let wrong = evaluations.iter().filter(is_wrong);
    let others = evaluations.iter().filter(|it| !is_wrong(it));
    let told: Vec<_> = wrong.chain(others).take(MOST_TOLD).map(told).collect();
    json!({
        "rule": run.rule.as_str(),
        "message": run.event.occasion.message_type(),
        "test": run.is_test(),
        "evaluations": evaluations.len(),
        "nonCompliant": run.number(Compliance::NonCompliant),
        "notApplicable": run.number(Compliance::NotApplicable),
        "told": told,
        "durationMs": run.milliseconds(),
    })
}

fn told(evaluation: &Evaluation) -> Value {
    json!({
        "resourceType": evaluation.resource.kind,
        "resourceId": evaluation.resource.id,
        "compliance": evaluation.compliance.as_str(),
        "annotation": evaluation.annotation,
    })
}

/// All that was found of one resource, for programs: the annotation has room for one finding only.
pub(crate) fn findings(findings: &[Finding]) -> Value {
    findings.iter().map(finding).collect()
}

fn finding(finding: &Finding) -> Value {
    let (certainty, on, why) = match &finding.certainty {
        Certainty::Certain => ("certain", None, None),
        Certainty::Conditional { on } => ("conditional", Some(on), None),
        Certainty::Unknown { why } => ("unknown", None, Some(why)),
    };
    let place = finding.place.as_ref().map(|place| {
        json!({ "policy": place.policy, "statement": place.statement + 1, "sid": place.sid })
    });
    json!({
        "code": finding.code.as_str(),
        "certainty": certainty,
        "on": on,
        "why": why,
        "place": place,
        "example": finding.example,
        "what": finding.what,
        "advice": finding.advice,
    })
}
