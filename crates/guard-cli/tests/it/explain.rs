use std::path::Path;

use insta::assert_snapshot;

use super::program::{Run, session_guard};

/// The baseline of the example charter, changed by one pair of texts.
fn live(folder: &Path, from: &str, to: &str) -> String {
    let baseline = super::program::project().join("SessionManagerRunShell.json");
    let text = std::fs::read_to_string(baseline).unwrap();
    assert!(text.contains(from), "the example has no {from}");
    let text = text
        .replace(from, to)
        .replace("${account}", "123456789012")
        .replace("${region}", "eu-central-1")
        .replace("${partition}", "aws");
    let file = folder.join("live.json");
    std::fs::write(&file, text).unwrap();
    file.to_str().unwrap().to_owned()
}

fn run(event: &str, more: &[&str]) -> Run {
    let event = format!("events/{event}.json");
    let arguments = ["explain", "--charter", "charter.toml", "--event", &event];
    session_guard(&[&arguments[..], more].concat())
}

fn explain(event: &str, more: &[&str]) -> String {
    run(event, more).ended(0)
}

/// What the document says after the event in one of the samples.
fn explain_with(event: &str, (from, to): (&str, &str)) -> String {
    let folder = tempfile::tempdir().unwrap();
    explain(event, &["--live", &live(folder.path(), from, to)])
}

const LOGGING_OFF: (&str, &str) = (
    r#""cloudWatchLogGroupName": "/session-manager/${account}""#,
    r#""cloudWatchLogGroupName": """#,
);
const ENCRYPTION_OFF: (&str, &str) = (
    r#""cloudWatchEncryptionEnabled": true"#,
    r#""cloudWatchEncryptionEnabled": false"#,
);
const LONGER: (&str, &str) = (
    r#""idleSessionTimeout": "15""#,
    r#""idleSessionTimeout": "25""#,
);
const NOTHING: (&str, &str) = ("inputs", "inputs");

#[test]
fn a_stranger_who_turns_logging_off_is_reverted() {
    let event = "ssm/UpdateDocument/stranger-turns-logging-off";
    assert_snapshot!(explain_with(event, LOGGING_OFF));
}

#[test]
fn without_the_live_document_only_the_author_is_judged() {
    assert_snapshot!(explain(
        "ssm/UpdateDocument/stranger-turns-logging-off",
        &[]
    ));
    assert_snapshot!(explain("ssm/UpdateDocument/root", &[]));
}

#[test]
fn an_editor_above_the_floor_is_left_alone() {
    let event = "ssm/UpdateDocument/editor-lengthens-idle-timeout";
    assert_snapshot!(explain_with(event, LONGER));
}

#[test]
fn an_editor_below_the_floor_is_reverted() {
    let event = "ssm/UpdateDocument/editor-turns-encryption-off";
    assert_snapshot!(explain_with(event, ENCRYPTION_OFF));
}

#[test]
fn an_editor_of_identity_center_is_known_by_the_permission_set() {
    assert_snapshot!(explain_with(
        "ssm/UpdateDocument/identity-center-editor",
        LONGER
    ));
}

#[test]
fn a_call_through_a_service_names_the_service() {
    assert_snapshot!(explain_with(
        "ssm/UpdateDocument/through-cloudformation",
        LONGER
    ));
}

#[test]
fn a_forged_event_reverts_nothing_and_approves_nothing() {
    assert_snapshot!(explain_with("ssm/UpdateDocument/forged-editor", LONGER));
}

#[test]
fn the_guards_own_write_ends_there() {
    assert_snapshot!(explain_with("ssm/UpdateDocument/guards-own-write", NOTHING));
}

#[test]
fn failed_calls_need_no_document() {
    assert_snapshot!(explain("ssm/UpdateDocument/denied", &[]));
    assert_snapshot!(explain("ssm/UpdateDocument/failed-duplicate-content", &[]));
}

#[test]
fn a_deleted_document_is_known_to_be_missing() {
    assert_snapshot!(explain("ssm/DeleteDocument/stranger-deletes", &[]));
    assert_snapshot!(explain("ssm/DeleteDocument/editor-deletes", &[]));
}

#[test]
fn one_deleted_version_leaves_a_document() {
    assert_snapshot!(explain_with("ssm/DeleteDocument/one-version", NOTHING));
}

#[test]
fn a_document_of_another_type_is_replaced() {
    let event = "ssm/CreateDocument/stranger-recreates-as-command-document";
    assert_snapshot!(explain_with(event, NOTHING));
}

#[test]
fn a_moved_default_version_is_moved_back() {
    let event = "ssm/UpdateDocumentDefaultVersion/stranger-moves-default";
    assert_snapshot!(explain_with(event, LONGER));
}

#[test]
fn a_document_shared_by_the_event_is_unshared() {
    assert_snapshot!(explain_with(
        "ssm/ModifyDocumentPermission/stranger-shares-with-all",
        NOTHING
    ));
    assert_snapshot!(explain_with(
        "ssm/ModifyDocumentPermission/private",
        NOTHING
    ));
}

#[test]
fn a_sweep_looks_at_the_document() {
    assert_snapshot!(explain("schedule/sweep", &[]));
    assert_snapshot!(explain_with("schedule/sweep", ENCRYPTION_OFF));
}

