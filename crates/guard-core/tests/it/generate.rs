//! Inputs of all kinds.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

/// Keys that mean something, keys that nearly do, and keys that try to look like paths.
const KEYS: [&str; 16] = [
    "inputs",
    "Inputs",
    "description",
    "schemaVersion",
    "sessionType",
    "cloudWatchLogGroupName",
    "cloudWatchEncryptionEnabled",
    "cloudwatchencryptionenabled",
    "shellProfile",
    "linux",
    "",
    ".",
    "\\",
    "inputs.linux",
    "inputs\\",
    "0",
];

pub(crate) fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::sample::select(&KEYS[..]).prop_map(str::to_owned),
        1 => "\\PC{0,8}",
    ]
}

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-2_i64..30).prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        prop::sample::select(&["", "true", "20", "x", "x | y", "{{x}}", "1.0"][..])
            .prop_map(|text| json!(text)),
        "\\PC{0,12}".prop_map(Value::from),
    ]
}

/// Any JSON, mostly of small parts that come again.
pub(crate) fn json() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key(), inner), 0..5)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

/// JSON that may have a key twice.
#[derive(Debug, Clone)]
pub(crate) enum Raw {
    Text(String),
    Number(u8),
    List(Vec<Raw>),
    Object(Vec<(String, Raw)>),
}

impl Raw {
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Text(text) => json!(text).to_string(),
            Self::Number(number) => number.to_string(),
            Self::List(items) => {
                let items: Vec<_> = items.iter().map(Self::text).collect();
                format!("[{}]", items.join(","))
            }
            Self::Object(entries) => {
                let entry = |(key, raw): &(String, Self)| format!("{}:{}", json!(key), raw.text());
                let entries: Vec<_> = entries.iter().map(entry).collect();
                format!("{{{}}}", entries.join(","))
            }
        }
    }

    pub(crate) fn has_key_twice(&self) -> bool {
        match self {
            Self::Text(_) | Self::Number(_) => false,
            Self::List(items) => items.iter().any(Self::has_key_twice),
            Self::Object(entries) => {
                let keys: BTreeSet<_> = entries.iter().map(|(key, _)| key).collect();
                keys.len() < entries.len() || entries.iter().any(|(_, raw)| raw.has_key_twice())
            }
        }
    }
}

pub(crate) fn raw_object() -> impl Strategy<Value = Raw> {
    entries(raw()).prop_map(Raw::Object)
}

fn raw() -> impl Strategy<Value = Raw> {
    let leaf = prop_oneof![
        prop::sample::select(&["", "1", "x", "y", "x | y"][..])
            .prop_map(|text| Raw::Text(text.to_owned())),
        (0_u8..3).prop_map(Raw::Number),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Raw::List),
            entries(inner).prop_map(Raw::Object),
        ]
    })
}

fn entries(inner: impl Strategy<Value = Raw>) -> impl Strategy<Value = Vec<(String, Raw)>> {
    // Few keys, so that one often comes twice.
    let key = prop::sample::select(&["a", "b", "", "a.b", "a\\", "inputs"][..]);
    prop::collection::vec((key.prop_map(str::to_owned), inner), 0..4)
}
