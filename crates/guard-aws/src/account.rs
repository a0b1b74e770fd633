//! One account in one Region, with everything a reconciliation asks of it.

use std::collections::BTreeMap;
use std::time::Duration;

use guard_core::facts::{Described, ListedVersion, StoredParameter, Trail, Window};
use guard_core::names::{Scope, Version};
use guard_reconcile::error::{PortError, WriteError};
use guard_reconcile::ports::{
    Clock, KeepParameters, LookUpChanges, Notify, Parameter, ReadPreferences, WritePreferences,
};
use jiff::Timestamp;

use crate::clock::SystemClock;
use crate::cloudtrail::EventHistory;
use crate::config::Aws;
use crate::eventbridge::Bus;
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
        let lists =
            [Preferences::ACTIONS, Parameters::ACTIONS, EventHistory::ACTIONS, Bus::ACTIONS, Topic::ACTIONS];
        lists.into_iter().flatten().copied()
    }

    /// Opens the connection that a revert runs on; see [`Preferences::warm_up`].
    pub async fn warm_up(&self) {
        self.preferences.warm_up().await;
    }
}

impl ReadPreferences for Account {
    async fn describe(&self) -> Result<Option<Described>, PortError> {
        self.preferences.describe().await
    }

    async fn hash(&self, version: Version) -> Result<Option<String>, PortError> {
        self.preferences.hash(version).await
    }

    async fn content(&self, version: Version) -> Result<Option<String>, PortError> {
        self.preferences.content(version).await
    }

    async fn versions(&self) -> Result<Vec<ListedVersion>, PortError> {
        self.preferences.versions().await
    }

    async fn shared_with(&self) -> Result<Vec<String>, PortError> {
        self.preferences.shared_with().await
    }

    async fn is_active(&self, version: Version) -> Result<bool, PortError> {
        self.preferences.is_active(version).await
    }
}

impl WritePreferences for Account {
    async fn update(&self, read: Version, content: &str) -> Result<Version, WriteError> {
        self.preferences.update(read, content).await
    }

    async fn move_default(&self, version: Version) -> Result<(), WriteError> {
        self.preferences.move_default(version).await
    }

    async fn create(&self, content: &str, tags: &BTreeMap<String, String>) -> Result<Version, WriteError> {
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
    async fn history(&self, parameter: Parameter) -> Result<Vec<StoredParameter>, PortError> {
        self.parameters.history(parameter).await
    }

    async fn put(&self, parameter: Parameter, value: &str) -> Result<u64, PortError> {
        self.parameters.put(parameter, value).await
    }
}

impl LookUpChanges for Account {
    async fn look_up(&self, window: Window) -> Trail {
        self.history.look_up(window).await
    }
}

impl Notify for Account {
    async fn publish(&self, report: &serde_json::Value) -> Result<(), PortError> {
        self.bus.publish(report).await
    }

    async fn alert(&self, subject: &str, text: &str) -> Result<(), PortError> {
        self.topic.alert(subject, text).await
    }
}

impl Clock for Account {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    async fn pause(&self, time: Duration) {
        self.clock.pause(time).await;
    }
}
