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
fn a_region_that_the_charter_does_not_name_is_refused() {
    let run = session_guard(&[
        "deploy",
        "--charter",
        "charter.toml",
        "--dry-run",
        "--region",
        "us-east-1",
    ]);
    assert!(
        run.err
            .contains("the charter does not name the Region `us-east-1`"),
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
