use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use insta::assert_snapshot;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::program::{Run, project, session_guard, session_guard_in};

const DETAILS: &str = "crates/guard-cli/tests/it/details.json";
/// Within the time of everything in the example charter.
const NOW: [&str; 2] = ["--now", "2026-06-01T00:00:00Z"];

fn check(arguments: &[&str]) -> Run {
    session_guard(&[&["check", DETAILS], &NOW[..], arguments].concat())
}

fn details() -> Value {
    serde_json::from_reader(File::open(project().join(DETAILS)).unwrap()).unwrap()
}

/// A folder with other details, and the example charter beside them.
fn folder(details: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("details.json"), details).unwrap();
    std::fs::copy(
        project().join("charter.toml"),
        folder.path().join("charter.toml"),
    )
    .unwrap();
    folder
}

fn check_in(folder: &Path) -> Run {
    session_guard_in(folder, &[&["check", "details.json"], &NOW[..]].concat())
}

#[test]
fn findings_are_told_in_lines_and_end_with_two() {
    assert_snapshot!(check(&[]).ended(2));
}

#[test]
fn programs_get_everything_in_one_object() {
    let json: Value = serde_json::from_str(&check(&["--format", "json"]).ended(2)).unwrap();
    assert_eq!(json["account"], "123456789012");
    let summary = &json["summary"];
    assert_eq!(
        (&summary["roles"], &summary["users"], &summary["groups"]),
        (&json!(4), &json!(1), &json!(1))
    );
    let findings = json["findings"].as_array().unwrap();
    let is_open = |finding: &&Value| finding.get("exempt").is_none();
    assert_eq!(summary["findings"], findings.iter().filter(is_open).count());
    assert_eq!(
        summary["exempt"],
        findings.len() - findings.iter().filter(is_open).count()
    );
    let of = |name: &str| {
        findings
            .iter()
            .find(|finding| finding["name"] == name)
            .unwrap()
    };
    let night_shift = of("night-shift");
    assert_eq!(night_shift["rules"], json!(["preferences-access"]));
    assert_eq!(night_shift["finding"], "changes-preferences");
    assert_eq!(night_shift["certainty"], "certain");
    assert_eq!(
        night_shift["arn"],
        "arn:aws:iam::123456789012:role/night-shift"
    );
    let place = json!({ "policy": "inline policy `fixes`", "statement": "Statement[0]", "sid": "Preferences" });
    assert_eq!(night_shift["place"], place);
    assert!(
        night_shift["advice"]
            .as_str()
            .is_some_and(|advice| !advice.is_empty())
    );
    let partners = of("partners");
    assert_eq!(partners["certainty"], "unknown");
    assert_eq!(
        partners["rules"],
        json!(["session-access", "preferences-access"])
    );
    assert_eq!(
        findings
            .iter()
            .filter(|finding| finding["name"] == "partners")
            .count(),
        1
    );
    let exempt = json!({ "reason": "for emergencies; whoever takes the role is paged about" });
    assert_eq!(of("break-glass")["exempt"], exempt);
}

#[test]
fn each_finding_is_a_line_of_json_too() {
    let whole: Value = serde_json::from_str(&check(&["--format", "json"]).ended(2)).unwrap();
    let lines = check(&["--format", "json-lines"]).ended(2);
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(whole["findings"], Value::Array(lines));
}

#[test]
fn an_account_in_which_nobody_may_too_much_ends_with_zero() {
    let mut details = details();
    details["RoleDetailList"]
        .as_array_mut()
        .unwrap()
        .truncate(2);
    let folder = folder(&details.to_string());
    assert_snapshot!(check_in(folder.path()).ended(0), @"2 roles, 1 user and 1 group: no findings, 1 more exempted by the charter");
}

#[test]
fn an_account_with_nobody_in_it_is_clean() {
    let lists = [
        "RoleDetailList",
        "UserDetailList",
        "GroupDetailList",
        "Policies",
    ];
    let nobody: Value = lists
        .map(|list| (list.to_owned(), json!([])))
        .into_iter()
        .collect();
    let folder = folder(&nobody.to_string());
    assert_snapshot!(check_in(folder.path()).ended(0), @"0 roles, 0 users and 0 groups: no findings");
}

#[test]
fn the_standard_input_can_be_read() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_session-guard"))
        .args([&["check", "-"], &NOW[..]].concat())
        .current_dir(project())
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = program.stdin.take().unwrap();
    stdin
        .write_all(&std::fs::read(project().join(DETAILS)).unwrap())
        .unwrap();
    drop(stdin);
    let output = program.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        check(&[]).ended(2)
    );
    // Nothing moves where nobody looks.
    assert_eq!(output.stderr, b"");
}

#[test]
fn what_is_no_account_is_told_with_its_place_and_never_judged() {
    let with = |pointer: &str, value: Value| {
        let mut details = details();
        *details.pointer_mut(pointer).unwrap() = value;
        details
    };
    for (details, expected) in [
        (
            with(
                "/RoleDetailList/1/AttachedManagedPolicies/0/PolicyArn",
                json!(5),
            )
            .to_string(),
            "RoleDetailList[1].AttachedManagedPolicies[0].PolicyArn, line 1 column",
        ),
        (
            with("/Policies", json!({})).to_string(),
            "Policies, line 1 column",
        ),
        (
            "{}".to_owned(),
            "found no `UserDetailList`, expected an answer of GetAccountAuthorizationDetails",
        ),
        (
            "An error occurred (AccessDenied)".to_owned(),
            "line 1 column 1: no JSON",
        ),
    ] {
        let folder = folder(&details);
        let run = check_in(folder.path());
        let start = "session-guard: failed to take an account from `details.json`: ";
        assert!(
            run.err.starts_with(&format!("{start}{expected}")),
            "{}",
            run.err
        );
        assert_eq!(run.ended(1), "");
    }
}

#[test]
fn a_charter_that_cannot_be_applied_ends_before_anything_is_read() {
    let folder = folder("never read");
    let charter = folder.path().join("charter.toml");
    std::fs::write(
        &charter,
        "mode = \"report\"\nregions = [\"eu-central-1\"]\n",
    )
    .unwrap();
    let run = check_in(folder.path());
    assert_eq!(
        run.err,
        "session-guard: failed to judge anybody by `charter.toml`: it says nothing of sessions; add `[sessions]`\n"
    );
    run.ended(1);
    std::fs::write(&charter, "mode = \"rapport\"\n").unwrap();
    let run = check_in(folder.path());
    assert!(run.err.starts_with("charter.toml:1:"), "{}", run.err);
    run.ended(1);
    std::fs::remove_file(&charter).unwrap();
    check_in(folder.path()).ended(1);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let run = session_guard(&["check", "no-such.json"]);
    assert_eq!(
        run.err,
        "session-guard: failed to read `no-such.json`: No such file or directory (os error 2)\n"
    );
    run.ended(1);
}
