//! IAM as the operator may use it.

use std::time::Duration;

use guard_aws::clock::SystemClock;
use guard_aws::config::Aws;
use guard_aws::iam::{Attachments, Principals};
use guard_core::inventory::{BearerKind, Document, Entity};
use guard_reconcile::error::{AttachError, PortError};
use guard_reconcile::ports::{Clock, ReadAttachments, ReadEntities, WriteAttachments};
use jiff::Timestamp;

/// Reads roles, users and groups, and changes what is attached to them.
#[derive(Debug)]
pub(super) struct Iam {
    pub(super) principals: Principals,
    attachments: Attachments,
    clock: SystemClock,
}

impl Iam {
    pub(super) fn new(aws: &Aws) -> Self {
        Self {
            principals: Principals::new(aws),
            attachments: Attachments::new(aws),
            clock: SystemClock,
        }
    }
}

impl Clock for Iam {
    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    async fn pause(&self, time: Duration) {
        self.clock.pause(time).await;
    }
}

impl ReadEntities for Iam {
    async fn entity(&self, kind: BearerKind, name: &str) -> Result<Option<Entity>, PortError> {
        self.principals.entity(kind, name).await
    }

    async fn policy(&self, arn: &str) -> Result<Option<Document>, PortError> {
        self.principals.policy(arn).await
    }
}

impl ReadAttachments for Iam {
    async fn attached(
        &self,
        kind: BearerKind,
        name: &str,
    ) -> Result<Option<Vec<String>>, PortError> {
        self.attachments.attached(kind, name).await
    }
}

impl WriteAttachments for Iam {
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
