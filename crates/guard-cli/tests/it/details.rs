use std::collections::BTreeSet;
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
    for file in ["charter.toml", "SessionManagerRunShell.json"] {
        std::fs::copy(project().join(file), folder.path().join(file)).unwrap();
    }
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
        (&json!(6), &json!(1), &json!(1))
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
    let batch_servers = of("batch-servers");
    assert_eq!(batch_servers["rules"], json!(["role-logging"]));
    assert_eq!(batch_servers["finding"], "sessions-refused");
    let web_servers = of("web-servers");
    assert_eq!(web_servers["rules"], json!(["forbidden-policy"]));
    assert_eq!(web_servers["finding"], "forbidden-policy-attached");
    assert_eq!(json["unjudged"], json!([]));
    let exempt = json!({ "reason": "for emergencies; whoever takes the role is paged about" });
    assert_eq!(of("break-glass")["exempt"], exempt);
}

#[test]
fn every_member_that_programs_read_is_documented() {
    fn members(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(object) => {
                for (member, value) in object {
                    found.insert(member.clone());
                    members(value, found);
                }
            }
            Value::Array(values) => values.iter().for_each(|value| members(value, found)),
            _ => {}
        }
    }
    let whole: Value = serde_json::from_str(&check(&["--format", "json"]).ended(2)).unwrap();
    let mut found = BTreeSet::new();
    members(&whole, &mut found);
    assert!(found.len() > 20, "{found:?}");
    let page = std::fs::read_to_string(project().join("docs/check.md")).unwrap();
    let is_missing = |member: &String| !page.contains(&format!("`{member}`"));
    let missing: Vec<_> = found.into_iter().filter(is_missing).collect();
    assert_eq!(missing, [""; 0]);
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
fn a_file_without_anybody_is_no_account() {
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
    let run = check_in(folder.path());
    assert_eq!((run.status, run.out.as_str()), (Some(1), ""));
    assert!(
        run.err.contains("holds no role, user or group"),
        "{}",
        run.err
    );
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

/// A folder with the example's details under a charter of few lines, and a baseline.
fn folder_under(charter: &str, inputs: &str) -> TempDir {
    let folder = folder(&details().to_string());
    let head = "mode = \"report\"\nregions = [\"eu-central-1\", \"eu-west-1\"]\nconfig-region = \"eu-central-1\"\n\
                [sessions]\ntag = { key = \"SessionAccess\", values = [\"web\"] }\n";
    std::fs::write(
        folder.path().join("charter.toml"),
        format!("{head}{charter}"),
    )
    .unwrap();
    let baseline = format!(
        "{{ \"schemaVersion\": \"1.0\", \"sessionType\": \"Standard_Stream\", \"inputs\": {inputs} }}"
    );
    std::fs::write(folder.path().join("SessionManagerRunShell.json"), baseline).unwrap();
    folder
}

/// The findings of one rule.
fn findings_of(folder: &Path, rule: &str) -> Vec<Value> {
    let run = session_guard_in(
        folder,
        &[
            &["check", "details.json", "--format", "json-lines"],
            &NOW[..],
        ]
        .concat(),
    );
    let lines = run
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    lines
        .filter(|line: &Value| line["rules"].as_array().unwrap().contains(&json!(rule)))
        .collect()
}

#[test]
fn records_are_asked_for_in_every_region_of_the_charter() {
    let folder = folder_under(
        "",
        "{ \"cloudWatchLogGroupName\": \"/sessions/${region}\" }",
    );
    let found = findings_of(folder.path(), "role-logging");
    let [batch_servers] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(batch_servers["name"], "batch-servers");
    // Four calls on the log group of each Region, all lacking.
    let what = "the role lacks logs:DescribeLogGroups on every log group in eu-central-1 and 7 more: sessions go on unrecorded";
    assert_eq!(batch_servers["what"], what);
}

#[test]
fn a_region_without_a_destination_is_told_of_in_every_layout_and_the_rest_is_judged() {
    let folder = folder_under("", "{}");
    let warning = |region: &str| {
        format!(
            "warning: role-logging judges nobody in {region}: the baseline names neither a bucket nor a log group: sessions are recorded nowhere\n"
        )
    };
    let warnings = warning("eu-central-1") + &warning("eu-west-1");
    for format in ["table", "json", "json-lines"] {
        let run = session_guard_in(
            folder.path(),
            &[&["check", "details.json", "--format", format], &NOW[..]].concat(),
        );
        assert_eq!(run.err, warnings, "{format}");
        let out = run.ended(2);
        assert!(out.contains("forbidden-policy-attached"), "{out}");
        assert!(!out.contains("sessions-"), "{out}");
        if format == "json" {
            let json: Value = serde_json::from_str(&out).unwrap();
            let why = "the baseline names neither a bucket nor a log group: sessions are recorded nowhere";
            let unjudged = |region| json!({ "rule": "role-logging", "region": region, "why": why });
            assert_eq!(
                json["unjudged"],
                json!([unjudged("eu-central-1"), unjudged("eu-west-1")])
            );
        }
    }
}

#[test]
fn without_a_usable_baseline_nobody_is_judged() {
    let folder = folder_under("", "{ \"cloudWatchLogGroupName\": \"/sessions/*\" }");
    let run = check_in(folder.path());
    assert_eq!(
        run.err,
        "session-guard: failed to judge roles by `SessionManagerRunShell.json`: nobody can say whether a role can write \
         where the baseline has sessions of eu-central-1 recorded: `cloudWatchLogGroupName` of the baseline is \
         `/sessions/*`, expected the name of a log group: 1 to 512 letters, digits or characters of _-/.#\n"
    );
    assert_eq!(run.ended(1), "");

    let folder = folder_under(
        "[floor]\ncloudWatchLogGroupName = { is = \"/sessions/${region}\" }\n",
        "{ \"cloudWatchLogGroupName\": \"/sessions/eu-central-1\" }",
    );
    let run = check_in(folder.path());
    assert!(
        run.err.ends_with("below the floor: `cloudWatchLogGroupName` must be `/sessions/eu-west-1` and is `/sessions/eu-central-1` (in eu-west-1)\n"),
        "{}",
        run.err
    );
    assert_eq!(run.ended(1), "");

    std::fs::remove_file(folder.path().join("SessionManagerRunShell.json")).unwrap();
    let run = check_in(folder.path());
    assert_eq!(
        run.err,
        "session-guard: failed to read the baseline `SessionManagerRunShell.json`, without which nobody knows where \
         sessions are recorded; name another with --baseline: No such file or directory (os error 2)\n"
    );
    assert_eq!(run.ended(1), "");
}

#[test]
fn another_baseline_can_be_named() {
    let folder = folder_under("", "{}");
    std::fs::write(
        folder.path().join("other.json"),
        r#"{ "schemaVersion": "1.0", "sessionType": "Standard_Stream", "inputs": { "s3BucketName": "records" } }"#,
    )
    .unwrap();
    let arguments = ["check", "details.json", "--baseline", "other.json"];
    let run = session_guard_in(folder.path(), &[&arguments, &NOW[..]].concat());
    assert_eq!(run.err, "");
    let out = run.ended(2);
    assert!(
        out.contains("the role lacks s3:PutObject on `records/*` for eu-central-1 and 1 more"),
        "{out}"
    );
}

#[test]
fn exemptions_from_rules_on_policies_hold_for_the_rule_that_they_name() {
    let folder = folder_under(
        "[[exemption]]\nrole = \"arn:aws:iam::${account}:role/web-servers\"\nrules = [\"forbidden-policy\"]\n\
         reason = \"being migrated\"\nuntil = 2026-07-01T00:00:00Z\n",
        "{ \"cloudWatchLogGroupName\": \"/sessions\", \"kmsKeyId\": \"alias/sessions\" }",
    );
    let attached = findings_of(folder.path(), "forbidden-policy");
    let exempt = json!({ "reason": "being migrated", "until": "2026-07-01T00:00:00Z" });
    let names: Vec<_> = attached
        .iter()
        .map(|it| (&it["name"], &it["exempt"]))
        .collect();
    assert_eq!(names, [(&json!("web-servers"), &exempt)]);
    let refused = findings_of(folder.path(), "role-logging");
    let web_servers: Vec<_> = refused
        .iter()
        .filter(|it| it["name"] == "web-servers")
        .collect();
    assert!(
        matches!(web_servers.as_slice(), [it] if it.get("exempt").is_none()),
        "{web_servers:?}"
    );
}

#[test]
fn what_is_no_reason_to_act_is_a_hint() {
    let mut details = details();
    let roles = details["RoleDetailList"].as_array_mut().unwrap();
    // The role with the forbidden policy may use one key, and nobody knows whether the alias means it.
    let mut servers = roles.remove(4);
    servers["RolePolicyList"] = json!([{ "PolicyName": "key", "PolicyDocument": { "Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "kms:Decrypt",
        "Resource": "arn:aws:kms:eu-central-1:123456789012:key/11111111-2222-4333-8444-555555555555"
    } } }]);
    servers["AttachedManagedPolicies"] = json!([]);
    let log = json!({ "Effect": "Allow", "Resource": "*", "Action": ["logs:*", "ssmmessages:*"] });
    servers["RolePolicyList"]
        .as_array_mut()
        .unwrap()
        .push(json!({
            "PolicyName": "log", "PolicyDocument": { "Version": "2012-10-17", "Statement": log }
        }));
    roles.truncate(2);
    roles.push(servers);
    let folder = folder(&details.to_string());
    let out = check_in(folder.path()).ended(0);
    assert_snapshot!(out);
    let [hint] = &findings_of(folder.path(), "role-logging")[..] else {
        panic!("{out}")
    };
    assert_eq!(
        (&hint["finding"], &hint["hint"]),
        (&json!("session-key-unsettled"), &json!(true))
    );
}
