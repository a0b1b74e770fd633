//! What a migration leaves in the log.

use std::path::Path;
use std::sync::{Arc, Mutex};

use guard_core::migration::{Deed, Line, Mark, outstanding};
use guard_lambda::telemetry::Lines;
use guard_testkit::subscriber::under;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::samples::{carrying, event};
use crate::scenarios::{answer, replacing};

/// The lines that the function writes when it migrates a role.
fn lines() -> Vec<Value> {
    let account = carrying();
    let written = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&written);
    let lines = Lines::new(
        || Timestamp::UNIX_EPOCH,
        move |line: &Value| sink.lock().unwrap().push(line.clone()),
    );
    under(lines, || {
        answer(&replacing(), &account, event("role-of-instances")).unwrap();
    });
    written.lock().unwrap().clone()
}

#[test]
fn a_migration_is_one_line_that_says_who_what_and_what_was_done() {
    let lines = lines();
    let line = lines.last().unwrap();
    for (field, expected) in [
        ("level", json!("INFO")),
        ("verdict", json!("migrated")),
        ("account", json!("123456789012")),
        ("bearer.kind", json!("role")),
        ("bearer.name", json!("web")),
        ("bearer.id", json!("AROA00000000000000001")),
    ] {
        assert_eq!(line[field], expected, "{field}");
    }
    assert_eq!(line["done.steps"].as_array().unwrap().len(), 3);
}

#[test]
fn every_write_stands_in_the_log_in_the_form_that_undo_reads() {
    let lines = lines();
    let written = lines.iter().filter(|line| line.get("record").is_some());
    for line in written {
        // Whatever is logged, by the function's setting or by Lambda's.
        assert_eq!(line["level"], "ERROR", "{line}");
    }
    let records = lines
        .into_iter()
        .filter_map(|line| line.get("record").cloned());
    let records: Vec<Line> = records
        .map(|record| serde_json::from_value(record).unwrap())
        .collect();
    let told: Vec<_> = records.iter().map(|line| (line.deed, line.mark)).collect();
    let (begins, done) = (Mark::Begins, Mark::Done);
    assert_eq!(
        told,
        [
            (Deed::Attach, begins),
            (Deed::Attach, done),
            (Deed::Attach, begins),
            (Deed::Attach, done),
            (Deed::Detach, begins),
            (Deed::Detach, done),
        ]
    );
    assert_eq!(outstanding(&records).len(), 1);
}

#[test]
fn the_names_of_the_fields_are_those_that_contributors_are_told() {
    let text = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../CONTRIBUTING.md");
    let text = std::fs::read_to_string(text).unwrap();
    let (_, section) = text.split_once("## Log fields").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    for line in lines() {
        for name in line.as_object().unwrap().keys() {
            let is_frame = ["timestamp", "level", "message", "target"].contains(&name.as_str());
            assert!(is_frame || section.contains(&format!("`{name}`")), "{name}");
        }
    }
}
