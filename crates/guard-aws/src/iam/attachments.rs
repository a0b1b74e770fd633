//! Which managed policies are attached to somebody, and how that is changed.

use std::time::Duration;

use aws_sdk_iam::Client;
use aws_sdk_iam::types::AttachedPolicy;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use guard_core::inventory::BearerKind;
use guard_reconcile::error::{AttachError, PortError};
use guard_reconcile::ports::{ReadAttachments, WriteAttachments};

use super::parts::found;
use crate::config::Aws;
use crate::failure::{Attempt, CallError, chain, code};

/// Longer than a handshake takes, shorter than a function may take to start.
const WARM_UP_TIMEOUT: Duration = Duration::from_secs(2);

/// Attaches managed policies to roles, and detaches them from roles, users and groups.
#[derive(Debug, Clone)]
pub struct Attachments {
    client: Client,
}

impl Attachments {
    /// The permissions that writing needs; reading needs some of those of [`super::Principals::READING`].
    pub const WRITING: &[&str] = &[
        "iam:AttachRolePolicy",
        "iam:DetachGroupPolicy",
        "iam:DetachRolePolicy",
        "iam:DetachUserPolicy",
    ];

    /// IAM of the account that `aws` gives access to.
    pub fn new(aws: &Aws) -> Self {
        Self {
            client: super::client(aws),
        }
    }

    /// Opens the connection, so that its handshake falls into a function's initialisation: asks what is attached to
    /// `role`, and throws the answer away. The first event would meet a failure again, and judge it there.
    pub async fn warm_up(&self, role: &str) {
        let asked = self.attached(BearerKind::Role, role);
        match tokio::time::timeout(WARM_UP_TIMEOUT, asked).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                tracing::warn!(error = chain(&error), "the first call to IAM failed");
            }
            Err(_) => tracing::warn!("the first call to IAM was not answered"),
        }
    }
}

impl ReadAttachments for Attachments {
    async fn attached(
        &self,
        kind: BearerKind,
        name: &str,
    ) -> Result<Option<Vec<String>>, PortError> {
        let attempt = Attempt::to("list the policies attached to", name);
        let Some(policies) = listed(&self.client, &attempt, kind, name).await? else {
            return Ok(None);
        };
        let arns = policies.into_iter().map(|policy| {
            let arn = policy.policy_arn;
            arn.ok_or_else(|| attempt.lacks("AttachedPolicies.PolicyArn"))
        });
        arns.collect::<Result<_, _>>().map(Some)
    }
}

async fn listed(
    client: &Client,
    attempt: &Attempt,
    kind: BearerKind,
    name: &str,
) -> Result<Option<Vec<AttachedPolicy>>, PortError> {
    match kind {
        BearerKind::Role => {
            let call = client.list_attached_role_policies().role_name(name);
            let all: Result<Vec<_>, _> = call.into_paginator().items().send().collect().await;
            found(attempt, all)
        }
        BearerKind::User => {
            let call = client.list_attached_user_policies().user_name(name);
            let all: Result<Vec<_>, _> = call.into_paginator().items().send().collect().await;
            found(attempt, all)
        }
        BearerKind::Group => {
            let call = client.list_attached_group_policies().group_name(name);
            let all: Result<Vec<_>, _> = call.into_paginator().items().send().collect().await;
            found(attempt, all)
        }
    }
}

impl WriteAttachments for Attachments {
    async fn attach(&self, role: &str, policy_arn: &str) -> Result<(), AttachError> {
        let attempt = Attempt::to("attach a policy to the role", role);
        let call = self.client.attach_role_policy().role_name(role);
        let answer = call.policy_arn(policy_arn).send().await;
        written(&attempt, answer)
    }

    async fn detach(
        &self,
        kind: BearerKind,
        name: &str,
        policy_arn: &str,
    ) -> Result<(), AttachError> {
        let attempt = Attempt::to("detach a policy from", name);
        let answered = match kind {
            BearerKind::Role => {
                let call = self.client.detach_role_policy().role_name(name);
                written(&attempt, call.policy_arn(policy_arn).send().await)
            }
            BearerKind::User => {
                let call = self.client.detach_user_policy().user_name(name);
                written(&attempt, call.policy_arn(policy_arn).send().await)
            }
            BearerKind::Group => {
                let call = self.client.detach_group_policy().group_name(name);
                written(&attempt, call.policy_arn(policy_arn).send().await)
            }
        };
        match answered {
            Err(AttachError::Gone) => Ok(()),
            answered => answered,
        }
    }
}

/// By the codes of the IAM API reference, `AttachRolePolicy` and its kin.
fn written<T, E>(attempt: &Attempt, answer: Result<T, CallError<E>>) -> Result<(), AttachError>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    let Err(error) = answer else {
        return Ok(());
    };
    Err(match code(&error) {
        Some("NoSuchEntity") => AttachError::Gone,
        Some("LimitExceeded") => AttachError::Quota,
        Some("UnmodifiableEntity") => AttachError::Immutable,
        Some("ConcurrentModification") => AttachError::Conflict,
        _ => AttachError::Port(attempt.failed(error)),
    })
}

#[cfg(test)]
mod tests;
