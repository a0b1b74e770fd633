//! The events that AWS Config sends to the functions of rules.

use std::collections::BTreeMap;

use guard_core::change::document_arn;
use guard_core::inventory::BearerKind;
use guard_core::rules::{Compliance, Resource, RuleId};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::FakeAccount;
use crate::account::State;
use crate::config::{
    self, Kept, as_in_event, configuration, document_configuration, policy_configuration,
};
use crate::person::{ACCOUNT, REGION, scope};

/// AWS Config at work: records what there is now, and makes the event of it.
#[derive(Debug, Clone, Copy)]
pub struct Recorder<'a> {
    account: &'a FakeAccount,
    rule: RuleId,
}

impl FakeAccount {
    /// AWS Config, as it sends events to the function of a rule.
    pub fn recorder(&self, rule: RuleId) -> Recorder<'_> {
        Recorder {
            account: self,
            rule,
        }
    }

    /// What AWS Config keeps for a rule, `NOT_APPLICABLE` included.
    pub fn results(&self, rule: RuleId) -> BTreeMap<Resource, Kept> {
        let name = rule.function_name();
        let state = self.state();
        let results = state.config.results.iter();
        let results = results.filter(|((of, _), _)| *of == name);
        results
            .map(|((_, resource), kept)| (resource.clone(), kept.clone()))
            .collect()
    }

    /// Lets AWS Config refuse what it is told of a resource, so often.
    pub fn refuse_evaluations_of(&self, resource: &Resource, times: usize) {
        self.state().config.refusals.insert(resource.clone(), times);
    }

    /// Makes every answer of AWS Config's refuse a resource that may not have been told at all.
    pub fn refuse_strangely(&self, resource: &Resource) {
        self.state().config.strange_refusal = Some(resource.clone());
    }
}

impl Recorder<'_> {
    /// A role, user or group has changed.
    ///
    /// # Panics
    /// When there is none of that name.
    pub fn change(self, kind: BearerKind, name: &str) -> Value {
        let item = self.record(kind, name);
        self.changed(&item)
    }

    /// The same, too large for an event.
    ///
    /// # Panics
    /// When there is none of that name.
    pub fn oversized_change(self, kind: BearerKind, name: &str) -> Value {
        let mut summary = as_in_event(&self.record(kind, name));
        if let Some(members) = summary.as_object_mut() {
            members.shift_remove("configuration");
            members.insert("changeType".to_owned(), json!("UPDATE"));
        }
        self.event(&json!({
            "configurationItemSummary": summary,
            "s3DeliverySummary": null,
            "notificationCreationTime": self.now(),
            "messageType": "OversizedConfigurationItemChangeNotification",
            "recordVersion": "1.0",
        }))
    }

    /// A managed policy has changed.
    pub fn change_of_policy(self, arn: &str) -> Value {
        let document = self.account.state().iam.policies.get(arn).cloned();
        let resource = Resource::new("AWS::IAM::Policy", "ANPAEXAMPLE");
        let name = arn.rsplit('/').next().unwrap_or(arn);
        let configuration = policy_configuration(arn, &document.unwrap_or_default());
        let item = config::item(&resource, name, arn, self.account.time(), &configuration);
        self.changed(&item)
    }

    /// The preferences document has changed, or is gone.
    pub fn change_of_preferences(self) -> Value {
        let kind = self.account.document_type();
        let resource = Resource::preferences();
        let configuration = kind.as_deref().map(document_configuration);
        let mut item = config::item(
            &resource,
            &resource.id,
            &document_arn(&scope()),
            self.account.time(),
            &configuration.clone().unwrap_or(Value::Null),
        );
        if configuration.is_none() {
            gone(&mut item);
        }
        self.changed(&item)
    }

    /// Something is gone.
    pub fn deletion(self, resource: &Resource) -> Value {
        let mut item = config::item(
            resource,
            "gone",
            "arn:aws:iam::123456789012:role/gone",
            self.account.time(),
            &Value::Null,
        );
        gone(&mut item);
        self.changed(&item)
    }

    /// Takes answers with a token that was not given out, as that of a sample is not.
    pub fn accept(self, token: &str) {
        let name = self.rule.function_name();
        self.account.state().config.accept(token, &name);
    }

    /// Lets the history answer with items that say they are of this, as no answer of the service does.
    pub fn misfile(self, as_of: &Resource) {
        self.account.state().config.misfiled_as = Some(as_of.clone());
    }

    /// Keeps a result as it was told long ago.
    pub fn keep(self, resource: &Resource, compliance: Compliance) {
        let kept = Kept {
            compliance,
            annotation: None,
            at: Timestamp::UNIX_EPOCH,
        };
        let key = (self.rule.function_name(), resource.clone());
        self.account.state().config.results.insert(key, kept);
    }

    /// It is time.
    pub fn schedule(self) -> Value {
        self.event(&json!({
            "awsAccountId": ACCOUNT,
            "notificationCreationTime": self.now(),
            "messageType": "ScheduledNotification",
            "recordVersion": "1.0",
        }))
    }

    #[expect(
        clippy::expect_used,
        reason = "a test that means another account than it has proves nothing"
    )]
    fn record(self, kind: BearerKind, name: &str) -> Value {
        let mut guard = self.account.state();
        let state: &mut State = &mut guard;
        let bearer = state.iam.bearers.get(&(kind, name.to_owned()));
        let bearer = bearer.expect("somebody of that name");
        let resource = Resource::bearer(kind, &bearer.id);
        let configuration = configuration(kind, name, bearer);
        let item = config::item(&resource, name, &bearer.arn, state.now, &configuration);
        state.config.items.push(item.clone());
        item
    }

    fn changed(self, item: &Value) -> Value {
        self.event(&json!({
            "configurationItemDiff": null,
            "configurationItem": as_in_event(item),
            "notificationCreationTime": self.now(),
            "messageType": "ConfigurationItemChangeNotification",
            "recordVersion": "1.3",
        }))
    }

    fn now(self) -> String {
        let now: Timestamp = self.account.time();
        format!("{now:.3}")
    }

    fn event(self, message: &Value) -> Value {
        let name = self.rule.function_name();
        let token = self.account.state().config.token(&name);
        json!({
            "version": "1.0",
            "invokingEvent": message.to_string(),
            "ruleParameters": "{}",
            "resultToken": token,
            "eventLeftScope": false,
            "executionRoleArn": format!("arn:aws:iam::{ACCOUNT}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"),
            "configRuleArn": format!("arn:aws:config:{REGION}:{ACCOUNT}:config-rule/config-rule-abc123"),
            "configRuleName": name,
            "configRuleId": "config-rule-abc123",
            "accountId": ACCOUNT,
        })
    }
}

fn gone(item: &mut Value) {
    if let Some(members) = item.as_object_mut() {
        members.insert(
            "configurationItemStatus".to_owned(),
            json!("ResourceDeleted"),
        );
        members.insert("configuration".to_owned(), Value::Null);
    }
}
