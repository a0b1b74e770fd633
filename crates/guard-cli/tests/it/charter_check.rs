use std::path::Path;

use insta::assert_snapshot;
use tempfile::TempDir;

use super::program::{session_guard, session_guard_in};

const FLOOR: &str = "\
mode = \"report\"
regions = [\"eu-central-1\", \"us-east-1\"]
[floor]
cloudWatchLogGroupName = { is = \"/sessions/${account}/${region}\" }
idleSessionTimeout = { at-most = 30 }
";

const BASELINE: &str = r#"{
  "schemaVersion": "1.0",
  "sessionType": "Standard_Stream",
  "inputs": {
    "cloudWatchLogGroupName": "/sessions/${account}/eu-central-1",
    "idleSessionTimeout": "60"
  }
}"#;

fn folder(charter: &str, baseline: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("charter.toml"), charter).unwrap();
    std::fs::write(folder.path().join("SessionManagerRunShell.json"), baseline).unwrap();
    folder
}

fn check(folder: &Path, arguments: &[&str], status: i32) -> String {
    let arguments = [&["charter", "check", "charter.toml"], arguments].concat();
    session_guard_in(folder, &arguments).ended(status)
}

#[test]
fn the_example_charter_is_valid() {
    let run = session_guard(&["charter", "check", "charter.toml"]);
    assert_snapshot!(run.ended(0));
}

#[test]
fn a_very_broken_charter_is_told_line_by_line() {
    let charter = include_str!("broken.toml");
    assert_snapshot!(check(folder(charter, BASELINE).path(), &[], 1));
}

#[test]
fn a_baseline_below_its_floor_is_wrong_in_the_regions_where_it_is() {
    let folder = folder(FLOOR, BASELINE);
    assert_snapshot!(check(folder.path(), &[], 1), @r"
    SessionManagerRunShell.json:6:5: error: inputs.idleSessionTimeout: below the floor: `idleSessionTimeout` must be at most 30 minutes and is `60`
    SessionManagerRunShell.json:5:5: error: inputs.cloudWatchLogGroupName: below the floor: `cloudWatchLogGroupName` must be `/sessions/123456789012/us-east-1` and is `/sessions/123456789012/eu-central-1` (in us-east-1)
    charter.toml: 2 errors
    checked for account 123456789012; --account names another
    ");
}

#[test]
fn an_account_can_be_named() {
    let charter = "mode = \"report\"\nregions = [\"eu-central-1\"]\n[floor]\ns3BucketName = { is = \"logs-${account}\" }\n";
    let baseline = r#"{ "schemaVersion": "1.0", "sessionType": "Standard_Stream",
        "inputs": { "s3BucketName": "logs-111122223333", "s3EncryptionEnabled": true } }"#;
    let folder = folder(charter, baseline);
    check(folder.path(), &[], 1);
    check(folder.path(), &["--account", "111122223333"], 0);
    check(folder.path(), &["--account", "1111"], 64);
}

#[test]
fn a_baseline_that_logs_nowhere_under_an_empty_floor_is_warned_of() {
    let charter = "mode = \"report\"\nregions = [\"eu-central-1\"]\n";
    let baseline = r#"{ "schemaVersion": "1.0", "sessionType": "Standard_Stream", "inputs": {} }"#;
    let folder = folder(charter, baseline);
    assert_snapshot!(check(folder.path(), &[], 0), @r"
    charter.toml: warning: the baseline names neither a bucket nor a log group: sessions are not recorded
    charter.toml: warning: the floor is empty: an editor may change everything, recording included
    charter.toml: valid
      mode      report: the guard says what it would do
      Regions   eu-central-1
      baseline  SessionManagerRunShell.json
    ");
    check(folder.path(), &["--strict"], 1);
}

#[test]
fn a_baseline_that_is_no_document_or_not_there_is_an_error() {
    let folder = folder(FLOOR, "{ \"inputs\": { ");
    let text = check(folder.path(), &[], 1);
    assert!(
        text.starts_with(
            "SessionManagerRunShell.json: error: the baseline is no preferences document: "
        ),
        "{text}"
    );
    let text = check(folder.path(), &["--baseline", "elsewhere.json"], 1);
    assert!(
        text.starts_with("elsewhere.json: error: the baseline cannot be read: "),
        "{text}"
    );
}

#[test]
fn a_baseline_may_not_take_the_name_of_the_functions_program() {
    let charter = "mode = \"report\"\nregions = [\"eu-central-1\"]\nbaseline = \"bootstrap\"\n";
    let folder = folder(charter, BASELINE);
    std::fs::write(folder.path().join("bootstrap"), BASELINE).unwrap();
    let text = check(folder.path(), &[], 1);
    assert!(
        text.starts_with("charter.toml:3:1: error: baseline: found `bootstrap`"),
        "{text}"
    );
}

#[test]
fn sessions_and_exemptions_are_told_and_warned_of() {
    let charter = format!(
        "config-region = \"eu-central-2\"\n{FLOOR}[sessions]\n\
         abac = {{ key = \"Team\" }}\ntunnels = true\n\
         [[exemption]]\ngroup = \"arn:aws:iam::${{account}}:group/on-call\"\n\
         until = 2026-11-01T00:00:00Z\nunique-id = \"AGPAEXAMPLEID\"\nreason = \"until the new tools are there\"\n"
    );
    let baseline = r#"{ "schemaVersion": "1.0", "sessionType": "Standard_Stream", "inputs": {
        "cloudWatchLogGroupName": "/sessions/${account}/${region}", "cloudWatchEncryptionEnabled": true,
        "idleSessionTimeout": "15" } }"#;
    let folder = folder(&charter, baseline);
    let text = check(folder.path(), &["--now", "2026-11-01T00:00:00Z"], 0);
    assert_snapshot!(text, @r"
    charter.toml: warning: AWS Config does not record IAM's roles, users and groups in eu-central-2: nobody would be judged there; name another config-region
    charter.toml: warning: tunnels = true: sessions over SSH and port forwarding may be opened, of which nothing is recorded
    charter.toml: warning: exemption[1], group `arn:aws:iam::${account}:group/on-call`, ended 2026-11-01T00:00:00Z; take it out, or name a later time
    charter.toml: valid
      mode      report: the guard says what it would do
      Regions   eu-central-1, us-east-1
      baseline  SessionManagerRunShell.json
      Config    roles, users and groups are judged in eu-central-2
      floor     cloudWatchLogGroupName is `/sessions/${account}/${region}`
                idleSessionTimeout at most 30 minutes
      instances whose tag Team equals the principal's tag Team
      documents SSM-SessionManagerRunShell
      tunnels   granted
      commands  refused
      forbidden `arn:${partition}:iam::aws:policy/service-role/AmazonEC2RoleforSSM`: reported by `session-guard check`
      successor `arn:${partition}:iam::aws:policy/AmazonSSMManagedInstanceCore` for systems-manager, AWS's own
      exempt    group `arn:aws:iam::${account}:group/on-call` from session-access and preferences-access and forbidden-policy and role-logging, with the unique id AGPAEXAMPLEID, until 2026-11-01T00:00:00Z: until the new tools are there
    ");
    let early = ["--now", "2026-10-31T23:59:59Z", "--format", "json"];
    let json: serde_json::Value = serde_json::from_str(&check(folder.path(), &early, 0)).unwrap();
    assert_eq!(json["warnings"].as_array().unwrap().len(), 2);
    assert_eq!(json["summary"]["configRegion"], "eu-central-2");
    assert_eq!(
        json["summary"]["sessions"],
        serde_json::json!({
            "instances": { "abac": { "key": "Team", "principalKey": "Team" } },
            "documents": ["SSM-SessionManagerRunShell"],
            "tunnels": "granted",
            "commands": "refused",
        })
    );
    assert_eq!(
        json["summary"]["exemptions"][0]["uniqueId"],
        "AGPAEXAMPLEID"
    );
    assert_eq!(
        json["summary"]["exemptions"][0]["rules"],
        serde_json::json!([
            "session-access",
            "preferences-access",
            "forbidden-policy",
            "role-logging"
        ])
    );
}

