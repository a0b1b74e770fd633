//! What is carried out and put back, on a small IAM.

use std::path::Path;

use insta::assert_snapshot;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::account::Account;
use super::{CORE, FORBIDDEN, LOGGING, folder, write};

fn entry(kind: &str, name: &str, attach: &[&str]) -> Value {
    let prefix = if kind == "role" { "AROA" } else { "AIDA" };
    let id = format!("{prefix}{}", name.to_uppercase().replace('-', ""));
    let arn = format!("arn:aws:iam::123456789012:{kind}/{name}");
    json!({
        "arn": arn,
        "plan": { "kind": kind, "name": name, "id": id, "arn": arn, "forbidden": FORBIDDEN, "attach": attach, "keeps": [] },
        "reasons": [], "losses": [], "surprises": [],
        "surroundings": { "instances": [], "references": [] },
    })
}

fn plan(entries: &[Value]) -> Value {
    json!({
        "form": 1, "account": "123456789012", "made-at": "2026-01-15T02:03:04Z", "forbidden": FORBIDDEN,
        "entries": entries, "elsewhere": [], "looked": { "at": [], "unseen": [] },
    })
}

/// Two roles and a user with the policy, and a plan for them.
fn before() -> (Account, TempDir) {
    let account = Account::with(&[
        ("Role web", &[FORBIDDEN]),
        ("Role batch", &[FORBIDDEN, CORE]),
        ("User bob", &[FORBIDDEN]),
    ]);
    let folder = folder();
    let entries = [
        entry("role", "batch", &[LOGGING]),
        entry("role", "web", &[CORE, LOGGING]),
        entry("user", "bob", &[]),
    ];
    write(folder.path(), "plan.json", &plan(&entries).to_string());
    (account, folder)
}

const APPLY: [&str; 3] = ["migrate", "apply", "plan.json"];
const UNDO: [&str; 3] = ["migrate", "undo", "plan.record.jsonl"];

fn record(folder: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join("plan.record.jsonl")).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn a_plan_is_carried_out_recorded_and_put_back() {
    let (account, folder) = before();
    let run = account.run(folder.path(), &APPLY);
    assert_snapshot!(run.err);
    assert_snapshot!(run.ended(0));
    assert_eq!(account.attached("Role web"), [LOGGING, CORE]);
    assert_eq!(account.attached("Role batch"), [LOGGING, CORE]);
    assert!(account.attached("User bob").is_empty());
    let first = &record(folder.path())[0];
    assert_eq!(
        (
            &first["course"],
            &first["mark"],
            &first["deed"],
            &first["policy"]
        ),
        (
            &json!("apply"),
            &json!("begins"),
            &json!("attach"),
            &json!(LOGGING)
        )
    );

    let n_lines = record(folder.path()).len();
    assert_snapshot!(account.run(folder.path(), &APPLY).ended(0));
    assert_eq!(
        record(folder.path()).len(),
        n_lines,
        "a second run writes nothing"
    );

    assert_snapshot!(account.run(folder.path(), &UNDO).ended(3));
    assert_eq!(account.attached("Role web"), [FORBIDDEN]);
    assert_eq!(account.attached("Role batch"), [CORE, FORBIDDEN]);
    account.attach("User bob", FORBIDDEN);
    assert_snapshot!(account.run(folder.path(), &UNDO).ended(0));
    assert_snapshot!(account.run(folder.path(), &UNDO).ended(0));
}

#[test]
fn it_stops_at_the_first_that_finds_no_place_and_says_how_to_go_on() {
    let (account, folder) = before();
    account.refuse(Some(("AttachRolePolicy", "LimitExceeded")));
    let run = account.run(folder.path(), &APPLY);
    assert_snapshot!(run.err);
    assert_snapshot!(run.ended(3));
    assert_eq!(account.attached("Role batch"), [CORE, FORBIDDEN]);
    assert_eq!(
        account.attached("Role web"),
        [FORBIDDEN],
        "it was not begun"
    );
    account.refuse(None);
    account.run(folder.path(), &APPLY).ended(0);
    assert_eq!(account.attached("Role web"), [LOGGING, CORE]);
}

#[test]
fn a_denied_call_leaves_the_policy_and_names_what_was_added() {
    let (account, folder) = before();
    account.refuse(Some(("DetachRolePolicy", "AccessDenied")));
    let run = account.run(folder.path(), &[&APPLY[..], &["--only", "web"]].concat());
    assert_snapshot!(run.ended(1));
    assert_eq!(account.attached("Role web"), [LOGGING, CORE, FORBIDDEN]);
    assert_eq!(
        account.attached("Role batch"),
        [CORE, FORBIDDEN],
        "--only names another"
    );
}

#[test]
fn what_does_not_fit_is_refused_before_anything_is_asked() {
    let (account, folder) = before();
    let said = |plan: Value, account_id: &str, more: &[&str]| {
        write(folder.path(), "plan.json", &plan.to_string());
        let run = account.run_as(account_id, folder.path(), &[&APPLY[..], more].concat());
        assert_eq!(run.status, Some(1), "{}{}", run.out, run.err);
        run.err
    };
    let good = plan(&[entry("role", "web", &[CORE])]);
    let with = |pointer: &str, value: Value| {
        let mut plan = good.clone();
        *plan.pointer_mut(pointer).unwrap() = value;
        plan
    };
    let all = [
        said(with("/form", json!(2)), "123456789012", &[]),
        said(with("/entries", json!(5)), "123456789012", &[]),
        said(with("/forbidden", json!(CORE)), "123456789012", &[]),
        said(
            with("/entries/0/plan/forbidden", json!(CORE)),
            "123456789012",
            &[],
        ),
        said(good.clone(), "111122223333", &[]),
        said(good.clone(), "123456789012", &["--only", "batch"]),
    ];
    assert_snapshot!(all.concat());
    assert_eq!(account.calls(""), 0);
    assert!(!folder.path().join("plan.record.jsonl").exists());
}

/// A record may come from somebody else.
#[test]
fn a_record_with_a_line_that_no_migration_writes_is_refused_as_a_whole() {
    let (account, folder) = before();
    account.run(folder.path(), &APPLY).ended(0);
    let file = folder.path().join("plan.record.jsonl");
    let text = std::fs::read_to_string(&file).unwrap();
    let n_calls = account.calls("");
    let forged = text.replacen(LOGGING, "arn:aws:iam::aws:policy/AdministratorAccess", 1);
    std::fs::write(&file, forged).unwrap();
    let run = account.run(folder.path(), &UNDO);
    assert_snapshot!(run.err);
    run.ended(1);
    assert_eq!(account.calls(""), n_calls);
}

/// Gathered from a log in the wrong Region, or by a wrong name.
#[test]
fn a_record_without_lines_does_not_pass_for_one_that_is_put_back() {
    let (account, folder) = before();
    write(folder.path(), "plan.record.jsonl", "");
    let run = account.run(folder.path(), &UNDO);
    assert!(run.err.contains("it holds no line"), "{}", run.err);
    run.ended(1);
}
