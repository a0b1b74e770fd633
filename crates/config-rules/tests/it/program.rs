//! The program itself: which rule it answers for, how it does not start, and what it says to Lambda.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use guard_testkit::charter::MandateBuilder;
use guard_testkit::program::{self, Running, log, messages};
use guard_testkit::runtime_api::serve;
use serde_json::Value;

use crate::samples::text;
use crate::scene::CHARTER;

fn package(charter: &str) -> tempfile::TempDir {
    program::package(charter, MandateBuilder::new().baseline())
}

fn function(name: &str, folder: &Path, runtime_api: &str) -> Command {
    program::function(
        env!("CARGO_BIN_EXE_config-rules"),
        name,
        folder,
        runtime_api,
    )
}

/// What a program says that does not start.
fn refusal(name: &str, charter: &str) -> Vec<String> {
    let folder = package(charter);
    let mut function = function(name, folder.path(), "127.0.0.1:9");
    let output = function.output().unwrap();
    assert!(!output.status.success());
    let log = log(&output);
    let messages = messages(&log).into_iter();
    messages.map(str::to_owned).collect()
}

#[test]
fn a_function_whose_name_is_no_rules_does_not_start() {
    assert_eq!(
        refusal("session-guard-preferences-guard", CHARTER),
        [
            "cannot start: a function named `session-guard-preferences-guard` answers for no rule: it must be named \
             session-guard-preferences, session-guard-session-access, session-guard-preferences-access, \
             session-guard-forbidden-policy, session-guard-role-logging"
        ]
    );
}

#[test]
fn a_rule_on_principals_starts_only_where_and_if_the_charter_wants_it() {
    let elsewhere = CHARTER.replace(
        "config-region = \"eu-central-1\"",
        "config-region = \"us-east-1\"",
    );
    for name in ["session-guard-session-access", "session-guard-role-logging"] {
        assert_eq!(
            refusal(name, &elsewhere),
            [
                "cannot start: the charter has roles, users and groups judged in `us-east-1`, not in `eu-central-1`"
            ]
        );
    }
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
    for name in [
        "session-guard-preferences",
        "session-guard-session-access",
        "session-guard-forbidden-policy",
    ] {
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
            role.clone(),
            "session-access",
        ),
        (
            "session-guard-forbidden-policy",
            CHARTER,
            role,
            "forbidden-policy",
        ),
    ] {
        let folder = package(charter);
        let events = vec![b"change please".to_vec(), event.into_bytes()];
        let (address, told) = serve(name, events);
        let running = Running::start(function(name, folder.path(), &address.to_string()));
        let expected = ["Permanent.UnreadableEvent", told_of];
        for expected in expected {
            let (_, body) = told.recv_timeout(Duration::from_mins(3)).unwrap();
            let body: Value = serde_json::from_str(&body).unwrap();
            let found = [&body["errorType"], &body["rule"]];
            assert!(found.contains(&&Value::from(expected)), "{body}");
        }
        let log = log(&running.stop());
        // What the runtime says of its end belongs to no event.
        let mut of_events = log
            .iter()
            .filter(|line| line["target"] != "guard_lambda::run" || line["request.id"].is_string());
        assert!(
            of_events.all(|line| line["function"] == name || line["Function"] == name),
            "{log:#?}"
        );
    }
}