#[test]
fn programs_get_places_and_problems() {
    let folder = folder(FLOOR, BASELINE);
    let text = check(folder.path(), &["--format", "json"], 1);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["valid"], false);
    assert_eq!(json["errors"][0]["line"], 6);
    assert_eq!(json["errors"][0]["problem"]["unmet"]["found"], "60");
    assert_eq!(
        json["errors"][1]["regions"],
        serde_json::json!(["us-east-1"])
    );
    assert_eq!(json["summary"]["mode"], "report");
}

#[test]
fn a_charter_that_is_not_there_is_named() {
    let run = session_guard(&["charter", "check", "no-such.toml"]);
    assert_eq!(
        run.err,
        "session-guard: failed to read `no-such.toml`: No such file or directory (os error 2)\n"
    );
    run.ended(1);
}

#[test]
fn what_is_forbidden_is_told_and_nothing_is_promised_that_nobody_does() {
    let sha = "0123456789abcdef".repeat(4);
    let charter = format!(
        "config-region = \"eu-central-1\"\n{FLOOR}[[forbidden]]\npolicy = \"service-role/AmazonEC2RoleforSSM\"\nenforcement = \"replace\"\n\
         remediation = \"automatic\"\nagent-uses = [\"cloudwatch-agent\"]\nbuckets = [\"out-${{account}}\", \"shared/run/command\"]\n\
         [[forbidden.successor]]\npolicy = \"AmazonSSMManagedInstanceCore\"\n\
         [[forbidden.successor]]\npolicy = \"CloudWatchAgentServerPolicy\"\n\
         [[forbidden.successor]]\npolicy = \"arn:${{partition}}:iam::${{account}}:policy/node-buckets\"\n\
         purpose = \"buckets\"\nsha256 = \"{sha}\"\n\
         [[forbidden]]\npolicy = \"AdministratorAccess\"\nenforcement = \"detach\"\n\
         [[forbidden]]\npolicy = \"PowerUserAccess\"\nenforcement = \"report\"\n"
    );
    let baseline = r#"{ "schemaVersion": "1.0", "sessionType": "Standard_Stream", "inputs": {
        "cloudWatchLogGroupName": "/sessions/${account}/${region}", "cloudWatchEncryptionEnabled": true,
        "idleSessionTimeout": "15" } }"#;
    let folder = folder(&charter, baseline);
    let unreported = check(folder.path(), &[], 0);
    assert!(
        unreported.contains("reported by `session-guard check` once there is [sessions]"),
        "{unreported}"
    );
    let sessions = "[sessions]\nabac = { key = \"Team\" }\n";
    std::fs::write(folder.path().join("charter.toml"), charter + sessions).unwrap();
    assert_snapshot!(check(folder.path(), &[], 0));
    check(folder.path(), &["--strict"], 1);
    let text = check(folder.path(), &["--format", "json"], 0);
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_snapshot!(format!("{:#}", json["summary"]["forbidden"]));
    let warning = serde_json::json!({ "not-automatic": { "entry": "forbidden[1]" } });
    assert_eq!(json["warnings"][0]["warning"], warning);
}
