//! Rules' functions are called: for changes, when their time comes, and for everything that is there.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::diff;
use super::history::Change;
use super::notification::Notification;
use super::permission;
use super::recorder::Recorder;
use super::rule::Rule;
use super::token::Grant;
use super::trigger::MessageType;
use crate::ACCOUNT;
use crate::functions::queue;
use crate::locked::Locked;
use crate::state::State;
use crate::wire::answer::Refusal;
use crate::wire::call::ApiCall;

/// Rules may be started once a minute (AWS Config API reference, `StartConfigRulesEvaluation`).
const BETWEEN_STARTS: Duration = Duration::from_mins(1);

/// Whether a resource is in a rule's scope, or has just left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    InScope,
    LeftScope,
}

/// Tells the rules of a Region what has changed.
pub(crate) fn announce(state: &Arc<State>, region: &str, changes: Vec<Change>) {
    let (state, region, busy) = (Arc::clone(state), region.to_owned(), state.activity.begin());
    tokio::spawn(async move {
        for Change { item, previous } in changes {
            let diff = diff::between(previous.as_deref(), &item);
            let limit = *state.config.notification_limit.lock();
            let told = Notification::of_item(&item, &diff, &region, limit, Timestamp::now());
            for rule in state.config.rules.of(&region) {
                let was_in = previous
                    .as_ref()
                    .is_some_and(|before| rule.takes(&before.resource));
                let place = match (rule.takes(&item.resource), was_in) {
                    (true, _) => Place::InScope,
                    (false, true) => Place::LeftScope,
                    (false, false) => continue,
                };
                call(&state, &region, &rule, &told, place).await;
            }
        }
        drop(busy);
    });
}

/// Gives a rule everything that is there: each resource in its scope, and the schedule.
pub(crate) fn evaluate_all(state: &Arc<State>, region: &str, rule: &Arc<Rule>) {
    let (state, region, busy) = (Arc::clone(state), region.to_owned(), state.activity.begin());
    let rule = Arc::clone(rule);
    tokio::spawn(async move {
        for item in state.config.history.current(&region) {
            if rule.takes(&item.resource) {
                let limit = *state.config.notification_limit.lock();
                let told =
                    Notification::of_item(&item, &Value::Null, &region, limit, Timestamp::now());
                call(&state, &region, &rule, &told, Place::InScope).await;
            }
        }
        let told = Notification::scheduled(Timestamp::now());
        call(&state, &region, &rule, &told, Place::InScope).await;
        drop(busy);
    });
}

/// Lets the time of a periodic rule come; `false` when it has no schedule.
pub(crate) async fn run_schedule(state: &Arc<State>, region: &str, rule: &Rule) -> bool {
    let told = Notification::scheduled(Timestamp::now());
    call(state, region, rule, &told, Place::InScope).await;
    rule.is_triggered_by(MessageType::Scheduled)
}

/// Calls the function, if the rule wants this kind of message and the function still lets Config in.
async fn call(state: &Arc<State>, region: &str, rule: &Rule, told: &Notification, place: Place) {
    if !rule.is_triggered_by(told.message) {
        return;
    }
    let function = state.functions.by_arn(&rule.function_arn);
    let (Some(function), true) = (function, permission::may_invoke(state, rule).await) else {
        tracing::warn!(
            rule.name = rule.name,
            function.arn = rule.function_arn,
            "Config cannot call the function of a rule"
        );
        return;
    };
    let recorder = state.config.recorders.of(region);
    let token = state.config.tokens.issue(Grant {
        region: region.to_owned(),
        rule_id: rule.id.clone(),
        invoked: Timestamp::now(),
    });
    let event = json!({
        "version": "1.0",
        "invokingEvent": told.text,
        "ruleParameters": rule.parameters.as_deref().unwrap_or("{}"),
        "resultToken": token,
        "eventLeftScope": place == Place::LeftScope,
        "executionRoleArn": recorder.as_ref().map(Recorder::role_arn),
        "configRuleArn": rule.arn,
        "configRuleName": rule.name,
        "configRuleId": rule.id,
        "accountId": ACCOUNT,
    });
    queue::accept(state, function, event);
}

/// When each rule was last started by hand, by its id.
#[derive(Debug, Default)]
pub(crate) struct Starts(Locked<HashMap<String, Instant>>);

/// `StartConfigRulesEvaluation`: judges the last known state again.
pub(crate) fn start(state: &Arc<State>, call: &ApiCall) -> Result<Value, Refusal> {
    let rules = state.config.rules.named(call)?;
    let between = state.clock.scaled(BETWEEN_STARTS);
    {
        let mut starts = state.config.starts.0.lock();
        let is_early = |rule: &Arc<Rule>| {
            starts
                .get(&rule.id)
                .is_some_and(|started| started.elapsed() < between)
        };
        if let Some(rule) = rules.iter().find(|rule| is_early(rule)) {
            let message = format!(
                "The rule {} was evaluated less than a minute ago. Please retry after some time",
                rule.name
            );
            return Err(Refusal::new("LimitExceededException", message));
        }
        starts.extend(rules.iter().map(|rule| (rule.id.clone(), Instant::now())));
    }
    for rule in &rules {
        evaluate_all(state, &call.region, rule);
    }
    Ok(json!({}))
}
