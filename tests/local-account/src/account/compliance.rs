//! Knobs and windows of AWS Config.

use anyhow::Context;
use serde_json::Value;

use super::LocalAccount;
use crate::config::calling;
use crate::config::evaluation::Evaluation;

impl LocalAccount {
    /// Every configuration item of the Region, oldest first, as rules' functions see items.
    pub fn configuration_items(&self) -> Vec<Value> {
        let items = self.state.config.history.items(&self.region);
        items.iter().map(|item| item.notified()).collect()
    }

    /// The last word of a Config rule on each resource, in the order of types and ids; `NOT_APPLICABLE` too.
    pub fn evaluations(&self, rule: &str) -> anyhow::Result<Vec<Evaluation>> {
        let config = &self.state.config;
        let found = config.rules.find(&self.region, rule);
        let found =
            found.with_context(|| format!("no Config rule `{rule}` in `{}`", self.region))?;
        Ok(config.results.of(&self.region, &found.id))
    }

    /// Lets the time of a periodic Config rule come. Nothing runs by itself but what a change sets off.
    pub async fn run_config_rule(&self, rule: &str) -> anyhow::Result<()> {
        let found = self.state.config.rules.find(&self.region, rule);
        let found =
            found.with_context(|| format!("no Config rule `{rule}` in `{}`", self.region))?;
        let has_run = calling::run_schedule(&self.state, &self.region, &found).await;
        anyhow::ensure!(has_run, "the Config rule `{rule}` has no schedule");
        Ok(())
    }

    /// How many bytes an item's message may have before rules are told its summary only; AWS's limit is 256 KB.
    pub fn set_notification_limit(&self, bytes: usize) {
        *self.state.config.notification_limit.lock() = bytes;
    }

    /// Lets the next entries of `PutEvaluations` come back in `FailedEvaluations`, in the order in which they come.
    pub fn fail_evaluations(&self, entries: usize) {
        self.state.config.results.set_failing(entries);
    }

    /// Refuses the next calls of an operation as throttled; `service` is that of the credential scope, for example
    /// `iam` or `config`.
    pub fn throttle(&self, service: &str, operation: &str, calls: usize) {
        self.state.throttles.set(service, operation, calls);
    }
}
