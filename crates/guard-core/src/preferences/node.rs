//! A tree of JSON or YAML values that keeps every key, duplicates too.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::{Defect, FieldPath};

/// One value with everything below it.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// An object: its keys in their order, also those that come twice.
    Object(Vec<(String, Node)>),
}

impl Node {
    /// Reads JSON, and what is not JSON as YAML.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        match serde_json::from_str::<Self>(text) {
            Ok(node) => Ok(node),
            // What begins like a JSON object and is none deserves the JSON reader's message.
            Err(error) if text.trim_start().starts_with('{') => {
                serde_saphyr::from_str(text).map_err(|_| error.to_string())
            }
            Err(_) => serde_saphyr::from_str(text).map_err(|error| one_line(&error.to_string())),
        }
    }

    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }

    /// The first entry of an object under exactly this key.
    pub(super) fn entry(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Object(entries) => entries
                .iter()
                .find(|(found, _)| found == key)
                .map(|(_, node)| node),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::List(_) => None,
        }
    }

    pub(super) fn set(&mut self, key: &str, value: Self) {
        if let Self::Object(entries) = self {
            match entries.iter_mut().find(|(found, _)| found == key) {
                Some((_, old)) => *old = value,
                None => entries.push((key.to_owned(), value)),
            }
        }
    }

    /// A plain value as the text it means: `20` and `"20"`, `true` and `"true"` are one.
    pub(super) fn scalar(&self) -> Option<String> {
        match self {
            Self::Bool(value) => Some(value.to_string()),
            Self::Number(number) => Some(number.to_string()),
            Self::Text(text) => Some(text.clone()),
            Self::Null | Self::List(_) | Self::Object(_) => None,
        }
    }

    pub(super) fn to_json(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::Number(number) => Value::Number(number.clone()),
            Self::Text(text) => Value::String(text.clone()),
            Self::List(items) => Value::Array(items.iter().map(Self::to_json).collect()),
            Self::Object(entries) => {
                let entries = entries
                    .iter()
                    .map(|(key, node)| (key.clone(), node.to_json()));
                Value::Object(entries.collect::<Map<_, _>>())
            }
        }
    }

    pub(super) fn map_texts(&self, replace: &dyn Fn(&str) -> String) -> Self {
        match self {
            Self::Text(text) => Self::Text(replace(text)),
            Self::List(items) => {
                Self::List(items.iter().map(|item| item.map_texts(replace)).collect())
            }
            Self::Object(entries) => {
                let entries = entries
                    .iter()
                    .map(|(key, node)| (key.clone(), node.map_texts(replace)));
                Self::Object(entries.collect())
            }
            Self::Null | Self::Bool(_) | Self::Number(_) => self.clone(),
        }
    }

    /// The bytes of all paths below, each value's written out whole; `above` is the length of the path to here.
    pub(super) fn path_bytes(&self, above: usize) -> usize {
        let below: usize = match self {
            Self::Object(entries) => entries
                .iter()
                .map(|(key, node)| node.path_bytes(above + key.len() + 1))
                .sum(),
            Self::List(items) => items.iter().map(|item| item.path_bytes(above + 3)).sum(),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) => 0,
        };
        above + below
    }

    /// Adds every field below that says something; empty texts, nulls and empty objects say nothing.
    pub(super) fn flatten(&self, path: &FieldPath, fields: &mut Vec<(FieldPath, String)>) {
        match self {
            Self::Object(entries) => {
                for (key, node) in entries {
                    node.flatten(&path.child(key), fields);
                }
            }
            Self::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    item.flatten(&path.item(index), fields);
                }
            }
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) => {
                if let Some(text) = self.scalar().filter(|text| !text.is_empty()) {
                    fields.push((path.clone(), text));
                }
            }
        }
    }
}

pub(super) fn duplicate_keys(node: &Node, path: &FieldPath, defects: &mut Vec<Defect>) {
    match node {
        Node::Object(entries) => {
            let mut earlier = BTreeSet::new();
            for (key, child) in entries {
                if !earlier.insert(key) {
                    defects.push(Defect::DuplicateKey(path.child(key)));
                }
                duplicate_keys(child, &path.child(key), defects);
            }
        }
        Node::List(items) => {
            for (index, item) in items.iter().enumerate() {
                duplicate_keys(item, &path.item(index), defects);
            }
        }
        Node::Null | Node::Bool(_) | Node::Number(_) | Node::Text(_) => {}
    }
}

pub(super) fn case_twins(node: &Node, path: &FieldPath, known: &[&str], defects: &mut Vec<Defect>) {
    let Node::Object(entries) = node else { return };
    // By what they are folded to: a hostile document has thousands of keys, and comparing each with each takes long.
    let mut spelt: BTreeMap<_, _> = known.iter().map(|key| (folded(key), *key)).collect();
    for (key, _) in entries {
        if *spelt.entry(folded(key)).or_insert(key) != key {
            defects.push(Defect::CaseTwin(path.child(key)));
        }
    }
}

/// A key as the agent compares it: its JSON reader takes keys without regard to case, by Unicode's folding, for which
/// `ſ` is an `s` and the Kelvin sign a `k` (Go's `encoding/json`, `Unmarshal`).
pub(super) fn folded(key: &str) -> String {
    key.to_uppercase().to_lowercase()
}

pub(super) fn placeholders(node: &Node, path: &FieldPath, defects: &mut Vec<Defect>) {
    match node {
        Node::Text(text) => {
            if text.contains("{{") {
                defects.push(Defect::Placeholder(path.clone()));
            }
        }
        Node::Object(entries) => {
            for (key, child) in entries {
                placeholders(child, &path.child(key), defects);
            }
        }
        Node::List(items) => {
            for item in items {
                placeholders(item, path, defects);
            }
        }
        Node::Null | Node::Bool(_) | Node::Number(_) => {}
    }
}

fn one_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        // Infinity and not-a-number exist in YAML only; as texts they still differ from everything.
        Ok(Number::from_f64(value).map_or_else(|| Node::Text(value.to_string()), Node::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut nodes = Vec::new();
        while let Some(node) = items.next_element()? {
            nodes.push(node);
        }
        Ok(Node::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let mut nodes = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            nodes.push(entry);
        }
        Ok(Node::Object(nodes))
    }
}
