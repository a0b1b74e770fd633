use serde_json::json;

use super::program::{session_guard, session_guard_in, session_guard_on};

const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;
/// Of the same with sorted members, by `sha256sum`.
const SHA256: &str = "4544912d02e17143c2bb83ce78a52d16135336eac73930c4f6af0dd72bb7d6af";

#[test]
fn the_fingerprint_is_that_of_the_meaning_from_a_file_and_from_the_standard_input() {
    let folder = tempfile::tempdir().unwrap();
    let laid_out = format!(
        "{:#}\n",
        serde_json::from_str::<serde_json::Value>(POLICY).unwrap()
    );
    std::fs::write(folder.path().join("policy.json"), laid_out).unwrap();
    let run = session_guard_in(folder.path(), &["policy", "fingerprint", "policy.json"]);
    assert_eq!(run.ended(0), format!("{SHA256}\n"));
    let arguments = ["policy", "fingerprint", "-"];
    let of = |text: &str| session_guard_on(text.as_bytes(), &arguments).ended(0);
    assert_eq!(of(POLICY), format!("{SHA256}\n"));
    assert_ne!(
        of(&POLICY.replace("GetObject", "PutObject")),
        format!("{SHA256}\n")
    );
}

#[test]
fn a_charter_takes_it_as_a_pin() {
    let sha256 = session_guard_on(POLICY.as_bytes(), &["policy", "fingerprint", "-"]).ended(0);
    let example = std::fs::read_to_string(super::program::project().join("charter.toml")).unwrap();
    let entry = format!(
        "\n[[forbidden.successor]]\npolicy = \"arn:${{partition}}:iam::${{account}}:policy/own\"\n\
         purpose = \"session-logging\"\nsha256 = \"{}\"\n\n[[exemption]]",
        sha256.trim_end()
    );
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(
        folder.path().join("charter.toml"),
        example.replacen("\n[[exemption]]", &entry, 1),
    )
    .unwrap();
    let baseline = super::program::project().join("SessionManagerRunShell.json");
    std::fs::copy(baseline, folder.path().join("SessionManagerRunShell.json")).unwrap();
    let arguments = ["charter", "check", "charter.toml", "--format", "json"];
    let text = session_guard_in(folder.path(), &arguments).ended(0);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let successors = &json["summary"]["forbidden"][0]["successors"];
    assert_eq!(successors[1]["sha256"], SHA256);
}

#[test]
fn what_is_no_policy_of_a_role_has_no_fingerprint() {
    let with_principal = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"
    }] });
    for (text, expected) in [
        (
            "An error occurred".to_owned(),
            "session-guard: failed to take a policy from `-`: found `An error occurred`, expected a policy: ",
        ),
        (
            "{}".to_owned(),
            "session-guard: failed to take a policy from `-`: Statement: missing, expected ",
        ),
        (
            with_principal.to_string(),
            "session-guard: failed to take a policy from `-`: Statement[0].Principal: ",
        ),
    ] {
        let run = session_guard_on(text.as_bytes(), &["policy", "fingerprint", "-"]);
        assert!(run.err.starts_with(expected), "{}", run.err);
        assert_eq!(run.ended(1), "");
    }
    let run = session_guard(&["policy", "fingerprint", "no-such.json"]);
    assert!(
        run.err
            .starts_with("session-guard: failed to read `no-such.json`: "),
        "{}",
        run.err
    );
    run.ended(1);
}
