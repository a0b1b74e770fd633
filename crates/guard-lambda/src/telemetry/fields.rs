//! The fields of one event or span, as JSON.

use std::error::Error;
use std::fmt;

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};

use crate::failure::chain;

/// Fields in the order in which they were written.
#[derive(Debug, Default)]
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    /// Takes the text of the event out of its fields.
    pub(super) fn take_message(&mut self) -> Value {
        self.0.shift_remove("message").unwrap_or_default()
    }

    /// Adds those of `others` that are not here yet.
    pub(super) fn add_missing(&mut self, others: &Self) {
        for (name, value) in &others.0 {
            if !self.0.contains_key(name) {
                self.0.insert(name.clone(), value.clone());
            }
        }
    }

    /// Writes the fields behind those that a line has already; none of these can be overwritten.
    pub(super) fn append_to(self, line: &mut Map<String, Value>) {
        for (name, value) in self.0 {
            if !line.contains_key(&name) {
                line.insert(name, value);
            }
        }
    }

    fn add(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value);
    }

    fn record_bytes(&mut self, field: &Field, value: &[u8]) {
        let json = serde_json::from_slice(value);
        self.add(
            field,
            json.unwrap_or_else(|_| Value::from(String::from_utf8_lossy(value))),
        );
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.add(field, chain(value));
    }
}
