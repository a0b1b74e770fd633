//! What runs with roles, and what makes them.

use super::Page;
use crate::error::PortError;

/// What hands a role to instances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceProfile {
    /// Its name.
    pub name: String,
    /// Its ARN.
    pub arn: String,
    /// The names of its roles: one, or none yet.
    pub roles: Vec<String>,
}

/// Reads instance profiles.
pub trait ReadProfiles {
    /// A page of those of the account; it begins behind `after`.
    fn profiles(
        &self,
        after: Option<&str>,
    ) -> impl Future<Output = Result<Page<InstanceProfile>, PortError>> + Send;
}

/// A stack of CloudFormation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    /// Its id, which no later stack of the name has.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// Something that a stack made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackResource {
    /// Its type, such as `AWS::IAM::Role`.
    pub kind: String,
    /// What the service itself calls it; `None` before it is made.
    pub id: Option<String>,
}

/// Reads the stacks of one Region.
pub trait ReadStacks {
    /// A page of them, deleted ones left out; it begins behind `after`.
    fn stacks(
        &self,
        after: Option<&str>,
    ) -> impl Future<Output = Result<Page<Stack>, PortError>> + Send;

    /// The template, once its transforms were applied; `None` when the stack is gone.
    fn template(
        &self,
        stack: &Stack,
    ) -> impl Future<Output = Result<Option<String>, PortError>> + Send;

    /// A page of what it made; it begins behind `after`.
    fn resources(
        &self,
        stack: &Stack,
        after: Option<&str>,
    ) -> impl Future<Output = Result<Page<StackResource>, PortError>> + Send;
}
