//! What a run leaves in the log.

use std::path::Path;
use std::sync::{Arc, Mutex};

use guard_core::rules::RuleId;
use guard_lambda::telemetry::Lines;
use guard_testkit::subscriber::under;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::samples::{SAMPLES, event, scene_of};
use crate::scene::{NARROW, Scene, WIDE};

/// The lines that a function writes when it works on `event`.
fn lines(scene: &Scene, rule: RuleId, event: &Value) -> Vec<Value> {
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
        runtime.block_on(scene.tried(rule, event)).unwrap();
    });
    let mut lines = written.lock().unwrap().clone();
    lines.retain(|line| line["level"] != "DEBUG");
    lines
}

#[test]
fn what_is_wrong_is_one_line_with_everything_that_was_found_and_the_run_another() {
    let scene = Scene::new();
    let admin = r#"{"Version":"2012-10-17","Statement":{"Sid":"All","Effect":"Allow","Action":"*","Resource":"*"}}"#;
    let role = scene.role("operators", admin);
    scene.role("others", NARROW);
    let lines = lines(&scene, RuleId::SessionAccess, &scene.schedule());
    assert_eq!(lines.len(), 2, "{lines:#?}");
    let [wrong, run] = lines.as_slice() else {
        panic!("{lines:#?}");
    };
    assert_eq!(wrong["rule.id"], "session-access");
    assert_eq!(wrong["resource.type"], "AWS::IAM::Role");
    assert_eq!(wrong["resource.id"], role.id.as_str());
    assert_eq!(wrong["compliance"], "NON_COMPLIANT");
    let codes: Vec<_> = wrong["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["code"].clone())
        .collect();
    assert_eq!(codes[0], "start-session-on-everything");
    assert!(codes.len() >= 4, "{codes:?}");
    let place = json!({ "policy": "inline policy `sessions`", "statement": 1, "sid": "All" });
    assert_eq!(wrong["findings"][0]["place"], place);
    assert!(wrong["message"].as_str().unwrap().ends_with("more)"));

    assert_eq!(run["message"], "the rule was evaluated");
    assert_eq!(run["message.type"], "ScheduledNotification");
    assert_eq!(
        (&run["evaluations"], &run["non_compliant"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(run["account"], "123456789012");
    assert!(run["duration_ms"].is_i64());
}

#[test]
fn parameters_that_a_rule_does_not_take_are_warned_of() {
    let scene = Scene::new();
    scene.role("operators", NARROW);
    let mut event = scene.change("operators");
    event["ruleParameters"] = json!("{\"tag\": \"web\"}");
    let lines = lines(&scene, RuleId::SessionAccess, &event);
    assert_eq!(lines[0]["level"], "WARN");
    assert!(
        lines[0]["message"]
            .as_str()
            .unwrap()
            .ends_with("ignored: tag"),
        "{lines:#?}"
    );
}

#[test]
fn a_run_that_came_to_its_end_in_part_says_so() {
    let scene = Scene::new();
    let role = scene.role("operators", WIDE);
    scene.account.refuse_evaluations_of(&role, usize::MAX);
    let lines = lines(&scene, RuleId::SessionAccess, &scene.change("operators"));
    assert_eq!(
        lines.last().unwrap()["message"],
        "the rule was evaluated in part"
    );
}

#[test]
fn the_names_of_the_fields_are_those_that_contributors_are_told() {
    let text = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../CONTRIBUTING.md");
    let text = std::fs::read_to_string(text).unwrap();
    let (_, section) = text.split_once("## Log fields").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    for sample in &SAMPLES {
        let event = event(sample.name);
        for line in lines(&scene_of(sample, &event), sample.rule, &event) {
            for name in line.as_object().unwrap().keys() {
                let is_frame = ["timestamp", "level", "message", "target"].contains(&name.as_str());
                assert!(is_frame || section.contains(&format!("`{name}`")), "{name}");
            }
        }
    }
}

#[test]
fn what_policies_say_stays_inside_its_field() {
    let scene = Scene::new();
    let hostile = "{\"Version\":\"2012-10-17\",\"Statement\":{\"Sid\":\"a\\n\\u001b[2J\\u202e\",\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}";
    scene.role("operators", hostile);
    for line in lines(&scene, RuleId::SessionAccess, &scene.change("operators")) {
        let text = line["message"].as_str().unwrap();
        assert!(!text.contains(['\n', '\u{1b}', '\u{202e}']), "{text}");
    }
}
