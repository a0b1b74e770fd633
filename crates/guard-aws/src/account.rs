//! One account in one Region, with everything a reconciliation asks of it.

use std::collections::BTreeMap;

use guard_core::names::{Scope, Version};
use guard_reconcile::error::{PortError, WriteError};
use guard_reconcile::ports::{KeepParameters, Parameter, WritePreferences};

use crate::clock::SystemClock;
use crate::cloudtrail::EventHistory;
use crate::config::Aws;
use crate::eventbridge::Bus;
use crate::sight::{reads_preferences, tells_people};
use crate::sns::Topic;
use crate::ssm::{Parameters, Preferences};

/// Every port of the preferences' reconciliation, on AWS.
#[derive(Debug)]
pub struct Account {
    preferences: Preferences,
    parameters: Parameters,
    history: EventHistory,
    bus: Bus,
    topic: Topic,
    clock: SystemClock,
}

impl Account {
    /// The account and Region that `aws` gives access to, which must be those of `scope`; alerts go to the topic.
    pub fn new(aws: &Aws, scope: Scope, topic_arn: &str) -> Self {
        Self {
            preferences: Preferences::new(aws),
            parameters: Parameters::new(aws),
            history: EventHistory::new(aws, scope),
            bus: Bus::new(aws),
            topic: Topic::new(aws, topic_arn),
            clock: SystemClock,
        }
    }

    /// Every permission that any of the ports needs.
    pub fn actions() -> impl Iterator<Item = &'static str> {
        let lists = [
            Preferences::ACTIONS,
            Parameters::ACTIONS,
            EventHistory::ACTIONS,
            Bus::ACTIONS,
            Topic::ACTIONS,
        ];
        lists.into_iter().flatten().copied()
    }

    /// Opens the connection that a revert runs on; see [`Preferences::warm_up`].
    pub async fn warm_up(&self) {
        self.preferences.warm_up().await;
    }
}

reads_preferences!(Account);
tells_people!(Account);

impl WritePreferences for Account {
    async fn update(&self, read: Version, content: &str) -> Result<Version, WriteError> {
        self.preferences.update(read, content).await
    }

    async fn move_default(&self, version: Version) -> Result<(), WriteError> {
        self.preferences.move_default(version).await
    }

    async fn create(
        &self,
        content: &str,
        tags: &BTreeMap<String, String>,
    ) -> Result<Version, WriteError> {
        self.preferences.create(content, tags).await
    }

    async fn delete(&self) -> Result<(), WriteError> {
        self.preferences.delete().await
    }

    async fn delete_version(&self, version: Version) -> Result<(), WriteError> {
        self.preferences.delete_version(version).await
    }

    async fn unshare(&self, accounts: &[String]) -> Result<(), WriteError> {
        self.preferences.unshare(accounts).await
    }
}

impl KeepParameters for Account {
    async fn put(&self, parameter: Parameter, value: &str) -> Result<u64, PortError> {
        self.parameters.put(parameter, value).await
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use guard_core::facts::{Trail, Window};
    use guard_core::names::{AccountId, Partition, Region};
    use guard_reconcile::ports::{
        Clock, LookUpChanges, Notify, Publish, ReadParameters, ReadPreferences,
    };

    use super::*;
    use crate::config::Environment;

    fn aws(endpoint: &str) -> (Aws, Scope) {
        let region = Region::parse("eu-central-1").unwrap();
        let variables = [
            ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
            ("AWS_SECRET_ACCESS_KEY", "secret"),
            ("AWS_ENDPOINT_URL", endpoint),
        ];
        let environment: Environment = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let aws = Aws::in_function(&region, &environment).unwrap();
        let scope = Scope {
            partition: Partition::parse("aws").unwrap(),
            account: AccountId::parse("123456789012").unwrap(),
            region,
        };
        (aws, scope)
    }

    #[test]
    fn every_permission_is_named_once_as_a_policy_names_it() {
        let actions: Vec<_> = Account::actions().collect();
        let different: BTreeSet<_> = actions.iter().collect();
        assert_eq!((actions.len(), different.len()), (15, 15));
        assert!(actions.iter().all(|action| {
            action.split_once(':').is_some_and(|(service, call)| {
                ["ssm", "cloudtrail", "events", "sns"].contains(&service)
                    && call.starts_with(|c: char| c.is_ascii_uppercase())
            })
        }));
    }

    #[tokio::test(start_paused = true)]
    async fn an_unreachable_account_answers_every_port_with_a_failure() {
        // Nothing listens on the port of a socket that was just closed.
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let (aws, scope) = aws(&endpoint);
        let account = Account::new(&aws, scope, "arn:aws:sns:eu-central-1:123456789012:alerts");
        account.warm_up().await;
        assert!(account.describe().await.is_err());
        assert!(account.delete().await.is_err());
        assert!(account.history(Parameter::Notes).await.is_err());
        let now = account.now();
        assert!(matches!(
            account.look_up(Window { from: now, to: now }).await,
            Trail::Failed { .. }
        ));
        assert!(account.publish(&serde_json::json!({})).await.is_err());
        assert!(account.alert("x", "y").await.is_err());
    }
}
