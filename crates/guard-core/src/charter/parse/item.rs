//! Values and tables of a charter, each with its place.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

/// One value with its place.
pub(super) struct Item<'d> {
    pub(super) path: String,
    pub(super) value: &'d DeValue<'d>,
    pub(super) key_span: Range<usize>,
    pub(super) span: Range<usize>,
}

/// One table with its place.
pub(super) struct Table<'d> {
    pub(super) path: String,
    pub(super) entries: &'d DeTable<'d>,
    pub(super) span: Range<usize>,
}

impl<'d> Table<'d> {
    pub(super) fn root(entries: &'d DeTable<'d>) -> Self {
        Self {
            path: String::new(),
            entries,
            span: 0..0,
        }
    }

    pub(super) fn item(&self, key: &str) -> Option<Item<'d>> {
        self.items()
            .find(|(found, _)| *found == key)
            .map(|(_, item)| item)
    }

    pub(super) fn items(&self) -> impl Iterator<Item = (&'d str, Item<'d>)> {
        self.entries.iter().map(|(key, value)| {
            let name = key.get_ref().as_ref();
            let path = if self.path.is_empty() {
                name.to_owned()
            } else {
                format!("{}.{name}", self.path)
            };
            (
                name,
                Item {
                    path,
                    value: value.get_ref(),
                    key_span: key.span(),
                    span: value.span(),
                },
            )
        })
    }
}

impl<'d> Item<'d> {
    /// The value as a table.
    pub(super) fn table(&self) -> Option<Table<'d>> {
        let entries = self.value.as_table()?;
        Some(Table {
            path: self.path.clone(),
            entries,
            span: self.span.clone(),
        })
    }
}

/// A value as a message shows it: kind and beginning.
pub(super) fn shown(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) if text.is_empty() => "an empty text".to_owned(),
        DeValue::String(text) => {
            let short: String = text.chars().take(100).collect();
            let dots = if short.len() < text.len() { "…" } else { "" };
            format!("the text `{}{dots}`", short.escape_debug())
        }
        DeValue::Integer(number) => format!("the number {}", cut(&number.to_string())),
        DeValue::Float(number) => format!("the number {}", cut(&number.to_string())),
        DeValue::Boolean(value) => value.to_string(),
        DeValue::Datetime(time) => time.to_string(),
        DeValue::Array(values) if values.is_empty() => "an empty list".to_owned(),
        DeValue::Array(_) => "a list".to_owned(),
        DeValue::Table(_) => "a table".to_owned(),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(40).collect()
}
