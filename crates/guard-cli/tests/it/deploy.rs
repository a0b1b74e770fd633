use insta::assert_snapshot;

use super::program::{project, session_guard, session_guard_in};

/// The commands, without the path of this machine.
fn script(more: &[&str]) -> String {
    let arguments = [
        "deploy",
        "--charter",
        "charter.toml",
        "--dry-run",
        "--lambda-dir",
        "built",
    ];
    let said = session_guard(&[&arguments[..], more].concat()).ended(0);
    let project = std::fs::canonicalize(project()).unwrap();
    said.replace(project.to_str().unwrap(), "PROJECT")
}

#[test]
fn a_dry_run_writes_the_commands_in_their_order() {
    assert_snapshot!(script(&[]));
}

#[test]
fn wishes_reach_the_commands() {
    let said = script(&[
        "--email",
        "a b@example.com",
        "--reserved-concurrency",
        "2",
        "--endpoint-url",
        "http://127.0.0.1:1",
    ]);
    assert!(
        said.contains("--parameter-overrides 'AlertEmail=a b@example.com'"),
        "{said}"
    );
    assert!(said.contains("put-function-concurrency"), "{said}");
    let commands = said
        .lines()
        .filter(|line| line.contains("aws ") || line.contains("cargo-lambda "));
    assert!(commands.clone().count() > 5, "{said}");
    for command in commands {
        assert!(
            command.contains("--endpoint-url http://127.0.0.1:1"),
            "{command}"
        );
    }
}

#[test]
fn rules_are_left_out_on_demand() {
    let run = session_guard(&[
        "deploy",
        "--charter",
        "charter.toml",
        "--dry-run",
        "--without-rules",
    ]);
    assert!(run.err.contains("are left out"), "{}", run.err);
    let said = run.ended(0);
    assert!(said.contains("deploy preferences-guard "), "{said}");
    assert!(!said.contains("rule"), "{said}");
}

/// A folder with this charter, whose lines follow the head, and the example's baseline; and the charter's path in it.
fn charter(lines: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let baseline = "SessionManagerRunShell.json";
    std::fs::copy(project().join(baseline), folder.path().join(baseline)).unwrap();
    let charter = folder.path().join("charter.toml");
    let head = "mode = \"report\"\nregions = [\"eu-central-1\", \"eu-west-1\"]\n";
    std::fs::write(&charter, format!("{head}{lines}")).unwrap();
    let charter = charter.to_str().unwrap().to_owned();
    (folder, charter)
}

/// Each function that is deployed, with its Region.
fn deployed(script: &str) -> Vec<(&str, &str)> {
    let commands = script.lines().filter_map(|line| {
        let (_, command) = line.split_once("cargo-lambda lambda deploy ")?;
        let (_, region) = command.split_once("--region ")?;
        Some((command.split(' ').next()?, region.trim_end_matches(')')))
    });
    commands.collect()
}

#[test]
fn rules_on_principals_go_to_the_one_region_that_records_them() {
    let (_folder, charter) = charter(
        "config-region = \"us-east-1\"\n[sessions]\ntag = { key = \"SessionAccess\", values = [\"web\"] }\n",
    );
    let run = session_guard(&["deploy", "--charter", &charter, "--dry-run"]);
    let said = run.ended(0);
    assert_eq!(
        deployed(&said),
        [
            ("preferences-guard", "eu-central-1"),
            ("session-guard-preferences", "eu-central-1"),
            ("preferences-guard", "eu-west-1"),
            ("session-guard-preferences", "eu-west-1"),
            ("role-policy-guard", "us-east-1"),
            ("session-guard-session-access", "us-east-1"),
            ("session-guard-preferences-access", "us-east-1"),
            ("session-guard-forbidden-policy", "us-east-1"),
            ("session-guard-role-logging", "us-east-1"),
            ("role-migration", "us-east-1"),
        ]
    );
    let alerts = "--stack-name session-guard-alerts --template-file";
    assert_eq!(said.matches(alerts).count(), 3, "{said}");
    let one = [
        "deploy",
        "--charter",
        &charter,
        "--dry-run",
        "--region",
        "us-east-1",
    ];
    let said = session_guard(&one).ended(0);
    assert_eq!(deployed(&said).len(), 6, "{said}");
}

/// The command that deploys this template.
fn stack_command(template: &str, mode: &str, lines: &str) -> String {
    let (_folder, charter) = charter(lines);
    let text = std::fs::read_to_string(&charter).unwrap();
    let text = text.replace("\"report\"\nregions", &format!("\"{mode}\"\nregions"));
    std::fs::write(&charter, text).unwrap();
    let said = session_guard(&["deploy", "--charter", &charter, "--dry-run"]).ended(0);
    let mut commands = said.lines();
    let command = commands.find(|line| line.contains(template));
    command.unwrap().to_owned()
}

/// The command that deploys the role of the guard of policies.
fn policy_guard_role(mode: &str, lines: &str) -> String {
    stack_command("role-policy-guard-role.yaml", mode, lines)
}

const OLD: &str = "ForbiddenPolicies=arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM";
const CORE: &str = "SuccessorPolicies=arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";

/// An entry of the charter with its successor, and where it is judged.
fn entry(enforcement: &str) -> String {
    format!(
        "config-region = \"eu-central-1\"\n[[forbidden]]\npolicy = \"service-role/AmazonEC2RoleforSSM\"\nenforcement = \"{enforcement}\"\n\
         [[forbidden.successor]]\npolicy = \"AmazonSSMManagedInstanceCore\"\n"
    )
}

