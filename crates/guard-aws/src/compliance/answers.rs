//! Answers to the events of rules.

use aws_sdk_config::Client;
use aws_sdk_config::error::BuildError;
use aws_sdk_config::types::{self, ComplianceType, EvaluationResult};
use guard_core::rule_event::Weight;
use guard_core::rules::{Compliance, Evaluation, Resource};
use guard_reconcile::error::{FailureClass, PortError};
use guard_reconcile::ports::{Answer, AnswerConfig, Page, Reported};

use crate::config::Aws;
use crate::failure::Attempt;
use crate::time::{datetime, timestamp};

/// The most that one page holds.
const RESULTS_PER_PAGE: i32 = 100;

/// Tells AWS Config what rules found, and asks what it was told before.
#[derive(Debug, Clone)]
pub struct Answers {
    pub(super) client: Client,
}

impl Answers {
    /// The permissions that the calls made here need; `PutEvaluations` knows no resources.
    pub const ACTIONS: &[&str] = &[
        "config:GetComplianceDetailsByConfigRule",
        "config:PutEvaluations",
    ];

    /// AWS Config in the account and Region that `aws` gives access to.
    pub fn new(aws: &Aws) -> Self {
        Self {
            client: super::client(aws),
        }
    }
}

impl AnswerConfig for Answers {
    async fn put_evaluations(&self, answer: Answer<'_>) -> Result<Vec<Resource>, PortError> {
        let first = answer.evaluations.first();
        let on = first.map_or("nothing", |it| it.resource.id.as_str());
        let attempt = Attempt::to("tell AWS Config of resources from", on);
        let evaluations = answer
            .evaluations
            .iter()
            .map(|evaluation| told(evaluation, answer.at))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| attempt.error(FailureClass::Malformed, error))?;
        let call = self
            .client
            .put_evaluations()
            .set_evaluations(Some(evaluations))
            .result_token(&answer.token.value)
            .test_mode(match answer.token.weight {
                Weight::Real => false,
                Weight::Test => true,
            });
        let answer = call.send().await.map_err(|error| attempt.failed(error))?;
        // Answered with success even when some were refused; the SDK takes a missing list for an empty one.
        let refused = answer.failed_evaluations.unwrap_or_default().into_iter();
        Ok(refused
            .map(|it| Resource::new(&it.compliance_resource_type, &it.compliance_resource_id))
            .collect())
    }

    async fn reported(
        &self,
        rule_name: &str,
        after: Option<&str>,
    ) -> Result<Page<Reported>, PortError> {
        let attempt = Attempt::to("read the results of", rule_name);
        let call = self
            .client
            .get_compliance_details_by_config_rule()
            .config_rule_name(rule_name)
            .compliance_types(ComplianceType::Compliant)
            .compliance_types(ComplianceType::NonCompliant)
            .limit(RESULTS_PER_PAGE)
            .set_next_token(after.map(str::to_owned));
        let page = call.send().await.map_err(|error| attempt.failed(error))?;
        let results = page
            .evaluation_results
            .ok_or_else(|| attempt.lacks("EvaluationResults"))?;
        let results = results.into_iter().map(|result| reported(&attempt, result));
        Ok(Page {
            items: results.collect::<Result<_, _>>()?,
            next: page.next_token.filter(|token| !token.is_empty()),
        })
    }
}

fn told(evaluation: &Evaluation, at: jiff::Timestamp) -> Result<types::Evaluation, BuildError> {
    let compliance = match evaluation.compliance {
        Compliance::Compliant => ComplianceType::Compliant,
        Compliance::NonCompliant => ComplianceType::NonCompliant,
        Compliance::NotApplicable => ComplianceType::NotApplicable,
    };
    types::Evaluation::builder()
        .compliance_resource_type(&evaluation.resource.kind)
        .compliance_resource_id(&evaluation.resource.id)
        .compliance_type(compliance)
        .set_annotation(evaluation.annotation.clone())
        .ordering_timestamp(datetime(at))
        .build()
}

fn reported(attempt: &Attempt, result: EvaluationResult) -> Result<Reported, PortError> {
    // When the rule was called is never later than when its result came.
    let recorded = result
        .result_recorded_time
        .or(result.config_rule_invoked_time)
        .and_then(|time| timestamp(&time))
        .ok_or_else(|| attempt.lacks("EvaluationResults.ResultRecordedTime"))?;
    let qualifier = result
        .evaluation_result_identifier
        .and_then(|identifier| identifier.evaluation_result_qualifier)
        .ok_or_else(|| attempt.lacks("EvaluationResults.EvaluationResultIdentifier"))?;
    let kind = qualifier
        .resource_type
        .ok_or_else(|| attempt.lacks("EvaluationResultQualifier.ResourceType"))?;
    let id = qualifier
        .resource_id
        .ok_or_else(|| attempt.lacks("EvaluationResultQualifier.ResourceId"))?;
    Ok(Reported {
        resource: Resource { kind, id },
        recorded,
    })
}
