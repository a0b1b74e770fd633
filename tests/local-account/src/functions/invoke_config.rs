//! `EventInvokeConfig`: how asynchronous invocations are retried and where failed ones go (Lambda API reference,
//! `PutFunctionEventInvokeConfig`). moto keeps the first one put for ever, so it is kept here.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::wire::answer::Refusal;

/// The configuration of one function; its defaults are Lambda's.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct InvokeConfig(Option<Map<String, Value>>);

const MEMBERS: [&str; 3] = [
    "MaximumRetryAttempts",
    "MaximumEventAgeInSeconds",
    "DestinationConfig",
];

impl InvokeConfig {
    /// Replaces everything.
    pub(crate) fn put(&mut self, input: &Value) -> Result<(), Refusal> {
        self.0 = Some(read(input)?);
        Ok(())
    }

    /// Replaces the members that are named.
    pub(crate) fn update(&mut self, input: &Value) -> Result<(), Refusal> {
        let change = read(input)?;
        self.0.get_or_insert_default().extend(change);
        Ok(())
    }

    /// `false` when there was none.
    pub(crate) fn delete(&mut self) -> bool {
        self.0.take().is_some()
    }

    /// As Lambda answers it; `None` when nothing was put.
    pub(crate) fn answer(&self, function_arn: &str) -> Option<Value> {
        let mut answer = self.0.clone()?;
        answer.insert(
            "FunctionArn".into(),
            json!(format!("{function_arn}:$LATEST")),
        );
        Some(Value::Object(answer))
    }

    pub(crate) fn retries(&self) -> u64 {
        self.member("MaximumRetryAttempts")
            .and_then(Value::as_u64)
            .unwrap_or(2)
    }

    pub(crate) fn maximum_age(&self) -> Duration {
        Duration::from_secs(
            self.member("MaximumEventAgeInSeconds")
                .and_then(Value::as_u64)
                .unwrap_or(6 * 60 * 60),
        )
    }

    pub(crate) fn on_failure(&self) -> Option<String> {
        let destination = self
            .member("DestinationConfig")?
            .get("OnFailure")?
            .get("Destination")?;
        destination.as_str().map(str::to_owned)
    }

    fn member(&self, name: &str) -> Option<&Value> {
        self.0.as_ref()?.get(name)
    }
}

/// Numbers may come as text from a CloudFormation template.
fn read(input: &Value) -> Result<Map<String, Value>, Refusal> {
    let mut read = Map::new();
    for member in MEMBERS {
        let Some(value) = input.get(member) else {
            continue;
        };
        let number = value
            .as_str()
            .and_then(|text| text.parse::<u64>().ok())
            .map(Value::from);
        read.insert(member.to_owned(), number.unwrap_or_else(|| value.clone()));
    }
    let within = |member: &str, low: u64, high: u64| {
        read.get(member).is_none_or(|value| {
            value
                .as_u64()
                .is_some_and(|number| (low..=high).contains(&number))
        })
    };
    if within("MaximumRetryAttempts", 0, 2) && within("MaximumEventAgeInSeconds", 60, 21_600) {
        return Ok(read);
    }
    let message = "MaximumRetryAttempts must lie in 0-2, MaximumEventAgeInSeconds in 60-21600.";
    Err(Refusal::new("InvalidParameterValueException", message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_last_counts() {
        let mut config = InvokeConfig::default();
        assert_eq!((config.retries(), config.answer("f")), (2, None));
        config.put(&json!({"MaximumRetryAttempts": "1", "DestinationConfig": {"OnFailure": {"Destination": "q"}}})).unwrap();
        config.put(&json!({"MaximumRetryAttempts": 0})).unwrap();
        assert_eq!((config.retries(), config.on_failure()), (0, None));
        config
            .update(&json!({"MaximumEventAgeInSeconds": 60}))
            .unwrap();
        assert_eq!(
            (config.retries(), config.maximum_age()),
            (0, Duration::from_mins(1))
        );
    }

    #[test]
    fn more_than_two_retries_are_refused() {
        assert!(
            InvokeConfig::default()
                .put(&json!({"MaximumRetryAttempts": 3}))
                .is_err()
        );
    }
}
