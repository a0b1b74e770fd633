//! Automation of Systems Manager: runbooks of the account's own are run, with the permissions of their role. moto runs
//! nothing.

pub(crate) mod execution;
pub(crate) mod expression;
pub(crate) mod lambda;
pub(crate) mod operations;
pub(crate) mod parameter;
pub(crate) mod refusals;
pub(crate) mod run;
pub(crate) mod runbook;
pub(crate) mod start;
pub(crate) mod step;

use std::sync::Arc;

use self::execution::{Entry, Execution};
use crate::locked::Locked;

/// What becomes of a step whose function ends with an error. AWS does not say (Systems Manager user guide,
/// `aws:invokeLambdaFunction`: "Error details are included in the response payload"), so tests try both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FunctionError {
    /// The step fails, with the error's message.
    #[default]
    FailsTheStep,
    /// The step succeeds, with the error among its outputs.
    IsAnOutput,
}

/// Every execution of the account, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Automation {
    pub(crate) function_error: Locked<FunctionError>,
    executions: Locked<Vec<Entry>>,
}

impl Automation {
    pub(crate) fn open(&self, execution: Execution) -> Entry {
        let entry = Arc::new(Locked::new(execution));
        self.executions.lock().push(Arc::clone(&entry));
        entry
    }

    /// The executions of a Region.
    pub(crate) fn of(&self, region: &str) -> Vec<Execution> {
        let all = self.executions.lock();
        let each = all.iter().map(|entry| entry.lock().clone());
        each.filter(|execution| execution.region == region)
            .collect()
    }
}
