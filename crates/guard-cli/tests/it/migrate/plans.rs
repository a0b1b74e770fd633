//! What is planned, from files.

use std::path::Path;

use insta::assert_snapshot;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{FORBIDDEN, ec2, folder, logging, trust, write};
use crate::program::{Run, session_guard, session_guard_in};

fn entity(kind: &str, name: &str) -> Value {
    let mut entity = json!({
        "Path": "/", "CreateDate": "2024-05-01T00:00:00Z",
        "Arn": format!("arn:aws:iam::123456789012:{}/{name}", kind.to_lowercase()),
        "AttachedManagedPolicies": [{ "PolicyName": "AmazonEC2RoleforSSM", "PolicyArn": FORBIDDEN }],
    });
    let id = match kind {
        "Role" => "AROA",
        _ => "AIDA",
    };
    let id = format!("{id}{}", name.to_uppercase().replace('-', ""));
    entity[format!("{kind}Name")] = json!(name);
    entity[format!("{kind}Id")] = json!(id);
    entity[format!("{kind}PolicyList")] = json!([]);
    entity
}

fn role(name: &str, trust: Value) -> Value {
    let mut role = entity("Role", name);
    role["AssumeRolePolicyDocument"] = trust;
    role["Tags"] = json!([]);
    role["InstanceProfileList"] = json!([]);
    role
}

fn details() -> Value {
    let mut user = entity("User", "bob");
    user["GroupList"] = json!([]);
    let policy = json!({
        "PolicyName": "session-logging", "PolicyId": "ANPAEXAMPLE", "Path": "/", "DefaultVersionId": "v1",
        "Arn": super::LOGGING, "AttachmentCount": 0, "IsAttachable": true,
        "PolicyVersionList": [{ "VersionId": "v1", "IsDefaultVersion": true, "Document": logging() }],
    });
    let root = json!({ "AWS": "arn:aws:iam::123456789012:root" });
    json!({
        "UserDetailList": [user],
        "GroupDetailList": [],
        "RoleDetailList": [
            role("web-servers", ec2()), role("batch-servers", ec2()), role("deployer", trust(&root)),
        ],
        "Policies": [policy],
    })
}

/// What the access advisor says: these services were used.
fn used(services: &[&str]) -> String {
    let all = [
        "ssm",
        "ssmmessages",
        "ec2messages",
        "cloudwatch",
        "ec2",
        "ds",
        "logs",
        "s3",
    ];
    let told = all.map(|namespace| {
        let mut told = json!({ "ServiceName": namespace, "ServiceNamespace": namespace });
        if services.contains(&namespace) {
            told["LastAuthenticated"] = json!("2026-01-10T00:00:00+00:00");
        }
        told
    });
    json!({
        "JobStatus": "COMPLETED", "JobType": "SERVICE_LEVEL", "IsTruncated": false,
        "JobCreationDate": "2026-01-15T02:03:00+00:00", "JobCompletionDate": "2026-01-15T02:03:04+00:00",
        "ServicesLastAccessed": told,
    })
    .to_string()
}

/// The account: web servers that use what they should, batch servers that use a bucket besides, and others.
fn account() -> TempDir {
    let folder = folder();
    write(folder.path(), "details.json", &details().to_string());
    let accessed = folder.path().join("accessed");
    std::fs::create_dir(&accessed).unwrap();
    let node = ["ssm", "ssmmessages", "ec2messages", "logs"];
    write(&accessed, "role-web-servers.json", &used(&node));
    write(
        &accessed,
        "role-batch-servers.json",
        &used(&[&node[..], &["s3"]].concat()),
    );
    write(&accessed, "user-bob.json", &used(&[]));
    folder
}

fn plan(folder: &Path, more: &[&str]) -> Run {
    let arguments = ["migrate", "plan", "--details", "details.json"];
    session_guard_in(folder, &[&arguments[..], more].concat())
}

#[test]
fn help_shows_examples_and_what_each_needs() {
    for command in ["plan", "apply", "undo"] {
        let help = session_guard(&["migrate", command, "--help"]).ended(0);
        assert!(
            help.contains("Examples:\n  session-guard migrate "),
            "{help}"
        );
        assert!(help.contains("Exit status: 0 "), "{help}");
    }
    assert_snapshot!(session_guard(&["migrate", "apply", "--help"]).ended(0));
}

#[test]
fn a_plan_says_what_is_done_and_what_is_lost() {
    let folder = account();
    let run = plan(
        folder.path(),
        &["--accessed", "accessed", "--out", "plan.json"],
    );
    assert_eq!(
        run.err,
        "The plan stands in `plan.json`: read it, then `session-guard migrate apply plan.json`.\n"
    );
    assert_snapshot!(run.ended(0));
    let written = std::fs::read_to_string(folder.path().join("plan.json")).unwrap();
    let written: Value = serde_json::from_str(&written).unwrap();
    assert_eq!(written["form"], 1);
    assert_eq!(written["entries"].as_array().unwrap().len(), 4);
}

