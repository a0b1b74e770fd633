//! What is known of a request beside caller, action and resource.

use std::collections::BTreeMap;

use crate::policy::folded;

/// The context keys of a request. Case does not matter in a key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    keys: BTreeMap<Box<str>, Entry>,
    unlisted: Unlisted,
}

/// What holds of a key that was never set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Unlisted {
    #[default]
    Absent,
    Unknown,
}

/// One key.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    /// As whoever set it spells it.
    key: String,
    state: State,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Known(Vec<String>),
    Unknown,
    Absent,
}

/// What is known of one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// The request does not have it.
    Absent,
    /// Its values; most keys have one.
    Known(&'a [String]),
    /// It may be absent or have any value.
    Unknown,
}

impl Context {
    /// A context without any key.
    pub fn new() -> Self {
        Self::default()
    }

    /// A context in which every key is unknown until it is set.
    pub fn unknown() -> Self {
        Self {
            keys: BTreeMap::new(),
            unlisted: Unlisted::Unknown,
        }
    }

    /// Gives a key one value.
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<String>) -> &mut Self {
        self.insert(key.into(), State::Known(vec![value.into()]))
    }

    /// Gives a key these values; without any the key is as good as absent.
    pub fn set_all(
        &mut self,
        key: impl Into<String>,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> &mut Self {
        let values = values.into_iter().map(Into::into).collect();
        self.insert(key.into(), State::Known(values))
    }

    /// Leaves open whether the key is there and what it says.
    pub fn set_unknown(&mut self, key: impl Into<String>) -> &mut Self {
        self.insert(key.into(), State::Unknown)
    }

    /// Says that the request does not have the key.
    pub fn set_absent(&mut self, key: impl Into<String>) -> &mut Self {
        self.insert(key.into(), State::Absent)
    }

    /// What is known of a key.
    pub fn value(&self, key: &str) -> Value<'_> {
        self.folded_value(&folded(key))
    }

    /// The same, of a key that is folded already.
    pub(crate) fn folded_value(&self, folded: &str) -> Value<'_> {
        match (self.keys.get(folded), self.unlisted) {
            (Some(entry), _) => match &entry.state {
                State::Known(values) => Value::Known(values),
                State::Unknown => Value::Unknown,
                State::Absent => Value::Absent,
            },
            (None, Unlisted::Absent) => Value::Absent,
            (None, Unlisted::Unknown) => Value::Unknown,
        }
    }

    /// How a key is spelt to people: as it was set, and else as the policy spells it.
    pub(crate) fn spelling<'a>(&'a self, folded: &str, otherwise: &'a str) -> &'a str {
        self.keys
            .get(folded)
            .map_or(otherwise, |entry| entry.key.as_str())
    }

    fn insert(&mut self, key: String, state: State) -> &mut Self {
        self.keys.insert(folded(&key), Entry { key, state });
        self
    }
}
