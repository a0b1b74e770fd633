//! Parameters of a runbook: how they are declared, and which values they take.

use std::collections::BTreeMap;

use regex_lite::Regex;
use serde_json::{Value, json};

use super::refusals;
use crate::access::policy::texts;
use crate::wire::answer::Refusal;

/// A declared parameter (Systems Manager user guide, "Data elements and parameters").
#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    kind: Kind,
    default: Option<Value>,
    pattern: Option<Regex>,
    allowed: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `String`, and the types of AWS such as `AWS::IAM::Role::Arn`.
    Text,
    TextList,
    Boolean,
    Integer,
    Map,
    MapList,
}

impl Parameter {
    /// The error says what is wrong with the declaration.
    pub(crate) fn read(declared: &Value) -> Result<Self, String> {
        let kind = declared.get("type").and_then(Value::as_str);
        let kind = match kind.unwrap_or_default() {
            "String" => Kind::Text,
            "StringList" => Kind::TextList,
            "Boolean" => Kind::Boolean,
            "Integer" => Kind::Integer,
            "StringMap" => Kind::Map,
            "MapList" => Kind::MapList,
            of_aws if of_aws.starts_with("List<AWS::") => Kind::TextList,
            of_aws if of_aws.starts_with("AWS::") => Kind::Text,
            other => return Err(format!("`{other}` is no type of a parameter")),
        };
        let pattern = match declared.get("allowedPattern").and_then(Value::as_str) {
            // A value must match as a whole.
            Some(pattern) => Some(
                Regex::new(&format!("^(?:{pattern})$"))
                    .map_err(|error| format!("`{pattern}` is no pattern: {error}"))?,
            ),
            None => None,
        };
        Ok(Self {
            kind,
            default: declared.get("default").cloned(),
            pattern,
            allowed: declared.get("allowedValues").map(texts).unwrap_or_default(),
        })
    }

    /// The value that a call gives as a list of texts.
    fn value(&self, name: &str, given: &[String]) -> Result<Value, Refusal> {
        let refused = |text: &str| {
            let allowed = self.allowed.is_empty() || self.allowed.iter().any(|it| it == text);
            !allowed || self.pattern.as_ref().is_some_and(|it| !it.is_match(text))
        };
        if let Some(text) = given.iter().find(|text| refused(text)) {
            let message = format!("Parameter \"{name}\" has invalid value \"{text}\".");
            return Err(refusals::parameters(message));
        }
        let parsed = || -> Option<Value> {
            let [one] = given else { return None };
            match self.kind {
                Kind::Text => Some(json!(one)),
                Kind::Boolean => one.to_lowercase().parse::<bool>().ok().map(Value::from),
                Kind::Integer => one.parse::<i64>().ok().map(Value::from),
                Kind::Map => serde_json::from_str(one).ok().filter(Value::is_object),
                Kind::TextList | Kind::MapList => None,
            }
        };
        let value = match self.kind {
            Kind::TextList => Some(json!(given)),
            Kind::MapList => given
                .iter()
                .map(|one| serde_json::from_str::<Value>(one).ok())
                .collect(),
            Kind::Text | Kind::Boolean | Kind::Integer | Kind::Map => parsed(),
        };
        value.ok_or_else(|| {
            refusals::parameters(format!("Parameter \"{name}\" has a value of another type."))
        })
    }
}

/// The values of an execution: what the call gives, and the defaults. Refuses what is not declared, not allowed or
/// missing.
pub(crate) fn values(
    declared: &BTreeMap<String, Parameter>,
    given: Option<&Value>,
) -> Result<BTreeMap<String, Value>, Refusal> {
    let given = given
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    if let Some(unknown) = given.keys().find(|name| !declared.contains_key(*name)) {
        let message = format!("Parameter \"{unknown}\" is not defined in the document.");
        return Err(refusals::parameters(message));
    }
    let mut values = BTreeMap::new();
    for (name, parameter) in declared {
        let value = match (given.get(name), &parameter.default) {
            (Some(given), _) => parameter.value(name, &texts(given))?,
            (None, Some(default)) => default.clone(),
            (None, None) => {
                let message = format!("Parameter \"{name}\" is required and has no value.");
                return Err(refusals::parameters(message));
            }
        };
        values.insert(name.clone(), value);
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared() -> BTreeMap<String, Parameter> {
        let declared = json!({
            "RoleId": {"type": "String", "allowedPattern": "AROA[A-Z0-9]+"},
            "Names": {"type": "StringList", "default": []},
            "Mode": {"type": "String", "allowedValues": ["report", "replace"], "default": "report"},
            "AutomationAssumeRole": {"type": "AWS::IAM::Role::Arn", "default": ""},
        });
        let each = declared.as_object().unwrap().iter();
        each.map(|(name, it)| (name.clone(), Parameter::read(it).unwrap()))
            .collect()
    }

    #[test]
    fn what_is_not_given_has_its_default() {
        let given = json!({"RoleId": ["AROAEXAMPLE"], "Names": ["a", "b"]});
        let values = values(&declared(), Some(&given)).unwrap();
        assert_eq!(
            json!(values),
            json!({"AutomationAssumeRole": "", "Mode": "report", "Names": ["a", "b"], "RoleId": "AROAEXAMPLE"})
        );
    }

    #[test]
    fn what_the_declaration_does_not_allow_is_refused() {
        let refused = |given: &Value| values(&declared(), Some(given)).unwrap_err().message;
        for (given, expected) in [
            (json!({}), "\"RoleId\" is required"),
            (json!({"RoleId": ["xAROA1"]}), "\"xAROA1\""),
            (json!({"RoleId": ["AROA1", "AROA2"]}), "another type"),
            (
                json!({"RoleId": ["AROA1"], "Mode": ["detach"]}),
                "\"detach\"",
            ),
            (
                json!({"RoleId": ["AROA1"], "Else": ["x"]}),
                "\"Else\" is not defined",
            ),
        ] {
            let message = refused(&given);
            assert!(message.contains(expected), "{message}");
        }
    }
}
