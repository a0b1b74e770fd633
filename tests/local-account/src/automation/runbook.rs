//! Runbooks: the content of documents of the type Automation (Systems Manager user guide, "Data elements and
//! parameters").

use std::collections::BTreeMap;

use serde_json::Value;

use super::parameter::Parameter;
use super::step::Step;
use crate::access::policy::texts;

/// A runbook that was read.
#[derive(Debug, Clone)]
pub(crate) struct Runbook {
    pub(crate) parameters: BTreeMap<String, Parameter>,
    /// An ARN, or the name of the parameter that has it.
    pub(crate) assume_role: Option<Value>,
    pub(crate) steps: Vec<Step>,
    /// Names of outputs of steps.
    pub(crate) outputs: Vec<String>,
}

impl Runbook {
    /// The error says what is wrong with the content.
    pub(crate) fn read(content: &Value) -> Result<Self, String> {
        let mut parameters = BTreeMap::new();
        let declared = content.get("parameters").and_then(Value::as_object);
        for (name, declared) in declared.into_iter().flatten() {
            let parameter =
                Parameter::read(declared).map_err(|error| format!("{name}: {error}"))?;
            parameters.insert(name.clone(), parameter);
        }
        let steps = content.get("mainSteps").and_then(Value::as_array);
        let steps = steps
            .filter(|steps| !steps.is_empty())
            .ok_or("a runbook must have mainSteps")?;
        let mut read: Vec<Step> = Vec::new();
        for step in steps {
            let step = Step::read(step)?;
            if read.iter().any(|other| other.name == step.name) {
                return Err(format!("two steps have the name `{}`", step.name));
            }
            read.push(step);
        }
        Ok(Self {
            parameters,
            assume_role: content.get("assumeRole").cloned(),
            steps: read,
            outputs: content.get("outputs").map(texts).unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused(content: &Value) -> String {
        Runbook::read(content).unwrap_err()
    }

    #[test]
    fn what_is_no_runbook_is_refused() {
        let step = json!({"name": "a", "action": "aws:invokeLambdaFunction", "inputs": {}});
        for (content, expected) in [
            (json!({}), "a runbook must have mainSteps"),
            (
                json!({"mainSteps": [{"name": "a"}]}),
                "step `a` has no action",
            ),
            (
                json!({"mainSteps": [step, step]}),
                "two steps have the name `a`",
            ),
            (
                json!({"mainSteps": [step], "parameters": {"P": {"type": "Text"}}}),
                "P: `Text` is no type of a parameter",
            ),
        ] {
            assert_eq!(refused(&content), expected);
        }
    }

    #[test]
    fn a_function_may_be_waited_for_five_minutes() {
        let content = |seconds: u64| {
            json!({"mainSteps": [{
                "name": "a", "action": "aws:invokeLambdaFunction", "timeoutSeconds": seconds, "inputs": {},
            }]})
        };
        assert!(Runbook::read(&content(300)).is_ok());
        assert_eq!(
            refused(&content(301)),
            "step `a` waits for more than 300 seconds"
        );
    }
}
