//! How a rule's resources are put right (AWS Config API reference, `RemediationConfiguration`).

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::ACCOUNT;
use crate::access::policy::texts;
use crate::config::refusals::{invalid_value, validation};
use crate::wire::answer::Refusal;

/// Parameters of a runbook, and values of a parameter, at most.
const PARAMETERS: usize = 25;
const ATTEMPTS: RangeInclusive<u64> = 1..=25;
const DEFAULT_ATTEMPTS: u64 = 5;
/// Seconds between attempts.
const PAUSES: RangeInclusive<u64> = 1..=2_678_000;
const DEFAULT_PAUSE: u64 = 60;
/// The parameter whose name Config knows.
const ROLE: &str = "AutomationAssumeRole";

/// Where a parameter's value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Source {
    ResourceId,
    Static(Vec<String>),
}

/// How often it is tried by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Retries {
    pub(crate) attempts: u64,
    pub(crate) pause: Duration,
}

/// A configuration that was read.
#[derive(Debug, Clone)]
pub(crate) struct Configuration {
    pub(crate) arn: String,
    pub(crate) rule: String,
    pub(crate) document: String,
    /// `None` when somebody has to ask for it.
    pub(crate) automatic: Option<Retries>,
    version: Option<String>,
    parameters: BTreeMap<String, Source>,
    resource_type: Option<String>,
    shown: Value,
}

impl Configuration {
    /// Numbers and flags may come as text from a CloudFormation template.
    pub(crate) fn read(region: &str, input: &Value) -> Result<Self, Refusal> {
        let text = |member: &str| input.get(member).and_then(Value::as_str);
        let rule = text("ConfigRuleName").unwrap_or_default().to_owned();
        if text("TargetType") != Some("SSM_DOCUMENT") {
            let value =
                text("TargetType").map_or_else(|| "null".to_owned(), |it| format!("'{it}'"));
            let constraint = "Member must satisfy enum value set: [SSM_DOCUMENT]";
            return Err(validation(value, &at("targetType"), constraint));
        }
        let parameters = parameters(&rule, input.get("Parameters"))?;
        let is_automatic = input
            .get("Automatic")
            .is_some_and(|it| it.as_bool() == Some(true) || it.as_str() == Some("true"));
        let attempts = number(
            input,
            "MaximumAutomaticAttempts",
            ATTEMPTS,
            DEFAULT_ATTEMPTS,
        )?;
        let pause = number(input, "RetryAttemptSeconds", PAUSES, DEFAULT_PAUSE)?;
        if is_automatic && !matches!(parameters.get(ROLE), Some(Source::Static(_))) {
            // "for automatic remediation configuration, the only valid assumeRole field value is AutomationAssumeRole
            // and you need to provide a value for AutomationAssumeRole" (AWS Config API reference).
            return Err(invalid_value(format!(
                "{ROLE} must be provided with a static value for automatic remediation of {rule}."
            )));
        }
        let id = format!("{rule}/{}", Uuid::new_v4());
        let retries = Retries {
            attempts,
            pause: Duration::from_secs(pause),
        };
        let mut configuration = Self {
            arn: arn(region, &id),
            rule,
            document: text("TargetId").unwrap_or_default().to_owned(),
            automatic: is_automatic.then_some(retries),
            version: text("TargetVersion").map(str::to_owned),
            parameters,
            resource_type: text("ResourceType").map(str::to_owned),
            shown: Value::Null,
        };
        configuration.shown = configuration.show(input, attempts, pause);
        Ok(configuration)
    }

    /// As `DescribeRemediationConfigurations` shows it.
    pub(crate) fn shown(&self) -> &Value {
        &self.shown
    }

    pub(crate) fn takes(&self, resource_type: &str) -> bool {
        self.resource_type
            .as_deref()
            .is_none_or(|wanted| wanted == resource_type)
    }

    /// The input of `StartAutomationExecution` for a resource.
    pub(crate) fn request(&self, resource_id: &str) -> Value {
        let value = |source: &Source| match source {
            Source::ResourceId => json!([resource_id]),
            Source::Static(values) => json!(values),
        };
        let parameters: Map<String, Value> = self
            .parameters
            .iter()
            .map(|(name, source)| (name.clone(), value(source)))
            .collect();
        let mut request = json!({"DocumentName": self.document, "Parameters": parameters});
        if let (Some(version), Value::Object(request)) = (&self.version, &mut request) {
            request.insert("DocumentVersion".to_owned(), json!(version));
        }
        request
    }

    fn show(&self, input: &Value, attempts: u64, pause: u64) -> Value {
        let mut shown = json!({
            "ConfigRuleName": self.rule, "TargetType": "SSM_DOCUMENT", "TargetId": self.document,
            "Automatic": self.automatic.is_some(), "Arn": self.arn,
        });
        if let Value::Object(shown) = &mut shown {
            for member in [
                "TargetVersion",
                "Parameters",
                "ResourceType",
                "ExecutionControls",
            ] {
                if let Some(value) = input.get(member) {
                    shown.insert(member.to_owned(), value.clone());
                }
            }
            if self.automatic.is_some() {
                shown.insert("MaximumAutomaticAttempts".to_owned(), json!(attempts));
                shown.insert("RetryAttemptSeconds".to_owned(), json!(pause));
            }
        }
        shown
    }
}

