//! Statements of policies in the making, in the order in which people read them.

use serde_json::{Map, Value, json};

/// One statement.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    sid: String,
    effect: &'static str,
    principal: Option<Value>,
    actions: Vec<String>,
    resources: Vec<String>,
    conditions: Vec<(&'static str, String, Vec<String>)>,
}

impl Draft {
    pub(super) fn allow(sid: &str, actions: &[&str]) -> Self {
        Self::new("Allow", sid, actions)
    }

    pub(super) fn deny(sid: &str, actions: &[&str]) -> Self {
        Self::new("Deny", sid, actions)
    }

    fn new(effect: &'static str, sid: &str, actions: &[&str]) -> Self {
        Self {
            sid: sid.to_owned(),
            effect,
            principal: None,
            actions: actions.iter().map(|it| (*it).to_owned()).collect(),
            resources: Vec::new(),
            conditions: Vec::new(),
        }
    }

    pub(super) fn named(mut self, sid: &str) -> Self {
        sid.clone_into(&mut self.sid);
        self
    }

    /// For a policy that is attached to a resource.
    pub(super) fn for_principal(mut self, principal: Value) -> Self {
        self.principal = Some(principal);
        self
    }

    pub(super) fn on(mut self, resources: impl IntoIterator<Item = String>) -> Self {
        self.resources.extend(resources);
        self
    }

    pub(super) fn on_everything(self) -> Self {
        self.on(["*".to_owned()])
    }

    /// A condition; all of a statement must hold, and of its values one (with a negated operator: none).
    pub(super) fn when(
        mut self,
        operator: &'static str,
        key: &str,
        values: impl IntoIterator<Item = String>,
    ) -> Self {
        let values = values.into_iter().collect();
        self.conditions.push((operator, key.to_owned(), values));
        self
    }

    pub(super) fn to_value(&self) -> Value {
        let mut statement = Map::new();
        statement.insert("Sid".to_owned(), json!(self.sid));
        statement.insert("Effect".to_owned(), json!(self.effect));
        if let Some(principal) = &self.principal {
            statement.insert("Principal".to_owned(), principal.clone());
        }
        statement.insert("Action".to_owned(), one_or_many(&self.actions));
        statement.insert("Resource".to_owned(), one_or_many(&self.resources));
        if !self.conditions.is_empty() {
            statement.insert("Condition".to_owned(), self.condition());
        }
        Value::Object(statement)
    }

    fn condition(&self) -> Value {
        let mut operators = Map::new();
        for (operator, key, values) in &self.conditions {
            let keys = operators
                .entry((*operator).to_owned())
                .or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(keys) = keys {
                keys.insert(key.clone(), one_or_many(values));
            }
        }
        Value::Object(operators)
    }
}

fn one_or_many(values: &[String]) -> Value {
    match values {
        [value] => json!(value),
        values => json!(values),
    }
}

/// A policy of these statements.
pub(super) fn document(statements: &[Draft]) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": statements.iter().map(Draft::to_value).collect::<Vec<_>>(),
    })
}
