//! The rules of the default bus, as moto keeps them.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::pattern;
use crate::locked::Locked;
use crate::moto::{Moto, Service};

/// One rule with its targets.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rule {
    pub(crate) name: String,
    pub(crate) arn: String,
    pub(crate) pattern: Option<Value>,
    pub(crate) schedule: Option<String>,
    pub(crate) is_enabled: bool,
    pub(crate) targets: Vec<Target>,
}

/// Where a rule sends its events.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Target {
    pub(crate) arn: String,
    /// A constant that is sent in place of the event.
    pub(crate) input: Option<String>,
    pub(crate) dead_letter_queue: Option<String>,
}

impl Rule {
    pub(crate) fn takes(&self, event: &Value) -> bool {
        self.is_enabled
            && self
                .pattern
                .as_ref()
                .is_some_and(|pattern| pattern::matches(pattern, event))
    }
}

/// Rules per Region, read once and forgotten when a call may have changed them.
#[derive(Debug, Default)]
pub(crate) struct Rules(Locked<Known>);

#[derive(Debug, Default)]
struct Known {
    regions: HashMap<String, Arc<Vec<Rule>>>,
    /// How often all was forgotten: what was read before that is not to be kept.
    n_forgotten: usize,
}

impl Rules {
    pub(crate) fn forget(&self) {
        let mut known = self.0.lock();
        known.regions.clear();
        known.n_forgotten += 1;
    }

    pub(crate) async fn of(&self, moto: &Moto, region: &str) -> Arc<Vec<Rule>> {
        let n_forgotten = {
            let known = self.0.lock();
            if let Some(rules) = known.regions.get(region) {
                return Arc::clone(rules);
            }
            known.n_forgotten
        };
        let rules = Arc::new(read(moto, region).await);
        let mut known = self.0.lock();
        if known.n_forgotten == n_forgotten {
            known.regions.insert(region.to_owned(), Arc::clone(&rules));
        }
        rules
    }
}

async fn read(moto: &Moto, region: &str) -> Vec<Rule> {
    let mut rules = Vec::new();
    let mut token = Value::Null;
    loop {
        let input = if token.is_null() {
            json!({})
        } else {
            json!({"NextToken": token})
        };
        let Ok(page) = moto
            .json(Service::events(region), "ListRules", &input)
            .await
        else {
            break;
        };
        for rule in page
            .get("Rules")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let name = text(rule, "Name").unwrap_or_default();
            let answer = moto
                .json(
                    Service::events(region),
                    "ListTargetsByRule",
                    &json!({"Rule": name}),
                )
                .await;
            rules.push(compose(rule, &name, &answer.unwrap_or(Value::Null)));
        }
        token = page.get("NextToken").cloned().unwrap_or(Value::Null);
        if token.is_null() {
            break;
        }
    }
    rules
}

fn compose(rule: &Value, name: &str, targets: &Value) -> Rule {
    let targets = targets
        .get("Targets")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    Rule {
        name: name.to_owned(),
        arn: text(rule, "Arn").unwrap_or_default(),
        pattern: text(rule, "EventPattern").and_then(|pattern| serde_json::from_str(&pattern).ok()),
        schedule: text(rule, "ScheduleExpression").filter(|schedule| !schedule.is_empty()),
        is_enabled: text(rule, "State").is_none_or(|state| state.starts_with("ENABLED")),
        targets: targets
            .filter_map(|target| {
                let queue = target
                    .get("DeadLetterConfig")
                    .and_then(|config| text(config, "Arn"));
                Some(Target {
                    arn: text(target, "Arn")?,
                    input: text(target, "Input"),
                    dead_letter_queue: queue,
                })
            })
            .collect(),
    }
}

fn text(value: &Value, member: &str) -> Option<String> {
    value.get(member).and_then(Value::as_str).map(str::to_owned)
}
