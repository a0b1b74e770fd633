//! What is asked, and the policies that have a say in it.

use super::Context;
use super::decision::{Layer, StatementRef};
use crate::policy::{PolicyDocument, Statement};

/// One call on one resource. A call on several resources is a request for each.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The action, as `ssm:StartSession`.
    pub action: &'a str,
    /// The resource's ARN, or `*` where the action has none.
    pub resource: &'a str,
    /// The caller's ARN: of a user, role, role session, federated user or of the root user (`…:root`); for a service its
    /// name, for somebody from an identity provider the provider. Only a resource policy looks at it, but for the root
    /// user. Nobody is somebody anonymous.
    pub principal: Option<&'a str>,
    /// What else is known.
    pub context: &'a Context,
}

/// A policy, and what people call it.
#[derive(Debug, Clone, Copy)]
pub struct Attached<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it says.
    pub document: &'a PolicyDocument,
}

/// All policies that have a say. Those that are not known are left out, and the answer is then about the others alone.
#[derive(Debug, Clone, Default)]
pub struct Policies<'a> {
    /// Those of the caller and of its groups.
    pub identity: Vec<Attached<'a>>,
    /// The permissions boundary, if there is one.
    pub boundary: Option<Vec<Attached<'a>>>,
    /// What the session was narrowed to, if it was.
    pub session: Option<Vec<Attached<'a>>>,
    /// Service control policies by level, the organization's root first. A level without any policy lets nothing
    /// through; no level at all is an account without an organization.
    pub scp: Vec<Vec<Attached<'a>>>,
    /// The policy of the resource, if it has one.
    pub resource: Option<Attached<'a>>,
}

impl<'a> Policies<'a> {
    /// The statement that a decision on these policies names.
    pub fn statement(&self, at: StatementRef) -> Option<&'a Statement> {
        let policy = match at.layer {
            Layer::Identity => self.identity.get(at.policy),
            Layer::Boundary => self.boundary.as_ref()?.get(at.policy),
            Layer::Session => self.session.as_ref()?.get(at.policy),
            Layer::Scp { level } => self.scp.get(level)?.get(at.policy),
            Layer::Resource => self.resource.as_ref(),
        };
        policy?.document.statements.as_slice().get(at.statement)
    }
}
