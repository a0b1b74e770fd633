//! The lines that each run leaves in the log.

use guard_core::rules::{Compliance, Evaluation};

use crate::report::{Run, findings};

/// Writes the run's line, and one for each resource with which something is wrong or that is exempt: what AWS Config shows
/// is the last answer in little room, the log is all of them.
pub(crate) fn write(run: &Run<'_>) {
    for evaluation in &run.evaluated.evaluations {
        if evaluation.compliance == Compliance::NonCompliant || evaluation.exempt.is_some() {
            write_evaluation(run, evaluation);
        }
    }
    if !run.event.parameters.is_empty() {
        tracing::warn!(
            rule.id = run.rule.as_str(),
            "the rule takes no parameters, the charter says everything; ignored: {}",
            run.event.parameters.join(", ")
        );
    }
    let item = run.event.occasion.item();
    let failure = run.evaluated.failure.as_ref();
    tracing::info!(
        account = run.scope.account.as_str(),
        region = run.scope.region.as_str(),
        rule.id = run.rule.as_str(),
        "message.type" = run.event.occasion.message_type(),
        "resource.type" = item.map(|item| item.resource.kind.as_str()),
        resource.id = item.map(|item| item.resource.id.as_str()),
        evaluations = run.evaluated.evaluations.len(),
        non_compliant = run.number(Compliance::NonCompliant),
        not_applicable = run.number(Compliance::NotApplicable),
        test = run.is_test(),
        duration_ms = run.milliseconds(),
        "{}",
        if failure.is_some() {
            "the rule was evaluated in part"
        } else {
            "the rule was evaluated"
        }
    );
}

fn write_evaluation(run: &Run<'_>, evaluation: &Evaluation) {
    let findings = findings(&evaluation.findings).to_string();
    tracing::info!(
        account = run.scope.account.as_str(),
        region = run.scope.region.as_str(),
        rule.id = run.rule.as_str(),
        "resource.type" = evaluation.resource.kind,
        resource.id = evaluation.resource.id,
        compliance = evaluation.compliance.as_str(),
        findings = findings.as_bytes(),
        "{}",
        evaluation.annotation.as_deref().unwrap_or_default()
    );
}
