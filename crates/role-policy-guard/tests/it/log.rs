//! What a ruling leaves in the log.

use std::path::Path;
use std::sync::{Arc, Mutex};

use guard_lambda::telemetry::Lines;
use guard_testkit::subscriber::under;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::samples::{after, event};
use crate::scenarios::{answer, replacing};

/// The lines that the function writes when it works on `event` in the account after `sample`.
fn lines(sample: &str, event: Value) -> Vec<Value> {
    let account = after(sample);
    let written = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&written);
    let lines = Lines::new(
        || Timestamp::UNIX_EPOCH,
        move |line: &Value| sink.lock().unwrap().push(line.clone()),
    );
    under(lines, || {
        answer(&replacing(), &account, event).unwrap();
    });
    written.lock().unwrap().clone()
}

const ATTACHED: &str = "AttachRolePolicy/forbidden-to-a-role-of-instances";

#[test]
fn a_replacement_is_one_line_that_says_who_what_why_and_what_was_done() {
    let lines = lines(ATTACHED, event(ATTACHED));
    assert_eq!(lines.len(), 1, "{lines:#?}");
    let line = &lines[0];
    for (field, expected) in [
        ("level", json!("WARN")),
        ("verdict", json!("replaced")),
        ("account", json!("123456789012")),
        ("region", json!("us-east-1")),
        ("event.name", json!("AttachRolePolicy")),
        ("bearer.kind", json!("role")),
        ("bearer.name", json!("web")),
        (
            "principal.arn",
            json!("arn:aws:iam::123456789012:user/mallory"),
        ),
        ("alert", json!(true)),
    ] {
        assert_eq!(line[field], expected, "{field}");
    }
    assert_eq!(line["done.steps"].as_array().unwrap().len(), 3);
    assert_eq!(line["reasons"][0]["code"], "attached");
}

#[test]
fn the_names_of_the_fields_are_those_that_contributors_are_told() {
    let text = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../CONTRIBUTING.md");
    let text = std::fs::read_to_string(text).unwrap();
    let (_, section) = text.split_once("## Log fields").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    for line in lines(ATTACHED, event(ATTACHED)) {
        for name in line.as_object().unwrap().keys() {
            let is_frame = ["timestamp", "level", "message", "target"].contains(&name.as_str());
            assert!(is_frame || section.contains(&format!("`{name}`")), "{name}");
        }
    }
}

#[test]
fn text_that_a_stranger_chose_stays_inside_its_field() {
    let mut hostile = event(ATTACHED);
    hostile["detail"]["userIdentity"] =
        json!({ "type": "x", "arn": "a\n{\"level\":\"INFO\"}\u{1b}[2J\u{202e}" });
    for line in lines(ATTACHED, hostile) {
        let text = line.to_string();
        assert!(!text.contains(['\n', '\r', '\u{1b}']), "{text}");
    }
}
