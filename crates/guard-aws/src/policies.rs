//! One account, with everything that the guard of forbidden policies asks of it.

use std::time::Duration;

use guard_core::inventory::{BearerKind, Document, Entity};
use guard_reconcile::error::{AttachError, PortError};
use guard_reconcile::ports::{Clock, Notify, ReadAttachments, ReadEntities, WriteAttachments};
use jiff::Timestamp;

use crate::clock::SystemClock;
use crate::config::Aws;
use crate::eventbridge::Bus;
use crate::iam::{Attachments, Principals};
use crate::sns::Topic;

/// Every port of the guard of forbidden policies, on AWS.
#[derive(Debug)]
pub struct Policies {
    principals: Principals,
    attachments: Attachments,
    bus: Bus,
    topic: Topic,
    clock: SystemClock,
}

impl Policies {
    /// The account that `aws` gives access to; alerts go to the topic.
    pub fn new(aws: &Aws, topic_arn: &str) -> Self {
        Self {
            principals: Principals::new(aws),
            attachments: Attachments::new(aws),
            bus: Bus::new(aws),
            topic: Topic::new(aws, topic_arn),
            clock: SystemClock,
        }
    }

    /// Every permission that any of the ports needs.
    pub fn actions() -> impl Iterator<Item = &'static str> {
        let lists = [
            Principals::READING,
            Attachments::WRITING,
            Bus::ACTIONS,
            Topic::ACTIONS,
        ];
        lists.into_iter().flatten().copied()
    }

    /// Opens the connection to IAM; see [`Attachments::warm_up`].
    pub async fn warm_up(&self, role: &str) {
        self.attachments.warm_up(role).await;
    }
}

impl Clock for Policies {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    async fn pause(&self, time: Duration) {
        self.clock.pause(time).await;
    }
}

impl ReadEntities for Policies {
    async fn entity(&self, kind: BearerKind, name: &str) -> Result<Option<Entity>, PortError> {
        self.principals.entity(kind, name).await
    }

    async fn policy(&self, arn: &str) -> Result<Option<Document>, PortError> {
        self.principals.policy(arn).await
    }
}

impl ReadAttachments for Policies {
    async fn attached(
        &self,
        kind: BearerKind,
        name: &str,
    ) -> Result<Option<Vec<String>>, PortError> {
        self.attachments.attached(kind, name).await
    }
}

impl WriteAttachments for Policies {
    async fn attach(&self, role: &str, policy_arn: &str) -> Result<(), AttachError> {
        self.attachments.attach(role, policy_arn).await
    }

    async fn detach(
        &self,
        kind: BearerKind,
        name: &str,
        policy_arn: &str,
    ) -> Result<(), AttachError> {
        self.attachments.detach(kind, name, policy_arn).await
    }
}

impl Notify for Policies {
    async fn publish(&self, report: &serde_json::Value) -> Result<(), PortError> {
        self.bus.publish(report).await
    }

    async fn alert(&self, subject: &str, text: &str) -> Result<(), PortError> {
        self.topic.alert(subject, text).await
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_is_changed_is_attached_to_roles_or_detached() {
        let actions: Vec<_> = Policies::actions().collect();
        let different: BTreeSet<_> = actions.iter().collect();
        assert_eq!(actions.len(), different.len());
        let changing = actions.into_iter().filter(|action| {
            let (_, call) = action.split_once(':').unwrap();
            !["Get", "List"].iter().any(|verb| call.starts_with(verb))
        });
        let expected = [
            "iam:AttachRolePolicy",
            "iam:DetachGroupPolicy",
            "iam:DetachRolePolicy",
            "iam:DetachUserPolicy",
            "events:PutEvents",
            "sns:Publish",
        ];
        assert_eq!(changing.collect::<Vec<_>>(), expected);
    }
}
