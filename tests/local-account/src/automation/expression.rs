//! `{{ Name }}` in a runbook: parameters, outputs of earlier steps, and what the system knows (Systems Manager user
//! guide, "Automation system variables").

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::ACCOUNT;

/// Values by their names: `Parameter`, `step.Output`, `automation:EXECUTION_ID`, `global:REGION`.
#[derive(Debug, Clone)]
pub(crate) struct Values(BTreeMap<String, Value>);

impl Values {
    /// The parameters of an execution.
    pub(crate) fn new(
        parameters: &BTreeMap<String, Value>,
        region: &str,
        execution_id: &str,
    ) -> Self {
        let mut values = parameters.clone();
        let known = [
            ("automation:EXECUTION_ID", execution_id),
            ("global:ACCOUNT_ID", ACCOUNT),
            ("global:REGION", region),
        ];
        values.extend(
            known
                .into_iter()
                .map(|(name, value)| (name.to_owned(), json!(value))),
        );
        Self(values)
    }

    /// Adds the outputs of a step.
    pub(crate) fn learn(&mut self, step: &str, outputs: &BTreeMap<String, Value>) {
        let named = outputs
            .iter()
            .map(|(name, value)| (format!("{step}.{name}"), value.clone()));
        self.0.extend(named);
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Puts values in place of names, everywhere; a text that is nothing but a name becomes its value. The error is the
    /// name that is not known.
    pub(crate) fn fill(&self, value: &Value) -> Result<Value, String> {
        match value {
            Value::String(text) => self.fill_text(text),
            Value::Array(items) => items.iter().map(|item| self.fill(item)).collect(),
            Value::Object(members) => members
                .iter()
                .map(|(name, member)| Ok((name.clone(), self.fill(member)?)))
                .collect(),
            other => Ok(other.clone()),
        }
    }

    fn fill_text(&self, text: &str) -> Result<Value, String> {
        let mut parts = text.split("{{");
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let Some((name, rest)) = part.split_once("}}") else {
                return Ok(json!(text));
            };
            let name = name.trim();
            let value = self.get(name).ok_or_else(|| name.to_owned())?;
            if filled.trim().is_empty() && rest.trim().is_empty() {
                return Ok(value.clone());
            }
            filled.push_str(&plain(value));
            filled.push_str(rest);
        }
        Ok(json!(filled))
    }
}

/// A text as it is, anything else as JSON.
pub(crate) fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Values {
        let parameters = [("Role", json!("web")), ("Names", json!(["a", "b"]))];
        let parameters = parameters.map(|(name, value)| (name.to_owned(), value));
        let mut values = Values::new(&parameters.into(), "eu-central-1", "1");
        values.learn("first", &[("Payload".to_owned(), json!("{}"))].into());
        values
    }

    #[test]
    fn a_name_alone_keeps_the_kind_of_its_value() {
        let inputs =
            json!({"role": "{{ Role }}", "names": "{{Names}}", "told": ["{{ first.Payload }}"]});
        assert_eq!(
            values().fill(&inputs).unwrap(),
            json!({"role": "web", "names": ["a", "b"], "told": ["{}"]})
        );
    }

    #[test]
    fn names_inside_of_text_become_text() {
        let inputs = json!(r#"{"names": {{ Names }}, "in": "{{ global:REGION }}-{{ Role }}"}"#);
        assert_eq!(
            values().fill(&inputs).unwrap(),
            json!(r#"{"names": ["a","b"], "in": "eu-central-1-web"}"#)
        );
    }

    #[test]
    fn a_name_that_is_not_known_is_an_error() {
        assert_eq!(
            values().fill(&json!({"a": "x {{ second.Payload }}"})),
            Err("second.Payload".to_owned())
        );
    }
}