pub(crate) fn arn(region: &str, id: &str) -> String {
    format!("arn:aws:config:{region}:{ACCOUNT}:remediation-configuration/{id}")
}

fn at(member: &str) -> String {
    format!("remediationConfigurations.1.member.{member}")
}

fn number(
    input: &Value,
    member: &str,
    range: RangeInclusive<u64>,
    default: u64,
) -> Result<u64, Refusal> {
    let Some(value) = input.get(member) else {
        return Ok(default);
    };
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok());
    number
        .filter(|number| range.contains(number))
        .ok_or_else(|| {
            let constraint = format!(
                "Member must have value between {} and {}",
                range.start(),
                range.end()
            );
            validation(format!("'{value}'"), &at(member), &constraint)
        })
}

fn parameters(rule: &str, given: Option<&Value>) -> Result<BTreeMap<String, Source>, Refusal> {
    let given = given
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    if given.len() > PARAMETERS {
        let constraint = "Member must have length less than or equal to 25";
        let names: Vec<&String> = given.keys().collect();
        return Err(validation(json!(names), &at("parameters"), constraint));
    }
    let each = given.into_iter().map(|(name, value)| {
        let source = source(&value).ok_or_else(|| {
            invalid_value(format!(
                "There were invalid RemediationParameterValues for configurations for AWS Config Rules: [{rule}]"
            ))
        })?;
        Ok((name, source))
    });
    each.collect()
}

/// Either a dynamic value or a static one.
fn source(value: &Value) -> Option<Source> {
    match (value.get("ResourceValue"), value.get("StaticValue")) {
        (Some(resource), None) => {
            let is_id = resource.get("Value").and_then(Value::as_str) == Some("RESOURCE_ID");
            is_id.then_some(Source::ResourceId)
        }
        (None, Some(fixed)) => {
            let values = texts(fixed.get("Values")?);
            let is_short = |value: &String| (1..=256).contains(&value.chars().count());
            (values.len() <= PARAMETERS && values.iter().all(is_short))
                .then_some(Source::Static(values))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(more: &Value) -> Result<Configuration, String> {
        let mut input = json!({
            "ConfigRuleName": "judge", "TargetType": "SSM_DOCUMENT", "TargetId": "migrate",
            "Parameters": {
                "AutomationAssumeRole": {"StaticValue": {"Values": ["arn:aws:iam::123456789012:role/a"]}},
                "RoleId": {"ResourceValue": {"Value": "RESOURCE_ID"}},
            },
        });
        let more = more.as_object().cloned().unwrap_or_default();
        input.as_object_mut().unwrap().extend(more);
        Configuration::read("eu-central-1", &input).map_err(|refusal| refusal.to_string())
    }

    #[test]
    fn the_resources_id_is_put_among_the_parameters() {
        let configuration = read(&json!({"TargetVersion": "2"})).unwrap();
        assert_eq!(configuration.automatic, None);
        assert_eq!(
            configuration.request("AROAEXAMPLE"),
            json!({"DocumentName": "migrate", "DocumentVersion": "2", "Parameters": {
                "AutomationAssumeRole": ["arn:aws:iam::123456789012:role/a"], "RoleId": ["AROAEXAMPLE"],
            }})
        );
    }

    #[test]
    fn an_automatic_one_is_tried_five_times_a_minute_apart() {
        let retries = |more: Value| read(&more).unwrap().automatic.unwrap();
        let (attempts, pause) = (5, Duration::from_mins(1));
        assert_eq!(
            retries(json!({"Automatic": true})),
            Retries { attempts, pause }
        );
        let written =
            json!({"Automatic": "true", "MaximumAutomaticAttempts": "2", "RetryAttemptSeconds": 7});
        let (attempts, pause) = (2, Duration::from_secs(7));
        assert_eq!(retries(written), Retries { attempts, pause });
    }

    #[test]
    fn what_config_does_not_take_is_refused() {
        let many: Map<String, Value> = (0..26)
            .map(|n| (format!("P{n}"), json!({"StaticValue": {"Values": ["x"]}})))
            .collect();
        let id = json!({"ResourceValue": {"Value": "RESOURCE_ID"}});
        let both =
            json!({"ResourceValue": {"Value": "RESOURCE_ID"}, "StaticValue": {"Values": ["x"]}});
        for (more, expected) in [
            (
                json!({"TargetType": "LAMBDA"}),
                "enum value set: [SSM_DOCUMENT]",
            ),
            (json!({"MaximumAutomaticAttempts": 26}), "between 1 and 25"),
            (json!({"Parameters": many}), "less than or equal to 25"),
            (
                json!({"Parameters": {"RoleId": both}}),
                "invalid RemediationParameterValues",
            ),
            (
                json!({"Automatic": true, "Parameters": {"RoleId": id}}),
                "AutomationAssumeRole",
            ),
        ] {
            let refused = read(&more).unwrap_err();
            assert!(refused.contains(expected), "{refused}");
        }
    }
}
