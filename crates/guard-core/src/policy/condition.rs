//! One condition of a statement: an operator, a key, the values.

use serde_json::{Map, Number, Value};

use super::comparand::Comparand;
use super::operator::{Domain, Operator};
use super::template::{Template, folded};
use super::{LanguageVersion, OneOrMany};

/// A value of a condition, as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ConditionValue {
    /// A text.
    Text(String),
    /// `true` or `false` without quotation marks.
    Bool(bool),
    /// A number without quotation marks.
    Number(Number),
}

impl ConditionValue {
    /// The text that is compared: `true`, `"true"` and `20`, `"20"` are one.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Bool(value) => value.to_string(),
            Self::Number(number) => number.to_string(),
        }
    }

    fn comparand(&self, domain: Domain) -> Result<Comparand, &'static str> {
        match (self, domain) {
            // `1.50` has become `1.5` where it stood without quotation marks.
            (Self::Number(number), Domain::Text | Domain::Arn) if number.is_f64() => {
                Err("the number in quotation marks, as it is to be compared")
            }
            (Self::Text(text), _) => Comparand::parse(domain, text),
            (Self::Number(_) | Self::Bool(_), _) => Comparand::parse(domain, &self.text()),
        }
    }

    fn to_value(&self) -> Value {
        match self {
            Self::Text(text) => Value::String(text.clone()),
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(number) => Value::Number(number.clone()),
        }
    }
}

/// One key under one operator. INVARIANT: each value means something to the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    operator: Operator,
    key: String,
    folded: Box<str>,
    values: OneOrMany<ConditionValue>,
    comparands: Box<[Comparand]>,
}

impl Condition {
    /// The condition, or which of the values means nothing to the operator, and what would.
    pub fn new(
        operator: Operator,
        key: String,
        values: OneOrMany<ConditionValue>,
    ) -> Result<Self, (usize, &'static str)> {
        let domain = operator.comparison.domain();
        let parse = |(index, value): (usize, &ConditionValue)| {
            value
                .comparand(domain)
                .map_err(|expected| (index, expected))
        };
        let comparands = values
            .iter()
            .enumerate()
            .map(parse)
            .collect::<Result<_, _>>()?;
        Ok(Self {
            folded: folded(&key),
            operator,
            key,
            values,
            comparands,
        })
    }

    /// How the key's values are compared.
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// The context key, as written; case does not matter.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// What the key's values are compared with.
    pub fn values(&self) -> &OneOrMany<ConditionValue> {
        &self.values
    }

    /// The key as it is looked up.
    pub(crate) fn folded(&self) -> &str {
        &self.folded
    }

    pub(crate) fn comparands(&self) -> &[Comparand] {
        &self.comparands
    }

    /// The first value with a variable that is not written as one.
    pub(super) fn malformed_variable(&self, version: LanguageVersion) -> Option<usize> {
        match version {
            LanguageVersion::V2008 => None,
            LanguageVersion::V2012 => self
                .comparands
                .iter()
                .position(|value| *value.template() == Template::Malformed),
        }
    }
}

/// All conditions of a statement; each must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conditions {
    list: Vec<Condition>,
    /// Operators that stand there without any key: they ask nothing, but they were written.
    idle: Vec<Operator>,
    /// An element without any operator.
    is_empty_element: bool,
}

impl Conditions {
    pub(super) fn read(list: Vec<Condition>, idle: Vec<Operator>) -> Self {
        Self {
            is_empty_element: list.is_empty() && idle.is_empty(),
            list,
            idle,
        }
    }

    /// Each condition in its order.
    pub fn iter(&self) -> std::slice::Iter<'_, Condition> {
        self.list.iter()
    }

    /// Whether there is no condition.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The element, unless there was none.
    pub(super) fn to_value(&self) -> Option<Value> {
        let mut element = Map::new();
        for condition in &self.list {
            let operator = element
                .entry(condition.operator.to_string())
                .or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(keys) = operator {
                let values = condition.values.map_ref(ConditionValue::to_value);
                keys.insert(condition.key.clone(), values.into());
            }
        }
        for operator in &self.idle {
            element.insert(operator.to_string(), Value::Object(Map::new()));
        }
        (!element.is_empty() || self.is_empty_element).then_some(Value::Object(element))
    }
}

impl<'a> IntoIterator for &'a Conditions {
    type Item = &'a Condition;
    type IntoIter = std::slice::Iter<'a, Condition>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
