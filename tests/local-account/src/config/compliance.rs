//! The compliance view: what rules say of resources, by rule and by resource (AWS Config API reference).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::AwsConfig;
use super::evaluation::Evaluation;
use super::page::{self, MEMBERS, MOST};
use super::refusals::{invalid_value, no_such_rule, validation};
use super::rule::Rule;
use crate::access::policy::texts;
use crate::trail::time::epoch;
use crate::wire::answer::Refusal;
use crate::wire::call::ApiCall;

/// Contributors are counted no further (AWS Config API reference, `ComplianceContributorCount`).
const CAP: usize = 25;
/// Rules a page.
const RULES: usize = 25;

/// `GetComplianceDetailsByConfigRule`.
pub(crate) fn details_by_rule(config: &AwsConfig, call: &ApiCall) -> Result<Value, Refusal> {
    let name = call.text("ConfigRuleName").unwrap_or_default();
    let rule = config
        .rules
        .find(&call.region, name)
        .ok_or_else(|| no_such_rule(name))?;
    let wanted = wanted(call)?;
    let details = config
        .results
        .of(&call.region, &rule.id)
        .iter()
        .filter(|result| wanted(&result.compliance))
        .map(|result| detail(&rule, result))
        .collect();
    page::limited(call, MEMBERS, "EvaluationResults", details)
}

/// `GetComplianceDetailsByResource`.
pub(crate) fn details_by_resource(config: &AwsConfig, call: &ApiCall) -> Result<Value, Refusal> {
    let (Some(kind), Some(id)) = (call.text("ResourceType"), call.text("ResourceId")) else {
        return Err(invalid_value(
            "Provide either a ResourceEvaluationId or a ResourceType and a ResourceId.",
        ));
    };
    let wanted = wanted(call)?;
    let details = each(config, &call.region)
        .iter()
        .filter(|(_, result)| result.resource_type == kind && result.resource_id == id)
        .filter(|(_, result)| wanted(&result.compliance))
        .map(|(rule, result)| detail(rule, result))
        .collect();
    page::sized(call, MEMBERS, "EvaluationResults", details, MOST)
}

/// `DescribeComplianceByConfigRule`.
pub(crate) fn by_rule(config: &AwsConfig, call: &ApiCall) -> Result<Value, Refusal> {
    let wanted = wanted(call)?;
    let mut rules = Vec::new();
    for rule in config.rules.named(call)? {
        let results = config.results.of(&call.region, &rule.id);
        let compliance = Compliance::of(&results.iter().collect::<Vec<_>>());
        if wanted(compliance.name()) {
            rules.push(json!({"ConfigRuleName": rule.name, "Compliance": compliance.described()}));
        }
    }
    page::sized(call, MEMBERS, "ComplianceByConfigRules", rules, RULES)
}

/// `DescribeComplianceByResource`.
pub(crate) fn by_resource(config: &AwsConfig, call: &ApiCall) -> Result<Value, Refusal> {
    let (kind, id) = (call.text("ResourceType"), call.text("ResourceId"));
    if id.is_some() && kind.is_none() {
        return Err(invalid_value(
            "A resource type must be provided when a resource id is provided.",
        ));
    }
    let wanted = wanted(call)?;
    let all = each(config, &call.region);
    let mut resources: BTreeMap<(&str, &str), Vec<&Evaluation>> = BTreeMap::new();
    for (_, result) in &all {
        let key = (result.resource_type.as_str(), result.resource_id.as_str());
        resources.entry(key).or_default().push(result);
    }
    let mut described = Vec::new();
    for ((of_kind, of_id), results) in resources {
        let compliance = Compliance::of(&results);
        if kind.is_none_or(|kind| kind == of_kind)
            && id.is_none_or(|id| id == of_id)
            && wanted(compliance.name())
        {
            described.push(json!({
                "ResourceType": of_kind, "ResourceId": of_id, "Compliance": compliance.described(),
            }));
        }
    }
    page::limited(call, MEMBERS, "ComplianceByResources", described)
}

/// Every result of a Region with its rule.
fn each(config: &AwsConfig, region: &str) -> Vec<(Arc<Rule>, Evaluation)> {
    let mut all = Vec::new();
    for rule in config.rules.of(region) {
        let results = config.results.of(region, &rule.id);
        all.extend(
            results
                .into_iter()
                .map(|result| (Arc::clone(&rule), result)),
        );
    }
    all
}

/// The filter of a call. `INSUFFICIENT_DATA` is no filter for single results, yet it is one for rules.
fn wanted(call: &ApiCall) -> Result<impl Fn(&str) -> bool + use<>, Refusal> {
    let types = call
        .parameters
        .get("ComplianceTypes")
        .map(texts)
        .unwrap_or_default();
    let is_known = |wanted: &str| match wanted {
        "COMPLIANT" | "NON_COMPLIANT" | "NOT_APPLICABLE" => true,
        "INSUFFICIENT_DATA" => call.operation.starts_with("Describe"),
        _ => false,
    };
    if types.len() > 3 {
        let constraint = "Member must have length less than or equal to 3";
        let value = format!("'[{}]'", types.join(", "));
        return Err(validation(value, "complianceTypes", constraint));
    }
    if let Some(unknown) = types.iter().find(|wanted| !is_known(wanted)) {
        return Err(invalid_value(format!(
            "The compliance type {unknown} is invalid."
        )));
    }
    Ok(move |compliance: &str| types.is_empty() || types.iter().any(|wanted| wanted == compliance))
}

/// What several results come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compliance {
    Compliant,
    /// With how many that say so.
    NonCompliant(usize),
    /// Nothing was said, or only that it does not apply.
    InsufficientData,
}

impl Compliance {
    fn of(results: &[&Evaluation]) -> Self {
        let count = |wanted: &str| {
            results
                .iter()
                .filter(|result| result.compliance == wanted)
                .count()
        };
        match (count("NON_COMPLIANT"), count("COMPLIANT")) {
            (0, 0) => Self::InsufficientData,
            (0, _) => Self::Compliant,
            (against, _) => Self::NonCompliant(against),
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Compliant => "COMPLIANT",
            Self::NonCompliant(_) => "NON_COMPLIANT",
            Self::InsufficientData => "INSUFFICIENT_DATA",
        }
    }

    fn described(self) -> Value {
        match self {
            Self::NonCompliant(against) => json!({
                "ComplianceType": self.name(),
                "ComplianceContributorCount": {"CappedCount": against.min(CAP), "CapExceeded": against > CAP},
            }),
            Self::Compliant | Self::InsufficientData => json!({"ComplianceType": self.name()}),
        }
    }
}

fn detail(rule: &Rule, result: &Evaluation) -> Value {
    let mut detail = json!({
        "EvaluationResultIdentifier": {
            "EvaluationResultQualifier": {
                "ConfigRuleName": rule.name,
                "ResourceType": result.resource_type,
                "ResourceId": result.resource_id,
                "EvaluationMode": "DETECTIVE",
            },
            "OrderingTimestamp": epoch(result.ordering_timestamp),
        },
        "ComplianceType": result.compliance,
        "ResultRecordedTime": epoch(result.recorded_at),
        "ConfigRuleInvokedTime": epoch(result.invoked_at),
    });
    if let (Some(annotation), Value::Object(members)) = (&result.annotation, &mut detail) {
        members.insert("Annotation".into(), json!(annotation));
    }
    detail
}
