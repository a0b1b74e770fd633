//! The form of a case: policies, and what is asked of them.

use std::collections::BTreeMap;

use guard_core::access::{Attached, Context, Decision, Layer, Outcome, Policies, Request};
use guard_core::policy::{Kind, PolicyDocument};
use serde::Deserialize;
use serde_json::Value;

/// One case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    /// The point of the case, as a sentence.
    pub(crate) says: String,
    pub(crate) policies: PoliciesForm,
    pub(crate) asks: Vec<Ask>,
}

/// The policies, by layer.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PoliciesForm {
    #[serde(default)]
    pub(crate) identity: Vec<Value>,
    pub(crate) boundary: Option<Vec<Value>>,
    pub(crate) session: Option<Vec<Value>>,
    #[serde(default)]
    pub(crate) scp: Vec<Vec<Value>>,
    pub(crate) resource: Option<Value>,
    /// A role's trust policy, which is its resource policy.
    pub(crate) trust: Option<Value>,
}

/// A request, and what must become of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ask {
    /// The point of the request, where the numbers do not show it.
    #[serde(default)]
    pub(crate) says: String,
    pub(crate) action: String,
    #[serde(default = "everything")]
    pub(crate) resource: String,
    pub(crate) principal: Option<String>,
    #[serde(default)]
    pub(crate) context: BTreeMap<String, Values>,
    /// Keys that are not known.
    #[serde(default)]
    pub(crate) unknown: Vec<String>,
    /// The outcome, and after a colon the keys that a conditional one depends on.
    pub(crate) outcome: String,
    /// The statements that decide, as `identity[0][1]`: layer, policy, statement.
    #[serde(default)]
    pub(crate) because: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Values {
    One(String),
    Many(Vec<String>),
}

fn everything() -> String {
    "*".to_owned()
}

/// The documents of a case, read.
#[derive(Debug)]
pub(crate) struct Documents {
    identity: Vec<PolicyDocument>,
    boundary: Option<Vec<PolicyDocument>>,
    session: Option<Vec<PolicyDocument>>,
    scp: Vec<Vec<PolicyDocument>>,
    resource: Option<PolicyDocument>,
}

impl PoliciesForm {
    /// Reads every document; each must be one of its kind, and must be written as it was read.
    pub(crate) fn read(&self) -> Documents {
        let trust = self.trust.as_ref();
        let resource = self.resource.as_ref();
        Documents {
            identity: all(&self.identity),
            boundary: self.boundary.as_deref().map(all),
            session: self.session.as_deref().map(all),
            scp: self.scp.iter().map(|level| all(level)).collect(),
            resource: resource
                .map(|value| document(value, Kind::Resource))
                .or_else(|| trust.map(|value| document(value, Kind::Trust))),
        }
    }
}

fn all(values: &[Value]) -> Vec<PolicyDocument> {
    let values = values.iter();
    values
        .map(|value| document(value, Kind::Identity))
        .collect()
}

fn document(value: &Value, kind: Kind) -> PolicyDocument {
    let document = PolicyDocument::from_value(value);
    let document = document.unwrap_or_else(|error| panic!("{error}: {value}"));
    document
        .check(kind)
        .unwrap_or_else(|error| panic!("{error}: {value}"));
    assert_eq!(document.to_value(), *value);
    document
}

impl Documents {
    pub(crate) fn policies(&self) -> Policies<'_> {
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
        name: "policy",
        document,
    }
}

impl Ask {
    pub(crate) fn context(&self) -> Context {
        let mut context = Context::new();
        for (key, values) in &self.context {
            match values {
                Values::One(value) => context.set(key, value),
                Values::Many(values) => context.set_all(key, values),
            };
        }
        for key in &self.unknown {
            context.set_unknown(key);
        }
        context
    }

    pub(crate) fn request<'a>(&'a self, context: &'a Context) -> Request<'a> {
        Request {
            action: &self.action,
            resource: &self.resource,
            principal: self.principal.as_deref(),
            context,
        }
    }
}

/// An outcome as a case writes it.
pub(crate) fn outcome(decision: &Decision) -> String {
    let word = match decision.outcome {
        Outcome::Allowed => "allowed",
        Outcome::ExplicitlyDenied => "explicitly denied",
        Outcome::ImplicitlyDenied => "implicitly denied",
        Outcome::Conditional => "conditional",
    };
    if decision.on.is_empty() {
        word.to_owned()
    } else {
        format!("{word}: {}", decision.on.join(", "))
    }
}

/// The statements as a case writes them.
pub(crate) fn because(decision: &Decision) -> Vec<String> {
    let statements = decision.because.iter();
    let statements = statements.map(|at| match at.layer {
        Layer::Identity => format!("identity[{}][{}]", at.policy, at.statement),
        Layer::Boundary => format!("boundary[{}][{}]", at.policy, at.statement),
        Layer::Session => format!("session[{}][{}]", at.policy, at.statement),
        Layer::Scp { level } => format!("scp[{level}][{}][{}]", at.policy, at.statement),
        Layer::Resource => format!("resource[{}]", at.statement),
    });
    statements.collect()
}
