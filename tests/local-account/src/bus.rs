//! EventBridge's default bus: from a record or an entry to the rules' targets.

pub(crate) mod delivery;
pub(crate) mod entries;
pub(crate) mod pattern;
pub(crate) mod rules;
pub(crate) mod target;

use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use self::delivery::Delivery;
use crate::ACCOUNT;
use crate::state::State;
use crate::trail::time::to_second;

/// A rule with a schedule, as an operator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The rule's name.
    pub rule: String,
    /// The rule's ARN.
    pub arn: String,
    /// `rate(…)` or `cron(…)`.
    pub expression: String,
    /// Whether it is enabled.
    pub is_enabled: bool,
}

/// Sends a CloudTrail record on its way, as the delivery setting wants it.
pub(crate) fn post(state: &Arc<State>, region: &str, envelope: Value) {
    let delivery = *state.post.delivery.lock();
    let (state, region, busy) = (Arc::clone(state), region.to_owned(), state.activity.begin());
    tokio::spawn(async move {
        match delivery {
            Delivery::Once => dispatch(&state, &region, &envelope).await,
            Delivery::Twice => {
                dispatch(&state, &region, &envelope).await;
                dispatch(&state, &region, &envelope).await;
            }
            Delivery::Late(delay) => {
                tokio::time::sleep(delay).await;
                dispatch(&state, &region, &envelope).await;
            }
            Delivery::Held => {
                let rules = state.rules.of(&state.moto, &region).await;
                if rules.iter().any(|rule| rule.takes(&envelope)) {
                    state.post.hold(&region, envelope);
                }
            }
            Delivery::Never => {}
        }
        drop(busy);
    });
}

/// Sends an event to the rules at once, whatever the delivery setting.
pub(crate) fn send(state: &Arc<State>, region: &str, envelope: Value) {
    let (state, region, busy) = (Arc::clone(state), region.to_owned(), state.activity.begin());
    tokio::spawn(async move {
        dispatch(&state, &region, &envelope).await;
        drop(busy);
    });
}

/// Delivers to the targets of every rule that takes the event.
pub(crate) async fn dispatch(state: &Arc<State>, region: &str, envelope: &Value) {
    let rules = state.rules.of(&state.moto, region).await;
    for rule in rules.iter().filter(|rule| rule.takes(envelope)) {
        for target in &rule.targets {
            target::deliver(state, rule, target, envelope).await;
        }
    }
}

/// The rules of a Region that have a schedule.
pub(crate) async fn schedules(state: &State, region: &str) -> Vec<Schedule> {
    let rules = state.rules.of(&state.moto, region).await;
    let scheduled = rules.iter().filter_map(|rule| {
        Some(Schedule {
            rule: rule.name.clone(),
            arn: rule.arn.clone(),
            expression: rule.schedule.clone()?,
            is_enabled: rule.is_enabled,
        })
    });
    scheduled.collect()
}

/// Lets a schedule's time come: sends its Scheduled Event to its targets (EventBridge user guide, "Creating a
/// rule that runs on a schedule"). `false` when no enabled rule with a schedule has that name.
pub(crate) async fn fire(state: &Arc<State>, region: &str, name: &str) -> bool {
    let rules = state.rules.of(&state.moto, region).await;
    let found = rules.iter().find(|rule| {
        rule.schedule.is_some()
            && rule.is_enabled
            && (rule.name == name || rule.arn.ends_with(name))
    });
    let Some(rule) = found else { return false };
    let event = json!({
        "version": "0",
        "id": Uuid::new_v4().to_string(),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": to_second(jiff::Timestamp::now()),
        "region": region,
        "resources": [rule.arn],
        "detail": {},
    });
    for target in &rule.targets {
        target::deliver(state, rule, target, &event).await;
    }
    true
}