/// A person decides on each, so what is only reported where it arrives may be migrated all the same.
#[test]
fn a_remediation_may_change_what_the_charter_forbids_whatever_the_guard_does() {
    let template = "role-migration-role.yaml";
    for enforcement in ["report", "detach", "replace"] {
        let command = stack_command(template, "revert", &entry(enforcement));
        assert!(command.contains(&format!("{OLD} {CORE} ")), "{command}");
    }
    let command = stack_command(template, "report", &entry("replace"));
    let nothing = "--parameter-overrides ForbiddenPolicies= SuccessorPolicies= ";
    assert!(command.contains(nothing), "{command}");
}

#[test]
fn aws_config_remedies_without_being_asked_only_where_the_charter_lets_it() {
    let automatic =
        entry("replace").replacen("enforcement", "remediation = \"automatic\"\nenforcement", 1);
    for (mode, lines, expected) in [
        ("revert", &automatic, true),
        ("report", &automatic, false),
        ("revert", &entry("replace"), false),
    ] {
        let command = stack_command("/role-migration.yaml", mode, lines);
        let expected = format!("--parameter-overrides Automatic={expected} ");
        assert!(command.contains(&expected), "{command}");
        assert!(command.contains("CAPABILITY_NAMED_IAM"), "{command}");
    }
}

#[test]
fn the_guard_of_policies_may_change_what_the_charter_names_and_nothing_while_it_reports() {
    let command = policy_guard_role("revert", "");
    assert!(
        command.contains("--parameter-overrides ForbiddenPolicies= SuccessorPolicies= "),
        "{command}"
    );
    for (enforcement, expected) in [
        (
            "report",
            "ForbiddenPolicies= SuccessorPolicies= ".to_owned(),
        ),
        ("detach", format!("{OLD} SuccessorPolicies= ")),
        ("replace", format!("{OLD} {CORE} ")),
    ] {
        let command = policy_guard_role("revert", &entry(enforcement));
        let expected = format!("--parameter-overrides {expected}");
        assert!(command.contains(&expected), "{enforcement}: {command}");
    }
}

#[test]
fn a_charter_that_says_nothing_of_sessions_leaves_rules_out_and_it_is_said() {
    for (lines, complaint, functions) in [
        ("", "names no config-region", 5),
        ("config-region = \"eu-west-1\"\n", "has no [sessions]", 8),
    ] {
        let (_folder, charter) = charter(lines);
        let run = session_guard(&["deploy", "--charter", &charter, "--dry-run"]);
        assert!(run.err.contains(complaint), "{}", run.err);
        let said = run.ended(0);
        let deployed = deployed(&said);
        assert_eq!(deployed.len(), functions, "{said}");
        let is_on_sessions = |(name, _): &(&str, &str)| name.ends_with("-access");
        assert!(!deployed.iter().any(is_on_sessions), "{said}");
    }
}

#[test]
fn a_region_that_the_charter_does_not_name_is_refused() {
    let run = session_guard(&[
        "deploy",
        "--charter",
        "charter.toml",
        "--dry-run",
        "--region",
        "ap-south-1",
    ]);
    assert!(
        run.err
            .contains("the charter does not name the Region `ap-south-1`"),
        "{}",
        run.err
    );
    run.ended(1);
}

#[test]
fn a_function_that_is_not_built_is_asked_for_before_anything_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let built = folder.path().to_str().unwrap();
    let run = session_guard(&[
        "deploy",
        "--charter",
        "charter.toml",
        "--lambda-dir",
        built,
        "--arch",
        "x86_64",
    ]);
    assert!(
        run.err.contains("build it with `make build ARCH=x86_64`"),
        "{}",
        run.err
    );
    run.ended(1);
}

#[test]
fn elsewhere_than_in_the_project_it_says_where_to_run() {
    let charter = std::path::absolute(project().join("charter.toml")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "deploy",
        "--charter",
        charter.to_str().unwrap(),
        "--dry-run",
    ];
    let run = session_guard_in(folder.path(), &arguments);
    assert!(
        run.err.contains("failed to find `./infra/alerts.yaml`"),
        "{}",
        run.err
    );
    run.ended(1);
}

#[test]
fn a_broken_charter_stops_the_deployment_before_all_else() {
    let folder = tempfile::tempdir().unwrap();
    let charter = folder.path().join("charter.toml");
    std::fs::write(&charter, "mode = \"revert\"\n").unwrap();
    let run = session_guard(&["deploy", "--charter", charter.to_str().unwrap()]);
    assert!(run.err.contains("error: regions: missing"), "{}", run.err);
    run.ended(1);
}

#[test]
fn an_endpoint_elsewhere_is_refused() {
    for subcommand in [
        &["diff", "--charter", "charter.toml"][..],
        &["adopt", "--region", "eu-central-1"],
    ] {
        let run = session_guard(&[subcommand, &["--endpoint-url", "https://example.com"]].concat());
        assert!(
            run.err.contains("only addresses of this machine"),
            "{}",
            run.err
        );
        run.ended(1);
    }
}

#[test]
fn a_file_that_exists_is_not_adopted_over() {
    let run = session_guard(&["adopt", "--region", "eu-central-1", "--out", "charter.toml"]);
    assert!(
        run.err
            .contains("failed to write `charter.toml`: it exists"),
        "{}",
        run.err
    );
    run.ended(1);
}
