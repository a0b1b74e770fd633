//! The program itself: how it starts, how it does not, and what it says to Lambda.

use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use guard_testkit::charter::MandateBuilder;
use guard_testkit::program::{Running, function, log, messages, package};
use guard_testkit::runtime_api::serve;
use serde_json::Value;

use crate::samples::text;

fn program(folder: &Path, runtime_api: &str) -> Command {
    let program = env!("CARGO_BIN_EXE_preferences-guard");
    let mut command = function(program, "preferences-guard", folder, runtime_api);
    command.env(
        "SESSION_GUARD_TOPIC_ARN",
        "arn:aws:sns:eu-central-1:123456789012:session-guard-alerts",
    );
    command
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
    command.env("AWS_ENDPOINT_URL", endpoint);
    let running = Running::start(command);
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
    let running = Running::start(program(folder.path(), &address.to_string()));
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
