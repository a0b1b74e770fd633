//! The program of a function, run as Lambda runs it.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "it is a part of tests, which fail by panicking"
)]

use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// Nobody listens there: whatever a program asks of AWS fails at once.
const NOWHERE: &str = "http://127.0.0.1:9";

/// What is deployed beside a program, packed at one in the morning of 2026-01-15.
pub fn package(charter: &str, baseline: &str) -> TempDir {
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

/// A program as the function of that name, in Lambda's environment and nothing else; its role is named after it.
pub fn function(program: &str, name: &str, package: &Path, runtime_api: &str) -> Command {
    let role = format!("arn:aws:iam::123456789012:role/{name}-eu-central-1");
    let mut command = Command::new(program);
    command
        .env_clear()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .env("LAMBDA_TASK_ROOT", package)
        .envs([
            ("SESSION_GUARD_ROLE_ARN", role.as_str()),
            ("AWS_REGION", "eu-central-1"),
            ("AWS_LAMBDA_FUNCTION_NAME", name),
            ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
            ("AWS_LAMBDA_RUNTIME_API", runtime_api),
            ("AWS_ACCESS_KEY_ID", "ASIAIOSFODNN7EXAMPLE"),
            (
                "AWS_SECRET_ACCESS_KEY",
                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            ),
            ("AWS_SESSION_TOKEN", "token"),
            ("AWS_ENDPOINT_URL", NOWHERE),
        ]);
    command
}

/// The program's log, one object per line; panics where a line is none.
pub fn log(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("{line}")))
        .collect()
}

/// The messages of a log.
pub fn messages(log: &[Value]) -> Vec<&str> {
    log.iter()
        .filter_map(|line| line["message"].as_str())
        .collect()
}

/// A program at work, which ends with the test, whatever becomes of it.
#[derive(Debug)]
pub struct Running(Option<Child>);

impl Running {
    /// Starts it.
    pub fn start(mut command: Command) -> Self {
        Self(Some(command.spawn().unwrap()))
    }

    /// Stops it; what it has written.
    pub fn stop(mut self) -> Output {
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
