//! The errors of Config's calls (AWS Config API reference).

use crate::wire::answer::Refusal;

/// A value that the service's model does not allow.
pub(crate) fn validation(value: impl std::fmt::Display, at: &str, constraint: &str) -> Refusal {
    let message = format!(
        "1 validation error detected: Value {value} at '{at}' failed to satisfy constraint: {constraint}"
    );
    Refusal::new("ValidationException", message)
}

pub(crate) fn invalid_value(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidParameterValueException", message)
}

pub(crate) fn no_such_rule(name: &str) -> Refusal {
    let message = format!(
        "The ConfigRule '{name}' provided in the request is invalid. Please check the configRule name"
    );
    Refusal::new("NoSuchConfigRuleException", message)
}

pub(crate) fn remediated(name: &str) -> Refusal {
    let message = format!(
        "The rule {name} currently has a RemediationConfiguration. Please delete the RemediationConfiguration and try again."
    );
    Refusal::new("ResourceInUseException", message)
}

pub(crate) fn not_invocable(function_arn: &str) -> Refusal {
    let message = format!(
        "The AWS Lambda function {function_arn} cannot be invoked. Check the specified function ARN, and check the function's permissions."
    );
    Refusal::new("InsufficientPermissionsException", message)
}

pub(crate) fn no_recorder() -> Refusal {
    Refusal::new(
        "NoAvailableConfigurationRecorderException",
        "There are no configuration recorders available to provide the role needed to describe your resources. Create a configuration recorder.",
    )
}

pub(crate) fn no_such_recorder(name: &str) -> Refusal {
    let message = format!("Cannot find configuration recorder with the specified name '{name}'.");
    Refusal::new("NoSuchConfigurationRecorderException", message)
}

pub(crate) fn not_discovered(kind: &str, id: &str) -> Refusal {
    let message =
        format!("Resource {id} of resourceType:{kind} is unknown or has not been discovered");
    Refusal::new("ResourceNotDiscoveredException", message)
}

pub(crate) fn invalid_token() -> Refusal {
    Refusal::new(
        "InvalidResultTokenException",
        "The resultToken provided is invalid",
    )
}
