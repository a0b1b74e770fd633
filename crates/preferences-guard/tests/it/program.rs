//! The program itself: how it starts, how it does not, and what it says to Lambda.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use guard_testkit::charter::MandateBuilder;
use guard_testkit::runtime_api::serve;
use serde_json::Value;

use crate::samples::text;

/// Nobody listens there: whatever the program asks of AWS fails at once.
const NOWHERE: &str = "http://127.0.0.1:9";

fn package(charter: &str, baseline: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("charter.toml", charter),
        ("SessionManagerRunShell.json", baseline),
        ("packed-at", "2026-01-15T01:00:00Z\n"),
    ] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn program(folder: &Path, runtime_api: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_preferences-guard"));
    command
        .env_clear()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .envs([
            (
                "SESSION_GUARD_ROLE_ARN",
                "arn:aws:iam::123456789012:role/session-guard-preferences-guard-eu-central-1",
            ),
            (
                "SESSION_GUARD_TOPIC_ARN",
                "arn:aws:sns:eu-central-1:123456789012:session-guard-alerts",
            ),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_LAMBDA_FUNCTION_NAME", "preferences-guard"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128"),
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

/// The program's log, one object per line; panics where a line is none.
fn log(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")))
        .collect()
}

fn messages(log: &[Value]) -> Vec<&str> {
    log.iter()
        .filter_map(|line| line["message"].as_str())
        .collect()
}

/// Ends with the test, whatever becomes of it.
struct Running(Option<Child>);

impl Running {
    fn start(folder: &Path, runtime_api: SocketAddr) -> Self {
        Self(Some(
            program(folder, &runtime_api.to_string()).spawn().unwrap(),
        ))
    }

    fn stop(mut self) -> Output {
        let mut child = self.0.take().unwrap();
        child.kill().unwrap();
        child.wait_with_output().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            child.kill().ok();
            child.wait().ok();
        }
    }
}

#[test]
fn a_function_without_environment_says_all_that_is_missing_and_does_not_start() {
    let output = Command::new(env!("CARGO_BIN_EXE_preferences-guard"))
        .env_clear()
        .output()
        .unwrap();
    assert!(!output.status.success());
    let log = log(&output);
    assert_eq!(
        messages(&log),
        [
            "cannot start: `SESSION_GUARD_ROLE_ARN` is not set",
            "cannot start: `SESSION_GUARD_TOPIC_ARN` is not set",
            "cannot start: `AWS_REGION` is not set",
            "cannot start: `AWS_LAMBDA_FUNCTION_NAME` is not set",
            "cannot start: `LAMBDA_TASK_ROOT` is not set",
        ]
    );
    assert!(
        log.iter()
            .all(|line| line["level"] == "ERROR" && line["timestamp"].is_string())
    );
}

#[test]
fn a_function_with_a_broken_charter_says_every_error_in_it_and_does_not_start() {
    let folder = package("mode = \"watch\"\nregion = [\"eu-central-1\"]\n", "{}");
    let output = program(folder.path(), "127.0.0.1:9").output().unwrap();
    assert!(!output.status.success());
    let log = log(&output);
    let messages = messages(&log);
    assert!(messages.len() >= 3, "{messages:?}");
    assert!(messages[0].contains("charter.toml"), "{messages:?}");
    assert!(
        messages
            .iter()
            .any(|message| message.starts_with("cannot start: 1:")),
        "{messages:?}"
    );
    assert!(
        messages
            .iter()
            .any(|message| message.starts_with("cannot start: 2:")),
        "{messages:?}"
    );
}

#[test]
fn a_function_whose_calls_would_be_redirected_does_not_start() {
    let usual = MandateBuilder::new();
    let folder = package(&usual.charter(), usual.baseline());
    let mut command = program(folder.path(), "127.0.0.1:9");
    let output = command
        .env("AWS_ENDPOINT_URL_SSM", "https://ssm.example.com")
        .output()
        .unwrap();
    assert!(!output.status.success());
    let log = log(&output);
    assert!(
        messages(&log)[0].contains("`AWS_ENDPOINT_URL_SSM`"),
        "{log:?}"
    );
}

#[test]
fn a_function_that_cannot_reach_aws_in_time_starts_all_the_same() {
    let usual = MandateBuilder::new();
    let folder = package(&usual.charter(), usual.baseline());
    // It takes connections and never answers.
    let silence = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let endpoint = format!("http://{}", silence.local_addr().unwrap());
    let (address, told) = serve(
        "preferences-guard",
        vec![text("ssm/UpdateDocument/another-document").into_bytes()],
    );
    let mut command = program(folder.path(), &address.to_string());
    let running = Running(Some(
        command.env("AWS_ENDPOINT_URL", endpoint).spawn().unwrap(),
    ));
    let (path, _) = told.recv_timeout(Duration::from_secs(10)).unwrap();
    // Lambda gives an init ten seconds (Lambda Developer Guide, "Understanding the Lambda execution environment lifecycle").
    assert!(path.ends_with("/response"), "{path}");
    let log = log(&running.stop());
    assert_eq!(log[0]["level"], "WARN", "{log:#?}");
}

#[test]
fn the_runtime_is_told_what_became_of_each_event() {
    let usual = MandateBuilder::new();
    let folder = package(&usual.charter(), usual.baseline());
    let events = vec![
        text("ssm/UpdateDocument/another-document").into_bytes(),
        b"sweep please".to_vec(),
        b"\xff\xfe".to_vec(),
        Vec::new(),
        text("ssm/UpdateDocument/stranger-turns-logging-off").into_bytes(),
    ];
    let (address, told) = serve("preferences-guard", events);
    let running = Running::start(folder.path(), address);
    let told: Vec<_> = (0..5)
        .map(|_| told.recv_timeout(Duration::from_mins(1)).unwrap())
        .collect();
    let log = log(&running.stop());

    let expected = [
        ("response", "not-ours"),
        ("error", "Permanent.UnreadableEvent"),
        ("error", "Permanent.UnreadableEvent"),
        ("error", "Permanent.UnreadableEvent"),
        ("error", "Retryable.Unavailable"),
    ];
    for (number, ((path, body), (end, name))) in told.iter().zip(expected).enumerate() {
        assert_eq!(
            *path,
            format!("/2018-06-01/runtime/invocation/request-{number}/{end}")
        );
        let body: Value = serde_json::from_str(body).unwrap();
        let member = if end == "error" {
            "errorType"
        } else {
            "verdict"
        };
        assert_eq!(body[member], name, "{body}");
    }
    check_log(&log);
}

/// One line for each event under its request's id, and metrics for the one that was answered.
fn check_log(log: &[Value]) {
    let of_the_sample: Vec<_> = log
        .iter()
        .filter(|line| line["request.id"] == "request-0")
        .collect();
    assert_eq!(of_the_sample.len(), 1, "{log:#?}");
    assert_eq!(
        of_the_sample[0]["message"],
        "not our business: it concerns the document `Restart-Web-Servers`"
    );
    let metrics: Vec<_> = log.iter().filter(|line| line["_aws"].is_object()).collect();
    assert_eq!(metrics.len(), 1, "{log:#?}");
    assert_eq!(
        (&metrics[0]["Function"], &metrics[0]["NotOurs"]),
        (&"preferences-guard".into(), &1.into())
    );
    for (number, kind) in [
        (1, "Permanent.UnreadableEvent"),
        (4, "Retryable.Unavailable"),
    ] {
        let failures: Vec<_> = log
            .iter()
            .filter(|line| {
                line["request.id"] == format!("request-{number}") && line["level"] == "ERROR"
            })
            .collect();
        assert_eq!(failures.len(), 1, "{failures:#?}");
        assert_eq!(failures[0]["error.type"], kind);
    }
}
