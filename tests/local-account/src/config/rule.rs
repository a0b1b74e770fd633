//! One rule: who judges, when, and which resources.

use serde_json::{Map, Value, json};

use super::item::Observed;
use super::refusals::{invalid_value, validation};
use super::scope::Scope;
use super::trigger::{self, MessageType};
use crate::wire::answer::Refusal;

/// A custom Lambda rule.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) arn: String,
    /// The function that judges.
    pub(crate) function_arn: String,
    /// What is passed to the function, as it was put.
    pub(crate) parameters: Option<String>,
    triggers: Vec<MessageType>,
    scope: Scope,
    description: Value,
}

impl Rule {
    /// Reads `ConfigRule` (AWS Config API reference); `id` is the new or the present rule's.
    pub(crate) fn read(name: &str, id: &str, arn: &str, input: &Value) -> Result<Self, Refusal> {
        let source = input.get("Source").unwrap_or(&Value::Null);
        let text = |value: &Value, member: &str| {
            value.get(member).and_then(Value::as_str).map(str::to_owned)
        };
        match text(source, "Owner").as_deref() {
            Some("CUSTOM_LAMBDA") => {}
            Some("AWS" | "CUSTOM_POLICY") => {
                return Err(invalid_value(
                    "This local account runs custom Lambda rules only.",
                ));
            }
            owner => {
                let value = format!("'{}'", owner.unwrap_or_default());
                let constraint =
                    "Member must satisfy enum value set: [AWS, CUSTOM_LAMBDA, CUSTOM_POLICY]";
                return Err(validation(value, "configRule.source.owner", constraint));
            }
        }
        let parameters = text(input, "InputParameters");
        check_parameters(parameters.as_deref())?;
        let (triggers, details) = trigger::read(source)?;
        let mut rule = Self {
            name: name.to_owned(),
            id: id.to_owned(),
            arn: arn.to_owned(),
            function_arn: text(source, "SourceIdentifier").unwrap_or_default(),
            parameters,
            triggers,
            scope: Scope::read(input.get("Scope"))?,
            description: Value::Null,
        };
        rule.description = rule.describe(input, &details);
        Ok(rule)
    }

    pub(crate) fn is_triggered_by(&self, message: MessageType) -> bool {
        self.triggers.contains(&message)
    }

    pub(crate) fn takes(&self, resource: &Observed) -> bool {
        self.scope.takes(resource)
    }

    /// As `DescribeConfigRules` shows it.
    pub(crate) fn description(&self) -> &Value {
        &self.description
    }

    fn describe(&self, input: &Value, details: &[Value]) -> Value {
        let mut described = Map::from_iter([
            ("ConfigRuleName".to_owned(), json!(self.name)),
            ("ConfigRuleArn".to_owned(), json!(self.arn)),
            ("ConfigRuleId".to_owned(), json!(self.id)),
        ]);
        for member in ["Description", "Scope"] {
            if let Some(value) = input.get(member) {
                described.insert(member.to_owned(), value.clone());
            }
        }
        let source = json!({
            "Owner": "CUSTOM_LAMBDA", "SourceIdentifier": self.function_arn, "SourceDetails": details,
        });
        described.insert("Source".to_owned(), source);
        if let Some(parameters) = &self.parameters {
            described.insert("InputParameters".to_owned(), json!(parameters));
        }
        described.insert("ConfigRuleState".to_owned(), json!("ACTIVE"));
        described.insert("EvaluationModes".to_owned(), json!([{"Mode": "DETECTIVE"}]));
        Value::Object(described)
    }
}

fn check_parameters(parameters: Option<&str>) -> Result<(), Refusal> {
    let Some(text) = parameters else {
        return Ok(());
    };
    if text.chars().count() > 1024 {
        let constraint = "Member must have length less than or equal to 1024";
        return Err(validation(
            format!("'{text}'"),
            "configRule.inputParameters",
            constraint,
        ));
    }
    match serde_json::from_str(text) {
        Ok(Value::Object(_)) => Ok(()),
        _ => Err(invalid_value(format!(
            "Invalid json {text} passed in the InputParameters field"
        ))),
    }
}
