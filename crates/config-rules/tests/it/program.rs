//! The program itself: which rule it answers for, how it does not start, and what it says to Lambda.

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use guard_testkit::charter::MandateBuilder;
use guard_testkit::runtime_api::serve;
use serde_json::Value;

use crate::samples::text;
use crate::scene::CHARTER;

/// Nobody listens there: whatever the program asks of AWS fails at once.
const NOWHERE: &str = "http://127.0.0.1:9";

fn package(charter: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("charter.toml", charter),
        (
            "SessionManagerRunShell.json",
            MandateBuilder::new().baseline(),
        ),
        ("packed-at", "2026-01-15T01:00:00Z\n"),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn program(name: &str, folder: &Path, runtime_api: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_config-rules"));
    command
        .env_clear()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .envs([
            (
                "SESSION_GUARD_ROLE_ARN",
                "arn:aws:iam::123456789012:role/session-guard-rule-eu-central-1",
            ),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_LAMBDA_FUNCTION_NAME", name),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512"),
            ("AWS_LAMBDA_RUNTIME_API", runtime_api),
            ("AWS_ACCESS_KEY_ID", "ASIAIOSFODNN7EXAMPLE"),
            (
                "AWS_SECRET_ACCESS_KEY",
                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            ),
            ("AWS_SESSION_TOKEN", "token"),
            ("AWS_ENDPOINT_URL", NOWHERE),
        ]);
    command.env("LAMBDA_TASK_ROOT", folder);
    command
}

fn log(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")))
        .collect()
}

/// What a program says that does not start.
fn refusal(name: &str, charter: &str) -> Vec<String> {
    let folder = package(charter);
    let output = program(name, folder.path(), "127.0.0.1:9")
        .output()
        .unwrap();
    assert!(!output.status.success());
    let log = log(&output);
    log.iter()
        .map(|line| line["message"].as_str().unwrap().to_owned())
        .collect()
}

/// Ends with the test, whatever becomes of it.
struct Running(Option<Child>);

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            child.kill().ok();
            child.wait().ok();
        }
    }
}

#[test]
fn a_function_whose_name_is_no_rules_does_not_start() {
    assert_eq!(
        refusal("session-guard-preferences-guard", CHARTER),
        [
            "cannot start: a function named `session-guard-preferences-guard` answers for no rule: it must be named \
             session-guard-preferences, session-guard-session-access, session-guard-preferences-access"
        ]
    );
}

#[test]
fn a_rule_on_principals_starts_only_where_and_if_the_charter_wants_it() {
    let elsewhere = CHARTER.replace(
        "config-region = \"eu-central-1\"",
        "config-region = \"us-east-1\"",
    );
    assert_eq!(
        refusal("session-guard-session-access", &elsewhere),
        [
            "cannot start: the charter has roles, users and groups judged in `us-east-1`, not in `eu-central-1`"
        ]
    );
    let silent =
        "mode = \"report\"\nregions = [\"eu-central-1\"]\nconfig-region = \"eu-central-1\"\n";
    assert_eq!(
        refusal("session-guard-preferences-access", silent),
        [
            "cannot start: the charter has no `[sessions]`, which the rule `preferences-access` needs"
        ]
    );
    let nowhere = "mode = \"report\"\nregions = [\"eu-central-1\"]\n";
    assert_eq!(
        refusal("session-guard-session-access", nowhere),
        [
            "cannot start: the charter has roles, users and groups judged in no Region, not in `eu-central-1`"
        ]
    );
}

#[test]
fn a_broken_charter_is_told_error_by_error() {
    for name in ["session-guard-preferences", "session-guard-session-access"] {
        let messages = refusal(name, "mode = \"watch\"\nregion = [\"eu-central-1\"]\n");
        assert!(messages[0].contains("charter.toml"), "{messages:?}");
        assert!(messages.len() >= 3, "{messages:?}");
    }
}

#[test]
fn each_function_answers_for_its_own_rule() {
    let usual = MandateBuilder::new().charter();
    let change = "ConfigurationItemChangeNotification";
    let document = text(&format!("{change}/preferences-changed"));
    // Of another account, since nothing can be asked of this one.
    let role = text(&format!("{change}/role-opens-sessions-everywhere"));
    let role = role.replace(
        "\"accountId\": \"123456789012\"",
        "\"accountId\": \"111122223333\"",
    );
    for (name, charter, event, told_of) in [
        (
            "session-guard-preferences",
            usual.as_str(),
            document,
            "Retryable.Unavailable",
        ),
        (
            "session-guard-session-access",
            CHARTER,
            role,
            "session-access",
        ),
    ] {
        let folder = package(charter);
        let events = vec![b"change please".to_vec(), event.into_bytes()];
        let (address, told) = serve(name, events);
        let mut running = Running(Some(
            program(name, folder.path(), &address.to_string())
                .spawn()
                .unwrap(),
        ));
        let expected = ["Permanent.UnreadableEvent", told_of];
        for expected in expected {
            let (_, body) = told.recv_timeout(Duration::from_mins(3)).unwrap();
            let body: Value = serde_json::from_str(&body).unwrap();
            let found = [&body["errorType"], &body["rule"]];
            assert!(found.contains(&&Value::from(expected)), "{body}");
        }
        let mut child = running.0.take().unwrap();
        child.kill().unwrap();
        let log = log(&child.wait_with_output().unwrap());
        assert!(
            log.iter()
                .all(|line| line["function"] == name || line["Function"] == name),
            "{log:#?}"
        );
    }
}
