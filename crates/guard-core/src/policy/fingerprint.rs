//! A document's fingerprint, by which a change of it is noticed.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::PolicyDocument;
use crate::preferences::hex;

impl PolicyDocument {
    /// The SHA-256 of the document as JSON without blanks, the members of each object in the order of their names.
    ///
    /// Neither the layout of a text nor the order of members changes it; everything that was written does, a value by
    /// itself in place of a list of one included.
    pub fn fingerprint(&self) -> String {
        let mut text = String::new();
        write(&self.to_value(), &mut text);
        hex(Sha256::digest(text.as_bytes()).as_slice())
    }
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            text.push_str(&value.to_string());
        }
        Value::Array(values) => {
            text.push('[');
            for (index, value) in values.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                write(value, text);
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            text.push('{');
            for (index, (name, value)) in members.into_iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                write(&Value::String(name.clone()), text);
                text.push(':');
                write(value, text);
            }
            text.push('}');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprint(text: &str) -> String {
        PolicyDocument::read(text).unwrap().fingerprint()
    }

    #[test]
    fn layout_and_order_do_not_change_it_and_anything_else_does() {
        let own = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;
        // printf '%s' '{"Statement":[{"Action":"s3:GetObject","Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}' | sha256sum
        let known = "4544912d02e17143c2bb83ce78a52d16135336eac73930c4f6af0dd72bb7d6af";
        assert_eq!(fingerprint(own), known);
        assert_eq!(
            fingerprint(
                "{ \"Statement\": [ { \"Resource\": \"*\",\n \"Action\": \"s3:GetObject\", \"Effect\": \"Allow\" } ], \"Version\": \"2012-10-17\" }"
            ),
            known
        );
        for other in [
            own.replace("GetObject", "getObject"),
            own.replace("\"*\"", "[\"*\"]"),
            own.replace("Allow", "Deny"),
            own.replace("2012", "2008"),
            own.replace("{\"Effect\"", "{\"Sid\":\"\",\"Effect\""),
        ] {
            assert_ne!(fingerprint(&other), known, "{other}");
        }
    }
}
