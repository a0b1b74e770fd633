//! Policies and a request, as JSON and plain texts, and how they are put to the engine.

use std::collections::BTreeMap;
use std::fmt;

use guard_core::access::{
    Attached, Context, Decision, Layer, Policies, Request, StatementRef, decide,
};
use guard_core::policy::{Kind, PolicyDocument};
use serde_json::{Value, json};

use super::caller::Caller;
use super::statement::list;

/// All policies that have a say.
#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    pub(crate) identity: Vec<Value>,
    pub(crate) boundary: Option<Vec<Value>>,
    pub(crate) session: Option<Vec<Value>>,
    pub(crate) scp: Vec<Vec<Value>>,
    pub(crate) resource: Option<Value>,
}

/// A request whose context is known completely, its keys in lower case.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) action: String,
    pub(crate) resource: String,
    pub(crate) principal: Option<String>,
    pub(crate) context: BTreeMap<String, Vec<String>>,
}

impl fmt::Display for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            identity,
            boundary,
            session,
            scp,
            resource,
        } = self;
        let whole = json!({
            "identity": identity, "boundary": boundary, "session": session, "scp": scp, "resource": resource,
        });
        write!(f, "{whole:#}")
    }
}

impl World {
    pub(super) fn statement(&self, at: StatementRef) -> &Value {
        let policy = match at.layer {
            Layer::Identity => &self.identity[at.policy],
            Layer::Boundary => &self.boundary.as_ref().unwrap()[at.policy],
            Layer::Session => &self.session.as_ref().unwrap()[at.policy],
            Layer::Scp { level } => &self.scp[level][at.policy],
            Layer::Resource => self.resource.as_ref().unwrap(),
        };
        &list(&policy["Statement"])[at.statement]
    }

    /// The same with only some of the statements.
    pub(super) fn only(&self, is_kept: impl Fn(StatementRef) -> bool) -> Self {
        let one = |layer, policy: usize, document: &Value| {
            let mut kept = document.clone();
            let statements = list(&document["Statement"]).iter().enumerate();
            let statements = statements.filter(|(statement, _)| {
                is_kept(StatementRef {
                    layer,
                    policy,
                    statement: *statement,
                })
            });
            kept["Statement"] = statements.map(|(_, statement)| statement.clone()).collect();
            kept
        };
        let all = |layer, policies: &Vec<Value>| -> Vec<Value> {
            let policies = policies.iter().enumerate();
            policies
                .map(|(policy, document)| one(layer, policy, document))
                .collect()
        };
        let scp = self.scp.iter().enumerate();
        Self {
            identity: all(Layer::Identity, &self.identity),
            boundary: self
                .boundary
                .as_ref()
                .map(|policies| all(Layer::Boundary, policies)),
            session: self
                .session
                .as_ref()
                .map(|policies| all(Layer::Session, policies)),
            scp: scp
                .map(|(level, policies)| all(Layer::Scp { level }, policies))
                .collect(),
            resource: self
                .resource
                .as_ref()
                .map(|document| one(Layer::Resource, 0, document)),
        }
    }
}

impl Ask {
    /// Whether the resource is in another account than the caller.
    pub(super) fn is_abroad(&self, caller: &Caller) -> bool {
        let Some(own) = caller.account() else {
            return false;
        };
        let account = match self.resource.split(':').nth(4) {
            Some(account) if !account.is_empty() => Some(account),
            _ => match self.context.get("aws:resourceaccount").map(Vec::as_slice) {
                Some([account]) => Some(account.as_str()),
                _ => None,
            },
        };
        account.is_some_and(|account| account != own)
    }

    pub(super) fn is_about_key_or_trust(&self) -> bool {
        let is_of = |service: &str| self.resource.starts_with(&format!("arn:aws:{service}:"));
        is_of("kms") || (is_of("iam") && self.action.to_lowercase().starts_with("sts:"))
    }
}

/// The documents of a world, read by the reader.
pub(super) struct Read {
    identity: Vec<PolicyDocument>,
    boundary: Option<Vec<PolicyDocument>>,
    session: Option<Vec<PolicyDocument>>,
    scp: Vec<Vec<PolicyDocument>>,
    resource: Option<PolicyDocument>,
}

impl World {
    pub(super) fn read(&self) -> Read {
        Read {
            identity: all(&self.identity),
            boundary: self.boundary.as_deref().map(all),
            session: self.session.as_deref().map(all),
            scp: self.scp.iter().map(|level| all(level)).collect(),
            resource: self
                .resource
                .as_ref()
                .map(|policy| document(policy, Kind::Resource)),
        }
    }
}

fn all(policies: &[Value]) -> Vec<PolicyDocument> {
    policies
        .iter()
        .map(|policy| document(policy, Kind::Identity))
        .collect()
}

fn document(policy: &Value, kind: Kind) -> PolicyDocument {
    let document = PolicyDocument::read(&policy.to_string());
    let document = document.unwrap_or_else(|error| panic!("{error}: {policy}"));
    document
        .check(kind)
        .unwrap_or_else(|error| panic!("{error}: {policy}"));
    assert_eq!(document.to_value(), *policy);
    document
}

impl Read {
    pub(super) fn decide(&self, ask: &Ask, unknown: &[&str]) -> Decision {
        let mut context = Context::new();
        for (key, values) in &ask.context {
            context.set_all(key, values);
        }
        for key in unknown {
            context.set_unknown(*key);
        }
        let request = Request {
            action: &ask.action,
            resource: &ask.resource,
            principal: ask.principal.as_deref(),
            context: &context,
        };
        decide(&self.policies(), &request)
    }

    pub(super) fn policies(&self) -> Policies<'_> {
        Policies {
            identity: attached(&self.identity),
            boundary: self.boundary.as_deref().map(attached),
            session: self.session.as_deref().map(attached),
            scp: self.scp.iter().map(|level| attached(level)).collect(),
            resource: self.resource.as_ref().map(one),
        }
    }
}

fn attached(documents: &[PolicyDocument]) -> Vec<Attached<'_>> {
    documents.iter().map(one).collect()
}

fn one(document: &PolicyDocument) -> Attached<'_> {
    Attached {
        name: "generated",
        document,
    }
}
