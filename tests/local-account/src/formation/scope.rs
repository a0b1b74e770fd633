//! What a stack's template refers to, read from moto once the stack stands.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::intrinsic::{self, Lookup};
use super::template;
use crate::ACCOUNT;
use crate::moto::{Moto, Service};
use crate::wire::answer::Refusal;

/// A stack's template with the values of its names.
#[derive(Debug)]
pub(crate) struct Scope {
    region: String,
    stack: String,
    stack_id: String,
    template: Value,
    parameters: HashMap<String, String>,
    /// Physical id and type by logical id.
    resources: HashMap<String, (String, String)>,
    exports: HashMap<String, String>,
}

impl Scope {
    pub(crate) async fn read(moto: &Moto, region: &str, stack: &str) -> Result<Self, Refusal> {
        let service = Service::cloudformation(region);
        let named = [("StackName", stack)];
        let body = moto.query(service, "GetTemplate", &named).await?;
        let body = body
            .get("TemplateBody")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let template = template::read(body)
            .ok_or_else(|| Refusal::internal(format!("the template of `{stack}` is not read")))?;
        let described = moto.query(service, "DescribeStacks", &named).await?;
        let described = described
            .get("Stacks")
            .and_then(|stacks| stacks.get(0))
            .cloned()
            .unwrap_or_default();
        let resources = moto
            .query(service, "DescribeStackResources", &named)
            .await?;
        let exports = moto.query(service, "ListExports", &[]).await?;
        let resources = pairs(
            &resources,
            "StackResources",
            "LogicalResourceId",
            "PhysicalResourceId",
        )
        .into_iter()
        .zip(
            pairs(
                &resources,
                "StackResources",
                "LogicalResourceId",
                "ResourceType",
            )
            .into_iter()
            .map(|(_, kind)| kind),
        );
        Ok(Self {
            region: region.to_owned(),
            stack: stack.to_owned(),
            stack_id: described
                .get("StackId")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            template,
            parameters: pairs(&described, "Parameters", "ParameterKey", "ParameterValue")
                .into_iter()
                .collect(),
            resources: resources
                .map(|((logical, physical), kind)| (logical, (physical, kind)))
                .collect(),
            exports: pairs(&exports, "Exports", "Name", "Value")
                .into_iter()
                .collect(),
        })
    }

    /// The resources that the template declares and whose condition holds.
    pub(crate) fn resources(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.declared("Resources")
    }

    /// The same of the outputs.
    pub(crate) fn outputs(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.declared("Outputs")
    }

    fn declared(&self, section: &str) -> impl Iterator<Item = (&String, &Value)> {
        let declared = self
            .template
            .get(section)
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        declared.filter(|(_, declared)| {
            let condition = declared.get("Condition").and_then(Value::as_str);
            condition.is_none_or(|name| {
                self.condition(name)
                    .is_some_and(|definition| intrinsic::holds(&definition, self))
            })
        })
    }

    /// Notes the physical id of a resource that moto skips, or calls otherwise.
    pub(crate) fn learn(&mut self, logical_id: &str, physical_id: &str) {
        let known = self.resources.entry(logical_id.to_owned()).or_default();
        physical_id.clone_into(&mut known.0);
    }

    /// Whether a parameter is a list of texts.
    fn is_list(&self, parameter: &str) -> bool {
        let declared = self
            .template
            .get("Parameters")
            .and_then(|all| all.get(parameter));
        let kind = declared
            .and_then(|it| it.get("Type"))
            .and_then(Value::as_str);
        kind == Some("CommaDelimitedList")
    }

    pub(crate) fn resolve(&self, value: &Value) -> Value {
        intrinsic::resolve(value, self)
    }
}

impl Lookup for Scope {
    fn reference(&self, name: &str) -> Option<Value> {
        Some(match name {
            "AWS::AccountId" => json!(ACCOUNT),
            "AWS::Region" => json!(self.region),
            "AWS::Partition" => json!("aws"),
            "AWS::URLSuffix" => json!("amazonaws.com"),
            "AWS::StackName" => json!(self.stack),
            "AWS::StackId" => json!(self.stack_id),
            _ => match self.parameters.get(name) {
                Some(value) if self.is_list(name) => json!(listed(value)),
                Some(value) => json!(value),
                None => json!(self.resources.get(name)?.0),
            },
        })
    }

    fn attribute(&self, resource: &str, attribute: &str) -> Option<Value> {
        let (physical, kind) = self.resources.get(resource)?;
        let name = physical.rsplit('/').next()?;
        let region = &self.region;
        Some(match (kind.as_str(), attribute) {
            (_, "Arn") if physical.starts_with("arn:") => json!(physical),
            ("AWS::SQS::Queue", "Arn") => json!(format!("arn:aws:sqs:{region}:{ACCOUNT}:{name}")),
            ("AWS::SQS::Queue", "QueueName") => json!(name),
            ("AWS::Events::Rule", "Arn") => {
                json!(format!("arn:aws:events:{region}:{ACCOUNT}:rule/{name}"))
            }
            ("AWS::IAM::Role", "Arn") => json!(format!("arn:aws:iam::{ACCOUNT}:role/{name}")),
            ("AWS::Lambda::Function", "Arn") => json!(crate::functions::name::arn(region, name)),
            ("AWS::Logs::LogGroup", "Arn") => json!(format!(
                "arn:aws:logs:{region}:{ACCOUNT}:log-group:{physical}:*"
            )),
            ("AWS::SNS::Topic", "TopicName") => json!(physical.rsplit(':').next()?),
            _ => return None,
        })
    }

    fn import(&self, name: &str) -> Option<Value> {
        self.exports.get(name).map(|value| json!(value))
    }

    fn condition(&self, name: &str) -> Option<Value> {
        self.template.get("Conditions")?.get(name).cloned()
    }

    fn mapped(&self, mapping: &str, key: &str, second: &str) -> Option<Value> {
        let mappings = self.template.get("Mappings")?;
        mappings.get(mapping)?.get(key)?.get(second).cloned()
    }
}

/// The items of a list that moto tells as Python text, or as it was given.
fn listed(text: &str) -> Vec<&str> {
    let items = text
        .trim_start_matches('[')
        .trim_end_matches(']')
        .split(',');
    items.map(|item| item.trim().trim_matches('\'')).collect()
}

fn pairs(answer: &Value, list: &str, key: &str, value: &str) -> Vec<(String, String)> {
    let items = answer
        .get(list)
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    items
        .filter_map(|item| {
            let text = |member: &str| item.get(member).and_then(Value::as_str).map(str::to_owned);
            Some((text(key)?, text(value).unwrap_or_default()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn a_list_is_read_as_python_writes_it_and_as_it_was_given() {
        for text in ["['arn:a', 'arn:b']", "arn:a,arn:b", "arn:a, arn:b"] {
            assert_eq!(listed(text), ["arn:a", "arn:b"], "{text}");
        }
        for text in ["['']", "", "[]"] {
            assert_eq!(listed(text), [""], "{text}");
        }
    }
}
