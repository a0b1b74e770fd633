//! What two documents have in common: meaning, its hash, and the fields that differ.

use guard_core::preferences::{Preferences, drift, fields_that_differ};
use proptest::prelude::*;
use serde_json::{Map, Value};

use crate::generate::{self, Raw};

fn document() -> impl Strategy<Value = Preferences> {
    generate::raw_object().prop_map(|raw| Preferences::parse(&raw.text()).unwrap())
}

/// The same in other words: keys in another order, numbers and flags as texts, nothing instead of nothing.
fn respelt(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut other = Map::new();
            for (key, member) in members.iter().rev() {
                other.insert(key.clone(), respelt(member));
            }
            other.insert("nothing".to_owned(), Value::Null);
            Value::Object(other)
        }
        Value::Array(items) => items.iter().map(respelt).collect(),
        Value::Number(number) => Value::String(number.to_string()),
        Value::Bool(flag) => Value::String(flag.to_string()),
        Value::Null => Value::String(String::new()),
        Value::String(text) if text.is_empty() => Value::Null,
        Value::String(text) => Value::String(text.clone()),
    }
}

proptest! {
    #[test]
    fn meaning_is_an_equivalence_and_has_a_hash(
        one in document(), other in document(), third in document(),
    ) {
        prop_assert!(one.means_the_same_as(&one));
        for (one, other) in [(&one, &other), (&other, &third), (&third, &one)] {
            let is_same = one.means_the_same_as(other);
            prop_assert_eq!(is_same, other.means_the_same_as(one));
            prop_assert_eq!(is_same, one.meaning_hash() == other.meaning_hash());
        }
    }

    #[test]
    fn nothing_differs_exactly_where_the_meaning_is_the_same(one in document(), other in document()) {
        let is_same = one.means_the_same_as(&other);
        prop_assert_eq!(drift(&one, &other).is_empty(), is_same);
        prop_assert_eq!(fields_that_differ(&one, &other).is_empty(), is_same);
        let fields: Vec<_> = drift(&one, &other).into_iter().map(|drift| drift.field).collect();
        prop_assert_eq!(fields, fields_that_differ(&other, &one));
    }

    #[test]
    fn spelling_is_no_difference(value in generate::json()) {
        let mut value = value;
        if let Some(members) = value.as_object_mut() {
            members.remove("nothing");
            let one = Preferences::parse(&value.to_string()).unwrap();
            let other = Preferences::parse(&respelt(&value).to_string()).unwrap();
            prop_assert!(one.means_the_same_as(&other), "{:?}", drift(&one, &other));
        }
    }

    #[test]
    fn what_is_written_is_what_was_read(value in generate::json()) {
        if value.is_object() {
            let read = Preferences::parse(&value.to_string()).unwrap();
            prop_assert_eq!(Preferences::parse(&read.to_json()).unwrap(), read.clone());
            prop_assert_eq!(Preferences::parse(&read.to_pretty_json()).unwrap(), read);
        }
    }

    #[test]
    fn another_place_is_another_meaning(key in generate::key(), other in generate::key()) {
        let said = Raw::Text("x".to_owned());
        let nested = |outer: &str, inner: &str| {
            let inner = Raw::Object(vec![(inner.to_owned(), said.clone())]);
            Preferences::parse(&Raw::Object(vec![(outer.to_owned(), inner)]).text()).unwrap()
        };
        let flat = |key: &str| {
            Preferences::parse(&Raw::Object(vec![(key.to_owned(), said.clone())]).text()).unwrap()
        };
        prop_assert_eq!(nested(&key, &other).means_the_same_as(&nested(&other, &key)), key == other);
        prop_assert!(!nested(&key, &other).means_the_same_as(&flat(&key)));
        prop_assert!(!nested(&key, &other).means_the_same_as(&flat(&other)));
        let joined = [key.as_str(), other.as_str()].join(".");
        prop_assert!(!nested(&key, &other).means_the_same_as(&flat(&joined)));
    }

    #[test]
    fn a_key_twice_is_a_defect(raw in generate::raw_object()) {
        let document = Preferences::parse(&raw.text()).unwrap();
        if raw.has_key_twice() {
            prop_assert!(!document.defects().is_empty());
        }
    }
}
