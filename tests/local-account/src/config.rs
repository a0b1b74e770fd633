//! AWS Config: resources are recorded as items, custom Lambda rules are called and their results kept. moto stores
//! rules and does nothing with them, so the account does all of this itself.

pub(crate) mod calling;
pub(crate) mod compliance;
pub(crate) mod diff;
pub(crate) mod evaluation;
pub(crate) mod history;
pub(crate) mod item;
pub(crate) mod notification;
pub(crate) mod observed;
pub(crate) mod page;
pub(crate) mod permission;
pub(crate) mod recorder;
pub(crate) mod recording;
pub(crate) mod refusals;
pub(crate) mod remediation;
pub(crate) mod results;
pub(crate) mod rule;
pub(crate) mod rules;
pub(crate) mod scope;
pub(crate) mod token;
pub(crate) mod trigger;

use std::sync::Arc;

use serde_json::{Value, json};

use self::calling::Starts;
use self::history::History;
use self::recorder::Recorders;
use self::remediation::Remediations;
use self::results::Results;
use self::rules::ConfigRules;
use self::token::Tokens;
use crate::access::need::Need;
use crate::locked::Locked;
use crate::principals::Principal;
use crate::state::State;
use crate::wire::answer::{Answer, Refusal};
use crate::wire::call::ApiCall;

/// Bytes of a message, at most: larger items are told by their summary (AWS Config developer guide, "Example
/// Oversized Configuration Item Change Notification").
const LARGEST_NOTIFICATION: usize = 256 * 1024;

/// What Config knows.
#[derive(Debug)]
pub(crate) struct AwsConfig {
    pub(crate) recorders: Recorders,
    pub(crate) history: History,
    pub(crate) rules: ConfigRules,
    pub(crate) tokens: Tokens,
    pub(crate) results: Results,
    pub(crate) starts: Starts,
    pub(crate) remediations: Remediations,
    pub(crate) notification_limit: Locked<usize>,
    /// Held by who looks at resources.
    pub(crate) turn: tokio::sync::Mutex<()>,
}

impl AwsConfig {
    /// `home` is the Region that records IAM's resources.
    pub(crate) fn new(home: &str) -> Self {
        Self {
            recorders: Recorders::new(home),
            history: History::default(),
            rules: ConfigRules::default(),
            tokens: Tokens::default(),
            results: Results::default(),
            starts: Starts::default(),
            remediations: Remediations::default(),
            notification_limit: Locked::new(LARGEST_NOTIFICATION),
            turn: tokio::sync::Mutex::new(()),
        }
    }
}

/// What the caller of a Config call must be allowed.
pub(crate) fn needs(state: &State, call: &ApiCall) -> Vec<Need> {
    let resources = if call.operation.contains("Remediation") {
        remediation::resources(state, call)
    } else {
        rules::resources(state, call)
    };
    resources
        .into_iter()
        .map(|resource| Need {
            action: format!("config:{}", call.operation),
            resource,
        })
        .collect()
}

/// Answers a Config call.
pub(crate) async fn answer(state: &Arc<State>, caller: &Principal, call: &ApiCall) -> Answer {
    let config = &state.config;
    let outcome = match call.operation.as_str() {
        "PutConfigRule" => rules::put(state, &call.region, &rules::input(call))
            .await
            .map(|_| json!({})),
        "DescribeConfigRules" => config.rules.describe(call),
        "DeleteConfigRule" => {
            let name = call.text("ConfigRuleName").unwrap_or_default();
            rules::delete(state, &call.region, name).map(|()| json!({}))
        }
        "StartConfigRulesEvaluation" => calling::start(state, call),
        "PutEvaluations" => evaluation::put(state, call),
        "DeleteEvaluationResults" => delete_results(config, call),
        "GetComplianceDetailsByConfigRule" => compliance::details_by_rule(config, call),
        "GetComplianceDetailsByResource" => compliance::details_by_resource(config, call),
        "DescribeComplianceByConfigRule" => compliance::by_rule(config, call),
        "DescribeComplianceByResource" => compliance::by_resource(config, call),
        "GetResourceConfigHistory" | "BatchGetResourceConfig" => read_items(config, call),
        operation if operation.contains("Remediation") => {
            remediation::operations::answer(state, caller, call).await
        }
        operation if operation.contains("ConfigurationRecorder") => config.recorders.answer(call),
        _ => return state.moto.forward(call).await,
    };
    Answer::own(call, outcome)
}

fn delete_results(config: &AwsConfig, call: &ApiCall) -> Result<Value, Refusal> {
    let name = call.text("ConfigRuleName").unwrap_or_default();
    let rule = config.rules.find(&call.region, name);
    let rule = rule.ok_or_else(|| refusals::no_such_rule(name))?;
    config.results.forget(&call.region, &rule.id);
    Ok(json!({}))
}

fn read_items(config: &AwsConfig, call: &ApiCall) -> Result<Value, Refusal> {
    if config.recorders.of(&call.region).is_none() {
        return Err(refusals::no_recorder());
    }
    if call.operation == "BatchGetResourceConfig" {
        config.history.batch(call)
    } else {
        config.history.answer(call)
    }
}