#[test]
fn another_document_is_not_our_business() {
    assert_snapshot!(explain("ssm/UpdateDocument/another-document", &[]));
    let json = explain("ssm/UpdateDocument/another-document", &["--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["verdict"], "not-ours");
}

#[test]
fn programs_get_the_body_that_the_guard_publishes() {
    let folder = tempfile::tempdir().unwrap();
    let live = live(folder.path(), LOGGING_OFF.0, LOGGING_OFF.1);
    let event = "ssm/UpdateDocument/stranger-turns-logging-off";
    let text = explain(event, &["--live", &live, "--format", "json"]);
    let body: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(body["verdict"], "strangers");
    assert_eq!(body["reasons"][1]["code"], "below-floor");
    assert_eq!(body["drift"][0]["field"], "inputs.cloudWatchLogGroupName");
    assert_eq!(body["plan"].as_array().unwrap().len(), 2);
    assert_eq!(body["assumed"].as_array().unwrap().len(), 4);
}

#[test]
fn programs_are_told_what_is_open_and_not_that_nothing_is_planned() {
    let event = "ssm/UpdateDocument/stranger-turns-logging-off";
    let text = explain(event, &["--format", "json"]);
    let body: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(body["verdict"], "strangers");
    assert_eq!(body["plan"], serde_json::Value::Null);
    assert_eq!(body["drift"], serde_json::Value::Null);
    assert_eq!(body["open"].as_array().unwrap().len(), 2);
}

#[test]
fn a_content_that_stands_as_approved_is_what_is_reverted_to() {
    let folder = tempfile::tempdir().unwrap();
    let approved = live(folder.path(), LONGER.0, LONGER.1);
    let event = "ssm/DeleteDocument/one-version";
    let text = explain(event, &["--live", &approved, "--approved", &approved]);
    assert!(
        text.contains("version 1 holds the approved content"),
        "{text}"
    );
    assert!(!text.contains("--approved"), "{text}");
}

#[test]
fn a_content_below_the_floor_cannot_stand_as_approved() {
    let folder = tempfile::tempdir().unwrap();
    let approved = live(folder.path(), ENCRYPTION_OFF.0, ENCRYPTION_OFF.1);
    let run = run("ssm/UpdateDocument/root", &["--approved", &approved]);
    assert!(
        run.err.contains("failed to take the content of"),
        "{}",
        run.err
    );
    run.ended(1);
}

#[test]
fn a_bare_record_is_explained_like_its_event() {
    let folder = tempfile::tempdir().unwrap();
    let sample = super::program::project().join("events/ssm/DeleteDocument/stranger-deletes.json");
    let event: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(sample).unwrap()).unwrap();
    let file = folder.path().join("record.json");
    std::fs::write(&file, event["detail"].to_string()).unwrap();
    let file = file.to_str().unwrap();
    let record = session_guard(&["explain", "--charter", "charter.toml", "--event", file]);
    assert_eq!(
        record.ended(0),
        explain("ssm/DeleteDocument/stranger-deletes", &[])
    );
}

#[test]
fn what_is_no_event_is_said_to_be_none() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("event.json");
    for (text, why) in [
        ("", "the event cannot be read: EOF while parsing"),
        ("[]", "it has neither `detail-type`"),
        (
            r#"{"detail-type":"x"}"#,
            "the event cannot be read: missing field `source`",
        ),
        (
            r#"{"eventName":"UpdateDocument","awsRegion":"eu-central-1","recipientAccountId":"12","eventTime":"2026-01-15T02:03:04Z"}"#,
            "the event does not say where it comes from: `12` is not an account id",
        ),
        (
            r#"{"eventName":"UpdateDocument","awsRegion":"eu-central-1","recipientAccountId":"123456789012","eventTime":"2026-01-15T02:03:04Z"}"#,
            "the record cannot be read: `eventSource` is missing",
        ),
    ] {
        std::fs::write(&file, text).unwrap();
        let event = file.to_str().unwrap();
        let run = session_guard(&["explain", "--charter", "charter.toml", "--event", event]);
        assert!(run.err.contains(why), "{text}: {}", run.err);
        run.ended(1);
    }
}

#[test]
fn an_event_of_a_region_that_is_not_guarded_is_said_so() {
    let folder = tempfile::tempdir().unwrap();
    let sample = super::program::project().join("events/ssm/DeleteDocument/stranger-deletes.json");
    let text = std::fs::read_to_string(sample)
        .unwrap()
        .replace("eu-central-1", "us-east-1");
    let file = folder.path().join("event.json");
    std::fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap();
    let run = session_guard(&["explain", "--charter", "charter.toml", "--event", file]);
    let expected = "session-guard: failed to apply `charter.toml`: \
                    the charter does not name the Region `us-east-1`, but eu-central-1\n";
    assert_eq!(run.err, expected);
    run.ended(1);
}

#[test]
fn every_sample_is_explained() {
    let events = super::program::project().join("events");
    let mut folders = vec![events.join("ssm"), events.join("schedule")];
    let mut n_samples = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "json") {
                let name = path.strip_prefix(&events).unwrap().with_extension("");
                assert_ne!(
                    explain(name.to_str().unwrap(), &[]),
                    "",
                    "{}",
                    name.display()
                );
                n_samples += 1;
            }
        }
    }
    assert!(n_samples >= 19, "{n_samples}");
}

#[test]
fn an_event_of_a_rule_is_told_from_a_change() {
    let run = run("config/ScheduledNotification/preferences", &[]);
    assert_eq!(run.status, Some(1));
    assert!(
        run.err.contains("it is an event of an AWS Config rule"),
        "{}",
        run.err
    );
}
