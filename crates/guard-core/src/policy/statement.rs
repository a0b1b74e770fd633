//! One statement: what is allowed or denied, on what, under which conditions.

use serde_json::{Map, Value};

use super::glob::Glob;
use super::principal::PrincipalElement;
use super::template::Template;
use super::{Conditions, OneOrMany};

/// One statement of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The name that its author gave it.
    pub sid: Option<String>,
    /// What it does.
    pub effect: Effect,
    /// Whom it is about; only in resource and trust policies.
    pub principal: Option<PrincipalElement>,
    /// Which calls it is about.
    pub action: ActionElement,
    /// Which resources it is about; none only where the policy hangs on the resource itself.
    pub resource: Option<ResourceElement>,
    /// When it applies.
    pub conditions: Conditions,
}

/// What a statement does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Lets a call through that nothing denies.
    Allow,
    /// Stops a call, whatever allows it.
    Deny,
}

/// Whether an element names what it is about, or what it is not about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sense {
    /// `Action`, `Resource`, `Principal`.
    Listed,
    /// `NotAction`, `NotResource`, `NotPrincipal`.
    NotListed,
}

/// `Action` or `NotAction`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionElement {
    /// Which of the two.
    pub sense: Sense,
    /// What is listed.
    pub patterns: OneOrMany<ActionPattern>,
}

/// `Resource` or `NotResource`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceElement {
    /// Which of the two.
    pub sense: Sense,
    /// What is listed.
    pub patterns: OneOrMany<ResourcePattern>,
}

/// An action with wildcards; case does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ActionPattern(Glob);

impl ActionPattern {
    /// The pattern that `text` is.
    pub fn new(text: &str) -> Self {
        Self(Glob::new(text))
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether it takes `action` in.
    pub fn matches(&self, action: &str) -> bool {
        self.0.matches_in_any_case(action)
    }
}

/// An ARN with wildcards and variables; case matters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ResourcePattern {
    glob: Glob,
    template: Template,
}

impl ResourcePattern {
    /// The pattern that `text` is.
    pub fn new(text: &str) -> Self {
        Self {
            glob: Glob::new(text),
            template: Template::of(text),
        }
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        self.glob.as_str()
    }

    /// The text as it matches where variables are literal.
    pub(crate) fn glob(&self) -> &Glob {
        &self.glob
    }

    pub(crate) fn template(&self) -> &Template {
        &self.template
    }
}

impl ActionElement {
    pub(super) fn name(&self) -> &'static str {
        match self.sense {
            Sense::Listed => "Action",
            Sense::NotListed => "NotAction",
        }
    }
}

impl ResourceElement {
    pub(super) fn name(&self) -> &'static str {
        match self.sense {
            Sense::Listed => "Resource",
            Sense::NotListed => "NotResource",
        }
    }
}

impl Effect {
    /// As it is written.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "Allow",
            Self::Deny => "Deny",
        }
    }
}

impl Statement {
    pub(super) fn to_value(&self) -> Value {
        let mut members = Map::new();
        if let Some(sid) = &self.sid {
            members.insert("Sid".to_owned(), sid.clone().into());
        }
        members.insert("Effect".to_owned(), self.effect.as_str().into());
        if let Some(principal) = &self.principal {
            members.insert(principal.name().to_owned(), principal.to_value());
        }
        let patterns = self.action.patterns.map_ref(|one| one.as_str().into());
        members.insert(self.action.name().to_owned(), patterns.into());
        if let Some(resource) = &self.resource {
            let patterns = resource.patterns.map_ref(|one| one.as_str().into());
            members.insert(resource.name().to_owned(), patterns.into());
        }
        if let Some(conditions) = self.conditions.to_value() {
            members.insert("Condition".to_owned(), conditions);
        }
        Value::Object(members)
    }
}
