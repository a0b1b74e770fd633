//! Members of IAM's XML answers, which come as text.

use jiff::Timestamp;
use serde_json::Value;

use crate::trail::time::to_second;
use crate::wire::rest::{decode, encode};

/// A text member, empty when it is absent.
pub(crate) fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value
        .get(member)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// A list member; XML writes an empty one as an empty element.
pub(crate) fn list(value: &Value, member: &str) -> Vec<Value> {
    value
        .get(member)
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default()
}

/// A member of each item.
pub(crate) fn texts_of(items: &[Value], member: &str) -> Vec<String> {
    items
        .iter()
        .map(|item| text(item, member).to_owned())
        .collect()
}

/// A date in whole seconds, as IAM writes it; moto adds microseconds.
pub(crate) fn date(value: &Value, member: &str) -> String {
    let written = text(value, member);
    written
        .parse::<Timestamp>()
        .map_or_else(|_| written.to_owned(), to_second)
}

/// A policy document as IAM answers it: percent-encoded by RFC 3986 (IAM API reference, `GetPolicyVersion`), whether
/// moto has encoded it or not.
pub(crate) fn document(written: &str) -> String {
    if written.trim_start().starts_with('{') {
        encode(written)
    } else {
        encode(&decode(written))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_encoded_once_whatever_it_was() {
        let expected = "%7B%22Resource%22%3A%22a%2F%2A%22%7D";
        for written in [
            r#"{"Resource":"a/*"}"#,
            "%7B%22Resource%22%3A%22a/%2A%22%7D",
            expected,
        ] {
            assert_eq!(document(written), expected);
        }
    }
}
