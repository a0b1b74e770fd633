//! IAM: who carries which policies.
//!
//! Members and errors after the IAM API reference. Policy documents come percent-encoded; what a document says is the
//! core's to read.

mod advisor;
mod attachments;
mod carriers;
mod details;
mod entities;
mod parts;
mod policies;
mod profiles;

use std::time::Duration;

use aws_sdk_iam::Client;
use aws_sdk_iam::config::Builder;
use aws_sdk_iam::config::timeout::TimeoutConfig;
use guard_core::inventory::{BearerKind, Document, Entity};
use guard_reconcile::error::PortError;
use guard_reconcile::ports::{
    Details, Holder, InstanceProfile, Page, ReadDetails, ReadEntities, ReadHolders, ReadPrincipals,
    ReadProfiles, ReadVersions,
};

use crate::config::Aws;

pub use advisor::Advisor;
pub use attachments::Attachments;
pub use carriers::Carriers;

/// A page of `GetAccountAuthorizationDetails` can hold some megabytes, which take their time.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(20);
/// Three attempts of full length.
const OPERATION_TIMEOUT: Duration = Duration::from_mins(1);

/// Reads roles, users, groups and managed policies.
#[derive(Debug, Clone)]
pub struct Principals {
    client: Client,
}

impl Principals {
    /// The permissions that reading somebody, or a policy, by name needs.
    pub const READING: &[&str] = &[
        "iam:GetGroup",
        "iam:GetGroupPolicy",
        "iam:GetPolicy",
        "iam:GetPolicyVersion",
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:GetUser",
        "iam:GetUserPolicy",
        "iam:ListAttachedGroupPolicies",
        "iam:ListAttachedRolePolicies",
        "iam:ListAttachedUserPolicies",
        "iam:ListGroupPolicies",
        "iam:ListGroupsForUser",
        "iam:ListRolePolicies",
        "iam:ListUserPolicies",
    ];

    /// The permission that finding out who carries a policy needs.
    pub const HOLDERS: &[&str] = &["iam:ListEntitiesForPolicy"];

    /// The permission that finding out who there is needs besides.
    pub const LISTING: &[&str] = &["iam:GetAccountAuthorizationDetails"];

    /// The permission that finding out which roles instances can have needs.
    pub const PROFILES: &[&str] = &["iam:ListInstanceProfiles"];

    /// IAM of the account that `aws` gives access to.
    pub fn new(aws: &Aws) -> Self {
        Self {
            client: client(aws),
        }
    }
}

fn client(aws: &Aws) -> Client {
    let timeouts = TimeoutConfig::builder()
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(OPERATION_TIMEOUT)
        .build();
    let mut config = Builder::from(aws.sdk()).timeout_config(timeouts);
    config.set_endpoint_url(aws.endpoint("IAM"));
    Client::from_conf(config.build())
}

impl ReadEntities for Principals {
    async fn entity(&self, kind: BearerKind, name: &str) -> Result<Option<Entity>, PortError> {
        match kind {
            BearerKind::Role => entities::role(&self.client, name).await,
            BearerKind::User => entities::user(&self.client, name).await,
            BearerKind::Group => entities::group(&self.client, name).await,
        }
    }

    async fn policy(&self, arn: &str) -> Result<Option<Document>, PortError> {
        policies::document(&self.client, arn).await
    }
}

impl ReadVersions for Principals {
    async fn version(
        &self,
        policy_arn: &str,
        version_id: &str,
    ) -> Result<Option<Document>, PortError> {
        policies::version(&self.client, policy_arn, version_id).await
    }
}

impl ReadHolders for Principals {
    async fn holders(
        &self,
        policy_arn: &str,
        after: Option<&str>,
    ) -> Result<Page<Holder>, PortError> {
        policies::holders(&self.client, policy_arn, after).await
    }
}

impl ReadDetails for Principals {
    async fn details(&self, after: Option<&str>) -> Result<Details, PortError> {
        details::page(&self.client, after).await
    }
}

impl ReadPrincipals for Principals {
    async fn members(&self, group: &str, after: Option<&str>) -> Result<Page<String>, PortError> {
        entities::members(&self.client, group, after).await
    }
}

impl ReadProfiles for Principals {
    async fn profiles(&self, after: Option<&str>) -> Result<Page<InstanceProfile>, PortError> {
        profiles::page(&self.client, after).await
    }
}

#[cfg(test)]
mod tests;
