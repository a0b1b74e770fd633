//! XML answers of the Query protocol, read into and written from JSON values.

use std::fmt::Write;

use roxmltree::{Document, Node};
use serde_json::{Map, Value};

/// Reads an XML document; the root element itself is dropped. `None` when it is not XML.
pub(crate) fn read(text: &str) -> Option<Value> {
    let document = Document::parse(text).ok()?;
    Some(value_of(document.root_element()))
}

fn value_of(node: Node<'_, '_>) -> Value {
    let children: Vec<Node<'_, '_>> = node.children().filter(Node::is_element).collect();
    if children.is_empty() {
        return Value::from(node.text().unwrap_or_default());
    }
    if children
        .iter()
        .all(|child| child.tag_name().name() == "member")
    {
        return Value::Array(children.into_iter().map(value_of).collect());
    }
    let mut map = Map::new();
    for child in children {
        map.insert(child.tag_name().name().to_owned(), value_of(child));
    }
    Value::Object(map)
}

/// Writes a Query answer: `<ActionResponse><ActionResult>…`.
pub(crate) fn response(action: &str, namespace: &str, result: &Value, request_id: &str) -> String {
    let mut body = String::new();
    members(&mut body, result);
    format!(
        "<{action}Response xmlns=\"{namespace}\"><{action}Result>{body}</{action}Result><ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata></{action}Response>"
    )
}

/// Writes a Query error.
pub(crate) fn error(code: &str, message: &str, request_id: &str) -> String {
    format!(
        "<ErrorResponse><Error><Type>Sender</Type><Code>{}</Code><Message>{}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>",
        escape(code),
        escape(message)
    )
}

fn members(out: &mut String, value: &Value) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                element(out, key, value);
            }
        }
        Value::Array(items) => {
            for item in items {
                element(out, "member", item);
            }
        }
        Value::String(text) => out.push_str(&escape(text)),
        Value::Null => {}
        other => out.push_str(&other.to_string()),
    }
}

fn element(out: &mut String, name: &str, value: &Value) {
    // Writing into a String cannot fail.
    let _ = write!(out, "<{name}>");
    members(out, value);
    let _ = write!(out, "</{name}>");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_written_is_read_again() {
        let result = json!({"Name": "a<b", "List": ["x", "y"]});
        let text = response("Do", "urn:x", &result, "id");
        assert_eq!(read(&text).unwrap()["DoResult"], result);
    }

    #[test]
    fn text_that_is_no_xml_is_refused() {
        assert_eq!(read("{}"), None);
    }
}
