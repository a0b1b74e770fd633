//! One account, with everything that the guard of forbidden policies asks of it.

use guard_core::inventory::Document;
use guard_reconcile::error::PortError;
use guard_reconcile::ports::ReadVersions;

use crate::clock::SystemClock;
use crate::config::Aws;
use crate::eventbridge::Bus;
use crate::iam::{Attachments, Principals};
use crate::sight::{changes_attachments, tells_people};
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

impl ReadVersions for Policies {
    async fn version(
        &self,
        policy_arn: &str,
        version_id: &str,
    ) -> Result<Option<Document>, PortError> {
        self.principals.version(policy_arn, version_id).await
    }
}

changes_attachments!(Policies);
tells_people!(Policies);

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
