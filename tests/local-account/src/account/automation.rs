//! Knobs and windows of Automation.

use serde_json::Value;

use super::LocalAccount;
use crate::automation::FunctionError;
use crate::automation::execution::Execution;

impl LocalAccount {
    /// Every execution of a runbook in the Region, oldest first, as `GetAutomationExecution` shows them.
    pub fn automation_executions(&self) -> Vec<Value> {
        let executions = self.state.automation.of(&self.region);
        executions.iter().map(Execution::described).collect()
    }

    /// What becomes of a step whose function ends with an error.
    pub fn set_function_error_rule(&self, rule: FunctionError) {
        *self.state.automation.function_error.lock() = rule;
    }
}
