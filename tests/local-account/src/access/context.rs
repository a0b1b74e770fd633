//! What is known about a request, for conditions.

use std::collections::BTreeMap;

/// Condition keys with their values. A key that is listed without values is known to be absent; a key that is
/// not listed is unknown.
#[derive(Debug, Clone, Default)]
pub(crate) struct Context(BTreeMap<String, Vec<String>>);

impl Context {
    /// Adds a key; `None` says that the request has none. Key names are case-insensitive.
    pub(crate) fn with(mut self, key: &str, value: Option<&str>) -> Self {
        self.0.insert(
            key.to_lowercase(),
            value.map(str::to_owned).into_iter().collect(),
        );
        self
    }

    /// Adds a key with any number of values.
    pub(crate) fn with_all(mut self, key: &str, values: Vec<String>) -> Self {
        self.0.insert(key.to_lowercase(), values);
        self
    }

    pub(crate) fn values(&self, key: &str) -> Option<&[String]> {
        self.0.get(&key.to_lowercase()).map(Vec::as_slice)
    }

    /// Puts values in place of policy variables such as `${aws:username}`; unknown ones stay and match nothing.
    pub(crate) fn fill(&self, pattern: &str) -> String {
        if !pattern.contains("${") {
            return pattern.to_owned();
        }
        self.0
            .iter()
            .fold(pattern.to_owned(), |text, (key, values)| {
                match values.as_slice() {
                    [value] => replace_ignoring_case(&text, &format!("${{{key}}}"), value),
                    _ => text,
                }
            })
    }
}

fn replace_ignoring_case(text: &str, needle: &str, value: &str) -> String {
    let Some(at) = text.to_lowercase().find(needle) else {
        return text.to_owned();
    };
    let (Some(before), Some(after)) = (text.get(..at), text.get(at + needle.len()..)) else {
        return text.to_owned();
    };
    format!(
        "{before}{value}{}",
        replace_ignoring_case(after, needle, value)
    )
}
