//! The steps of an execution, one after the other.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::execution::{Entry, Status, StepExecution, listed};
use super::expression::Values;
use super::lambda;
use super::runbook::Runbook;
use super::step::{OnFailure, Output, Step};
use crate::principals::Principal;
use crate::state::State;

/// Everything that an execution needs.
#[derive(Debug)]
pub(crate) struct Work {
    pub(crate) entry: Entry,
    pub(crate) runbook: Runbook,
    pub(crate) values: Values,
    pub(crate) actor: Principal,
    pub(crate) region: String,
}

/// What a step gives, by the names of its outputs.
pub(crate) type Outputs = BTreeMap<String, Value>;

/// Why a step has failed.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    status: Status,
    message: String,
    /// What it gives nevertheless.
    outputs: Outputs,
}

impl Failure {
    /// `about` is what the step was about.
    pub(crate) fn new(about: &str, message: &str) -> Self {
        Self {
            status: Status::Failed,
            message: worded(&format!("Step fails when it is {about}. {message}")),
            outputs: Outputs::new(),
        }
    }

    pub(crate) fn with_outputs(mut self, outputs: Outputs) -> Self {
        self.outputs = outputs;
        self
    }

    fn timed_out() -> Self {
        Self {
            status: Status::TimedOut,
            message: worded("Step timed out while it is waiting for the function"),
            outputs: Outputs::new(),
        }
    }
}

/// As all messages of Automation end ("Troubleshooting Systems Manager Automation").
fn worded(message: &str) -> String {
    format!(
        "{}. Please refer to Automation Service Troubleshooting Guide for more diagnosis details.",
        message.trim_end_matches('.')
    )
}

/// Runs all steps; how each ends is written into the execution.
pub(crate) async fn run(state: &Arc<State>, mut work: Work) {
    let steps = work.runbook.steps.clone();
    for (place, step) in steps.iter().enumerate() {
        change(&work.entry, place, |shown| {
            shown.status = Status::InProgress;
            shown.started = Some(Timestamp::now());
        });
        let done = attempts(state, &work, step, place).await;
        match done {
            Ok(outputs) => {
                work.values.learn(&step.name, &outputs);
                end(&work.entry, place, Status::Success, &outputs, None);
            }
            Err(failure) => {
                let message = Some(failure.message.clone());
                work.values.learn(&step.name, &failure.outputs);
                end(
                    &work.entry,
                    place,
                    failure.status,
                    &failure.outputs,
                    message,
                );
                if step.on_failure == OnFailure::Abort {
                    return finish(&work, failure.status, Some(failure.message));
                }
            }
        }
        if step.is_end {
            break;
        }
    }
    finish(&work, Status::Success, None);
}

/// Tries the step as often as it may be tried.
async fn attempts(
    state: &Arc<State>,
    work: &Work,
    step: &Step,
    place: usize,
) -> Result<Outputs, Failure> {
    let inputs = work.values.fill(&step.inputs).map_err(|name| {
        let about = "validating and resolving the step inputs";
        Failure::new(
            about,
            &format!("{name} is not defined in the Automation Document"),
        )
    })?;
    let members = inputs.as_object().into_iter().flatten();
    let shown_inputs: BTreeMap<String, String> = members
        .map(|(name, value)| (name.clone(), value.to_string()))
        .collect();
    change(&work.entry, place, |shown| shown.inputs = shown_inputs);
    let mut attempt = 1;
    loop {
        let invoked = lambda::invoke(state, &work.actor, &work.region, &inputs);
        let done = match tokio::time::timeout(step.timeout, invoked).await {
            Ok(done) => done.map(|outputs| with_declared(outputs, &step.outputs)),
            Err(_) => Err(Failure::timed_out()),
        };
        if done.is_ok() || attempt >= step.max_attempts {
            return done;
        }
        attempt += 1;
    }
}

/// Adds the outputs that the runbook declares: `$.Payload.a.b` is a member of the answer.
fn with_declared(mut outputs: Outputs, declared: &[Output]) -> Outputs {
    for output in declared {
        let mut path = output.selector.trim_start_matches("$.").split('.');
        let first = path.next().and_then(|name| outputs.get(name));
        let first = first.map(|value| {
            let text = value.as_str().unwrap_or_default();
            serde_json::from_str(text).unwrap_or_else(|_| value.clone())
        });
        let selected = path.fold(first, |value: Option<Value>, name| {
            value.and_then(|value| value.get(name).cloned())
        });
        if let Some(selected) = selected {
            outputs.insert(output.name.clone(), selected);
        }
    }
    outputs
}

fn change(entry: &Entry, place: usize, change: impl FnOnce(&mut StepExecution)) {
    if let Some(step) = entry.lock().steps.get_mut(place) {
        change(step);
    }
}

fn end(entry: &Entry, place: usize, status: Status, outputs: &Outputs, failure: Option<String>) {
    change(entry, place, |step| {
        step.status = status;
        step.ended = Some(Timestamp::now());
        step.outputs = listed(outputs);
        step.failure = failure;
    });
}

fn finish(work: &Work, status: Status, failure: Option<String>) {
    let known = |name: &String| {
        let value = work.values.get(name).cloned().unwrap_or_else(|| json!(""));
        (name.clone(), value)
    };
    let outputs: Outputs = work.runbook.outputs.iter().map(known).collect();
    let mut execution = work.entry.lock();
    execution.status = status;
    execution.failure = failure;
    execution.outputs = listed(&outputs);
    execution.ended = Some(Timestamp::now());
}
