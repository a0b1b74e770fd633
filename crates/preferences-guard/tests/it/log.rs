//! What a decision leaves in the log.

use std::path::Path;
use std::sync::{Arc, Mutex};

use guard_lambda::event::Payload;
use guard_lambda::telemetry::Lines;
use guard_testkit::charter::mandate;
use guard_testkit::subscriber::under;
use guard_testkit::{FakeAccount, content};
use jiff::Timestamp;
use preferences_guard::handle;
use serde_json::{Value, json};

use crate::samples::event;
use crate::story::{STORIES, play};

/// The lines that the function writes when it works on `event` in the account after `sample`.
fn lines(sample: &str, event: Value) -> Vec<Value> {
    let story = STORIES.iter().find(|story| story.sample == sample).unwrap();
    let account = FakeAccount::holding(&content::baseline());
    play(story, &account);
    let written = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&written);
    let lines = Lines::new(
        || Timestamp::UNIX_EPOCH,
        move |line: &Value| sink.lock().unwrap().push(line.clone()),
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    under(lines, || {
        runtime
            .block_on(handle(&mandate(), Payload::from(event), &account))
            .unwrap();
    });
    written.lock().unwrap().clone()
}

#[test]
fn a_revert_is_one_line_that_says_who_what_why_and_what_was_done() {
    let sample = "ssm/UpdateDocument/stranger-turns-logging-off";
    let lines = lines(sample, event(sample));
    assert_eq!(lines.len(), 1, "{lines:#?}");
    let line = &lines[0];
    assert_eq!(line["level"], "WARN");
    assert_eq!(line["verdict"], "strangers");
    assert_eq!(line["account"], "123456789012");
    assert_eq!(line["region"], "eu-central-1");
    assert_eq!(line["event.name"], "UpdateDocument");
    assert_eq!(line["event.id"], event(sample)["detail"]["eventID"]);
    assert_eq!(line["document.name"], "SSM-SessionManagerRunShell");
    assert_eq!(
        line["principal.arn"],
        "arn:aws:iam::123456789012:user/mallory"
    );
    assert_eq!(line["alert"], true);
    assert_eq!(line["reasons"][0]["code"], "not-an-editor");
    assert!(
        line["drift"].to_string().contains("cloudWatchLogGroupName"),
        "{line:#}"
    );
    assert!(
        !line["done.steps"].as_array().unwrap().is_empty(),
        "{line:#}"
    );
    assert!(line["duration_ms"].is_u64());
}

#[test]
fn a_look_that_found_everything_in_order_is_one_quiet_line() {
    let sample = "ssm/UpdateDocument/guards-own-write";
    let lines = lines(sample, event(sample));
    assert_eq!(lines.len(), 1, "{lines:#?}");
    assert_eq!(
        (&lines[0]["level"], &lines[0]["alert"]),
        (&json!("INFO"), &json!(false))
    );
}

#[test]
fn the_names_of_the_fields_are_those_that_contributors_are_told() {
    let text = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../CONTRIBUTING.md");
    let text = std::fs::read_to_string(text).unwrap();
    let (_, section) = text.split_once("## Log fields").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    for story in STORIES {
        for line in lines(story.sample, event(story.sample)) {
            for name in line.as_object().unwrap().keys() {
                let is_frame = ["timestamp", "level", "message", "target"].contains(&name.as_str());
                assert!(is_frame || section.contains(&format!("`{name}`")), "{name}");
            }
        }
    }
}

#[test]
fn text_that_a_stranger_chose_stays_inside_its_field() {
    let sample = "ssm/UpdateDocument/root";
    let mut hostile = event(sample);
    hostile["detail"]["userIdentity"] =
        json!({ "type": "x", "arn": "a\n{\"level\":\"INFO\"}\u{1b}[2J\u{202e}" });
    hostile["detail"]["sourceIPAddress"] = json!("\u{7}\r\nlevel");
    for line in lines(sample, hostile) {
        let text = line.to_string();
        assert!(!text.contains(['\n', '\r', '\u{1b}', '\u{7}']), "{text}");
    }
}
