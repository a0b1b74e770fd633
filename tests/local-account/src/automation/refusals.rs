//! The errors of Automation's calls (Systems Manager API reference).

use crate::wire::answer::Refusal;

pub(crate) fn no_such_runbook(name: &str) -> Refusal {
    let message = format!("Automation document {name} could not be found.");
    Refusal::new("AutomationDefinitionNotFoundException", message)
}

pub(crate) fn no_such_version(name: &str, version: &str) -> Refusal {
    let message = format!("Automation document {name} has no version {version}.");
    Refusal::new("AutomationDefinitionVersionNotFoundException", message)
}

pub(crate) fn parameters(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidAutomationExecutionParametersException", message)
}

/// The words of "Troubleshooting Systems Manager Automation" (Systems Manager user guide).
pub(crate) fn malformed_role() -> Refusal {
    parameters("The format of the supplied assume role ARN is invalid.")
}

/// The role does not exist, or does not trust Systems Manager (the same page).
pub(crate) fn not_assumable() -> Refusal {
    parameters("The defined assume role is unable to be assumed.")
}

pub(crate) fn no_such_execution(id: &str) -> Refusal {
    let message = format!("Automation execution {id} could not be found.");
    Refusal::new("AutomationExecutionNotFoundException", message)
}

/// What AWS does and this account does not.
pub(crate) fn not_here(what: &str) -> Refusal {
    let message = format!("The local account does not know {what}.");
    Refusal::new("NotImplementedException", message)
}
