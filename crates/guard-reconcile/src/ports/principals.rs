//! What rules need of IAM.

use guard_core::inventory::{BearerKind, Document, Entity, List, ManagedPolicy};
use guard_core::roles::BearerName;

use super::Page;
use crate::error::PortError;

/// A page of everything that carries policies in an account, and of the policies.
#[derive(Debug, Clone, PartialEq)]
pub struct Details {
    /// Roles, users and groups.
    pub entities: Vec<Entity>,
    /// Managed policies.
    pub policies: Vec<ManagedPolicy>,
    /// The lists that the page has, be they empty: of what is on no page's list nothing is known.
    pub lists: Vec<List>,
    /// What to ask for the next page with; `None` behind the last.
    pub next: Option<String>,
}

/// A role, user or group to which a managed policy is attached, or whose boundary it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// What it is, and its name.
    pub bearer: BearerName,
    /// The id, which nobody else ever gets.
    pub id: String,
}

/// Reads roles, users, groups and managed policies one by one.
pub trait ReadEntities {
    /// One role, user or group; `None` when there is none of that name.
    fn entity(
        &self,
        kind: BearerKind,
        name: &str,
    ) -> impl Future<Output = Result<Option<Entity>, PortError>> + Send;

    /// What the default version of a managed policy says; `None` when there is no such policy.
    fn policy(&self, arn: &str)
    -> impl Future<Output = Result<Option<Document>, PortError>> + Send;
}

/// Reads versions of managed policies, whether or not they are the default one.
pub trait ReadVersions {
    /// What a version says, which never changes; `None` when there is no such policy or version.
    fn version(
        &self,
        policy_arn: &str,
        version_id: &str,
    ) -> impl Future<Output = Result<Option<Document>, PortError>> + Send;
}

/// Reads who carries a managed policy.
pub trait ReadHolders {
    /// A page of those to whom a managed policy is attached, and of those whose boundary it is; empty when there is no
    /// such policy.
    fn holders(
        &self,
        policy_arn: &str,
        after: Option<&str>,
    ) -> impl Future<Output = Result<Page<Holder>, PortError>> + Send;
}

/// Reads the whole account.
pub trait ReadDetails {
    /// A page of the whole account; it begins behind `after`.
    fn details(
        &self,
        after: Option<&str>,
    ) -> impl Future<Output = Result<Details, PortError>> + Send;
}

/// Reads who there is.
pub trait ReadPrincipals: ReadEntities + ReadDetails + ReadHolders {
    /// A page of the names of the users in a group; empty when there is no such group.
    fn members(
        &self,
        group: &str,
        after: Option<&str>,
    ) -> impl Future<Output = Result<Page<String>, PortError>> + Send;
}
