//! Documents of several statements, and how they travel.

use serde_json::{Value, json};

use super::Dice;
use super::statements::statement;

/// A policy as people and tools write them.
pub(super) fn document(dice: &mut Dice, at_most: usize) -> Value {
    let mut statements: Vec<_> = (0..=dice.below(at_most)).map(|_| statement(dice)).collect();
    if dice.chance(40) {
        for (number, statement) in statements.iter_mut().enumerate() {
            if let Some(statement) = statement.as_object_mut() {
                statement.insert("Sid".to_owned(), json!(format!("Statement{number}")));
            }
        }
    }
    let statements = match statements.pop() {
        // A single statement may stand without its list.
        Some(single) if statements.is_empty() && dice.chance(30) => single,
        last => {
            statements.extend(last);
            Value::Array(statements)
        }
    };
    // The older version makes variables literal, and is still met.
    let version = if dice.chance(3) {
        "2008-10-17"
    } else {
        "2012-10-17"
    };
    json!({ "Version": version, "Statement": statements })
}

/// Percent-encoded as the service does, all but the unreserved characters of RFC 3986.
pub(super) fn encoded(document: &Value) -> String {
    let text = document.to_string();
    let encode = |byte| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    text.bytes().map(encode).collect::<Vec<_>>().concat()
}
