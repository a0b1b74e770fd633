//! Everything that the rules of AWS Config ask of one account in one Region.

use guard_core::config_item::Item;
use guard_core::inventory::{BearerKind, Document, Entity};
use guard_core::names::Scope;
use guard_core::rules::Resource;
use guard_reconcile::error::PortError;
use guard_reconcile::ports::{
    Answer, AnswerConfig, Details, Holder, Page, ReadDetails, ReadEntities, ReadHolders, ReadItems,
    ReadPrincipals, Reported,
};
use jiff::Timestamp;

use crate::clock::SystemClock;
use crate::cloudtrail::EventHistory;
use crate::compliance::{Answers, Items};
use crate::config::Aws;
use crate::iam::Principals;
use crate::sight::{reads_preferences, tells_time};
use crate::ssm::{Parameters, Preferences};

/// Every port of the rule on the preferences, on AWS: none of them changes anything.
#[derive(Debug)]
pub struct PreferencesRule {
    preferences: Preferences,
    parameters: Parameters,
    history: EventHistory,
    answers: Answers,
    clock: SystemClock,
}

/// Every port of the rules on roles, users and groups, on AWS.
#[derive(Debug)]
pub struct BearersRule {
    principals: Principals,
    items: Items,
    answers: Answers,
    clock: SystemClock,
}

impl PreferencesRule {
    /// The account and Region that `aws` gives access to, which must be those of `scope`.
    pub fn new(aws: &Aws, scope: Scope) -> Self {
        Self {
            preferences: Preferences::new(aws),
            parameters: Parameters::new(aws),
            history: EventHistory::new(aws, scope),
            answers: Answers::new(aws),
            clock: SystemClock,
        }
    }

    /// Every permission that any of the ports needs.
    pub fn actions() -> impl Iterator<Item = &'static str> {
        let lists = [
            Preferences::READING,
            Parameters::READING,
            EventHistory::ACTIONS,
            Answers::ACTIONS,
        ];
        lists.into_iter().flatten().copied()
    }
}

impl BearersRule {
    /// The account that `aws` gives access to.
    pub fn new(aws: &Aws) -> Self {
        Self {
            principals: Principals::new(aws),
            items: Items::new(aws),
            answers: Answers::new(aws),
            clock: SystemClock,
        }
    }

    /// Every permission that any of the ports needs.
    pub fn actions() -> impl Iterator<Item = &'static str> {
        let lists = [
            Principals::READING,
            Principals::HOLDERS,
            Principals::LISTING,
            Items::ACTIONS,
            Answers::ACTIONS,
        ];
        lists.into_iter().flatten().copied()
    }
}

reads_preferences!(PreferencesRule);
tells_time!(BearersRule);

impl ReadEntities for BearersRule {
    async fn entity(&self, kind: BearerKind, name: &str) -> Result<Option<Entity>, PortError> {
        self.principals.entity(kind, name).await
    }

    async fn policy(&self, arn: &str) -> Result<Option<Document>, PortError> {
        self.principals.policy(arn).await
    }
}

impl ReadHolders for BearersRule {
    async fn holders(
        &self,
        policy_arn: &str,
        after: Option<&str>,
    ) -> Result<Page<Holder>, PortError> {
        self.principals.holders(policy_arn, after).await
    }
}

impl ReadDetails for BearersRule {
    async fn details(&self, after: Option<&str>) -> Result<Details, PortError> {
        self.principals.details(after).await
    }
}

impl ReadPrincipals for BearersRule {
    async fn members(&self, group: &str, after: Option<&str>) -> Result<Page<String>, PortError> {
        self.principals.members(group, after).await
    }
}

impl ReadItems for BearersRule {
    async fn item(&self, resource: &Resource, at: Timestamp) -> Result<Option<Item>, PortError> {
        self.items.item(resource, at).await
    }
}

macro_rules! answers_config {
    ($rule:ty) => {
        impl AnswerConfig for $rule {
            async fn put_evaluations(
                &self,
                answer: Answer<'_>,
            ) -> Result<Vec<Resource>, PortError> {
                self.answers.put_evaluations(answer).await
            }

            async fn reported(
                &self,
                rule_name: &str,
                after: Option<&str>,
            ) -> Result<Page<Reported>, PortError> {
                self.answers.reported(rule_name, after).await
            }
        }
    };
}

answers_config!(PreferencesRule);
answers_config!(BearersRule);

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn check(actions: impl Iterator<Item = &'static str>, services: &[&str]) {
        let actions: Vec<_> = actions.collect();
        let different: BTreeSet<_> = actions.iter().collect();
        assert_eq!(actions.len(), different.len());
        for action in actions {
            let (service, call) = action.split_once(':').unwrap();
            assert!(services.contains(&service), "{action}");
            let is_answer = action == "config:PutEvaluations";
            let reads = ["Get", "List", "Describe", "Lookup"];
            let is_reading = reads.iter().any(|verb| call.starts_with(verb));
            assert!(is_answer || is_reading, "{action} changes something");
        }
    }

    #[test]
    fn a_rule_changes_nothing_but_what_aws_config_shows() {
        check(PreferencesRule::actions(), &["ssm", "cloudtrail", "config"]);
        check(BearersRule::actions(), &["iam", "config"]);
    }
}
