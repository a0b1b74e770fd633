//! Remediation: a rule's noncompliant resources are put right by a runbook, when somebody asks for it or by itself (AWS
//! Config developer guide, "Remediating noncompliant resources").

pub(crate) mod automatic;
pub(crate) mod configuration;
pub(crate) mod execution;
pub(crate) mod mark;
pub(crate) mod operations;

use std::collections::BTreeMap;
use std::sync::Arc;

use self::configuration::Configuration;
use self::execution::Remediation;
use self::mark::Marks;
use super::evaluation::Evaluation;
use crate::access::policy::texts;
use crate::locked::Locked;
use crate::state::State;
use crate::wire::call::ApiCall;

/// A resource that a rule looks at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) region: String,
    /// The rule's name.
    pub(crate) rule: String,
    pub(crate) resource_type: String,
    pub(crate) resource_id: String,
}

impl Key {
    pub(crate) fn of(region: &str, rule: &str, evaluation: &Evaluation) -> Self {
        Self {
            region: region.to_owned(),
            rule: rule.to_owned(),
            resource_type: evaluation.resource_type.clone(),
            resource_id: evaluation.resource_id.clone(),
        }
    }

    /// Whether the rule's last word on the resource is against it.
    pub(crate) fn is_noncompliant(&self, state: &State) -> bool {
        let config = &state.config;
        let rule = config.rules.find(&self.region, &self.rule);
        let results = rule.map(|rule| config.results.of(&self.region, &rule.id));
        results.unwrap_or_default().iter().any(|result| {
            result.resource_type == self.resource_type
                && result.resource_id == self.resource_id
                && result.is_against()
        })
    }
}

/// What is configured, and what has become of it.
#[derive(Debug, Default)]
pub(crate) struct Remediations {
    configurations: Locked<BTreeMap<(String, String), Arc<Configuration>>>,
    /// The last execution for each resource.
    executions: Locked<BTreeMap<Key, Remediation>>,
    /// Resources for which an execution is under way.
    running: Marks,
    /// Resources that are tried again by itself.
    retried: Marks,
}

impl Remediations {
    pub(crate) fn find(&self, region: &str, rule: &str) -> Option<Arc<Configuration>> {
        let key = (region.to_owned(), rule.to_owned());
        self.configurations.lock().get(&key).cloned()
    }

    fn insert(&self, region: &str, configuration: &Arc<Configuration>) {
        let key = (region.to_owned(), configuration.rule.clone());
        let configuration = Arc::clone(configuration);
        self.configurations.lock().insert(key, configuration);
    }

    fn remove(&self, region: &str, rule: &str) {
        let key = (region.to_owned(), rule.to_owned());
        self.configurations.lock().remove(&key);
    }

    fn keep(&self, key: &Key, remediation: Remediation) {
        self.executions.lock().insert(key.clone(), remediation);
    }

    fn of_rule(&self, region: &str, rule: &str) -> Vec<(Key, Remediation)> {
        let all = self.executions.lock();
        let own = all
            .iter()
            .filter(|(key, _)| key.region == region && key.rule == rule);
        own.map(|(key, it)| (key.clone(), it.clone())).collect()
    }
}

/// The ARNs that a call on remediations is authorised on (Service Authorization Reference, "AWS Config"): one that is not
/// there yet is any.
pub(crate) fn resources(state: &State, call: &ApiCall) -> Vec<String> {
    let region = &call.region;
    let put = call.parameters.get("RemediationConfigurations");
    let put = put.and_then(serde_json::Value::as_array).into_iter();
    let mut names: Vec<String> = put
        .flatten()
        .filter_map(|it| it.get("ConfigRuleName").map(texts))
        .flatten()
        .collect();
    for member in ["ConfigRuleName", "ConfigRuleNames"] {
        names.extend(call.parameters.get(member).map(texts).unwrap_or_default());
    }
    let arn = |name: &String| match state.config.remediations.find(region, name) {
        Some(configuration) => configuration.arn.clone(),
        None => configuration::arn(region, "*"),
    };
    names.iter().map(arn).collect()
}
