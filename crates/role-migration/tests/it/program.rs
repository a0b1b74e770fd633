//! The program itself: how it starts, how it does not, and what it says to Lambda.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use guard_testkit::content;
use guard_testkit::policies::{CORE, LOGGING, charter};
use guard_testkit::program::{Running, function, log, messages, package};
use guard_testkit::runtime_api::serve;
use serde_json::Value;

use crate::samples::text;

const NAME: &str = "role-migration";

fn program(folder: &Path, runtime_api: &str) -> Command {
    let program = env!("CARGO_BIN_EXE_role-migration");
    function(program, NAME, folder, runtime_api)
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
}

#[test]
fn the_runtime_is_told_what_became_of_each_event() {
    let folder = package(&charter("replace", &[CORE, LOGGING]), &content::baseline());
    let events = vec![
        text("name-instead-of-id").into_bytes(),
        b"migrate please".to_vec(),
    ];
    let (address, told) = serve(NAME, events);
    let running = Running::start(program(folder.path(), &address.to_string()));
    let told: Vec<_> = (0..2)
        .map(|_| told.recv_timeout(Duration::from_mins(1)).unwrap())
        .collect();
    running.stop();
    for ((_, body), says) in told.iter().zip(["`web-servers`", "no JSON"]) {
        let body: Value = serde_json::from_str(body).unwrap();
        assert_eq!(body["errorType"], "Permanent.UnreadableEvent", "{body}");
        let message = body["errorMessage"].as_str().unwrap();
        assert!(message.contains(says), "{message}");
    }
}