/// What the AWS command line prints of what runs with a role, by file.
fn surroundings() -> [(&'static str, Value); 4] {
    let profile = "arn:aws:iam::123456789012:instance-profile/web";
    [
        (
            "profiles.json",
            json!({ "InstanceProfiles": [
                { "InstanceProfileName": "web", "Arn": profile, "Roles": [{ "RoleName": "web-servers" }] },
            ] }),
        ),
        (
            "instances.json",
            json!({ "Reservations": [{ "Instances": [
                { "InstanceId": "i-0123456789abcdef0", "State": { "Name": "running" }, "IamInstanceProfile": { "Arn": profile } },
                { "InstanceId": "i-00000000000000000", "State": { "Name": "terminated" }, "IamInstanceProfile": { "Arn": profile } },
                { "InstanceId": "i-11111111111111111", "State": { "Name": "running" } },
            ] }] }),
        ),
        (
            "templates.json",
            json!({ "LaunchTemplateVersions": [
                {
                    "LaunchTemplateId": "lt-0123456789abcdef0", "LaunchTemplateName": "web", "VersionNumber": 3,
                    // aws iam attach-role-policy … AmazonEC2RoleforSSM
                    "LaunchTemplateData": {
                        "IamInstanceProfile": { "Name": "web" }, "UserData": "YXR0YWNoIEFtYXpvbkVDMlJvbGVmb3JTU00=",
                    },
                },
                {
                    "LaunchTemplateId": "lt-11111111111111111", "LaunchTemplateName": "bare", "VersionNumber": 1,
                    "LaunchTemplateData": { "UserData": "YXR0YWNoIEFtYXpvbkVDMlJvbGVmb3JTU00=" },
                },
            ] }),
        ),
        (
            "stacks.json",
            json!({ "StackResources": [{
                "StackName": "web", "ResourceType": "AWS::IAM::Role", "PhysicalResourceId": "web-servers",
                "StackId": "arn:aws:cloudformation:eu-central-1:123456789012:stack/web/1",
            }] }),
        ),
    ]
}

#[test]
fn what_runs_with_a_role_and_what_would_bring_the_policy_back_is_told() {
    let folder = account();
    for (file, answer) in surroundings() {
        write(folder.path(), file, &answer.to_string());
    }
    let arguments = [
        "--accessed",
        "accessed",
        "--instance-profiles",
        "profiles.json",
        "--instances",
        "instances.json",
        "--launch-templates",
        "templates.json",
        "--stacks",
        "stacks.json",
        "--templates",
        "templates",
    ];
    let templates = folder.path().join("templates");
    std::fs::create_dir(&templates).unwrap();
    let naming =
        json!({ "TemplateBody": { "Resources": { "Role": { "Policies": [FORBIDDEN] } } } });
    write(&templates, "web.json", &naming.to_string());
    let naming = json!({ "TemplateBody": format!("Policies: [{FORBIDDEN}]") });
    write(&templates, "old.json", &naming.to_string());
    let other = json!({ "TemplateBody": { "Resources": {} } });
    write(&templates, "network.json", &other.to_string());
    let run = plan(folder.path(), &arguments);
    let text = run.ended(0);
    let told: Vec<&str> = text
        .lines()
        .filter(|line| {
            let starts = ["  instance", "  change", "elsewhere", "Looked"];
            starts.iter().any(|start| line.starts_with(start))
        })
        .collect();
    assert_snapshot!(told.join("\n"));
}

#[test]
fn a_plan_that_is_there_is_never_replaced() {
    let folder = account();
    write(folder.path(), "plan.json", "mine");
    let run = plan(folder.path(), &["--out", "plan.json"]);
    assert!(
        run.err
            .starts_with("session-guard: failed to write the plan to `plan.json`: it exists"),
        "{}",
        run.err
    );
    assert_eq!(run.ended(1), "");
    let kept = std::fs::read_to_string(folder.path().join("plan.json")).unwrap();
    assert_eq!(kept, "mine");
}

#[test]
fn without_the_access_advisor_everything_counts_as_used() {
    let folder = account();
    let text = plan(folder.path(), &[]).ended(0);
    assert!(text.starts_with("account 123456789012: `arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM` leaves 0 of 4"), "{text}");
    assert_eq!(
        text.matches("all of it counts as used").count(),
        4,
        "{text}"
    );
}

#[test]
fn what_is_no_answer_of_the_command_is_told_with_it() {
    let folder = account();
    write(folder.path(), "instances.json", "{\"Instances\":[]}");
    write(folder.path(), "profiles.json", "{\"InstanceProfiles\":[]}");
    let run = plan(
        folder.path(),
        &[
            "--instances",
            "instances.json",
            "--instance-profiles",
            "profiles.json",
        ],
    );
    assert_eq!(
        run.err,
        "session-guard: failed to read `instances.json`, expected what `aws ec2 describe-instances` prints: missing \
         field `Reservations` at line 1 column 16\n"
    );
    run.ended(1);
    plan(folder.path(), &["--instances", "instances.json"]).ended(64);
}

#[test]
fn a_policy_that_the_charter_does_not_forbid_is_named_with_those_that_it_does() {
    let folder = account();
    let run = plan(folder.path(), &["--policy", "AdministratorAccess"]);
    assert_eq!(
        run.err,
        "session-guard: failed to plan for `AdministratorAccess`: the charter forbids \
         `arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM`; name one of them, or add `[[forbidden]]`\n"
    );
    run.ended(1);
    for policy in ["AmazonEC2RoleforSSM", FORBIDDEN] {
        let text = plan(folder.path(), &["--policy", policy, "--format", "json"]).ended(0);
        let json: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["forbidden"], FORBIDDEN);
    }
}
