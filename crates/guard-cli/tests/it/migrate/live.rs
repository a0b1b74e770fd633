//! What is planned of an account that is read live.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use insta::assert_snapshot;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::account::Account;
use super::{CORE, FORBIDDEN, LOGGING, folder, write};

const PLAN: [&str; 4] = ["migrate", "plan", "--out", "plan.json"];

/// What `aws ec2` prints: an instance of the role, and launch templates that name the policy.
fn ec2_answers(folder: &Path) {
    let profile = "arn:aws:iam::123456789012:instance-profile/web";
    let instances = json!({ "Reservations": [{ "Instances": [
        { "InstanceId": "i-0123456789abcdef0", "State": { "Name": "running" }, "IamInstanceProfile": { "Arn": profile } },
    ] }] });
    write(
        folder,
        "ec2-describe-instances.json",
        &instances.to_string(),
    );
    templates(folder, 3, &attaching(&[FORBIDDEN]));
}

/// User data that attach these policies.
fn attaching(policies: &[&str]) -> String {
    let line = |policy: &&str| {
        format!("aws iam attach-role-policy --role-name web --policy-arn {policy}\n")
    };
    let lines: Vec<String> = policies.iter().map(line).collect();
    format!("#!/bin/sh\n{}", lines.concat())
}

/// What `aws` prints of the launch template's latest version, and of the default one, which names the policy.
fn templates(folder: &Path, latest: u64, user_data: &str) {
    let version = |number: u64, user_data: &str| {
        json!({
            "LaunchTemplateId": "lt-0123456789abcdef0", "LaunchTemplateName": "web", "VersionNumber": number,
            "LaunchTemplateData": {
                "IamInstanceProfile": { "Name": "web" }, "UserData": STANDARD.encode(user_data),
            },
        })
    };
    let both = [
        version(latest, user_data),
        version(2, &attaching(&[FORBIDDEN])),
    ];
    let file = "ec2-describe-launch-template-versions.json";
    let described = json!({ "LaunchTemplateVersions": both });
    write(folder, file, &described.to_string());
    let created = json!({ "LaunchTemplateVersion": { "VersionNumber": latest + 1 } });
    let file = "ec2-create-launch-template-version.json";
    write(folder, file, &created.to_string());
}

/// How often a version was made, by what `aws` was asked.
fn n_made(folder: &Path) -> usize {
    let asked = std::fs::read_to_string(folder.join("aws.log")).unwrap();
    asked.matches("create-launch-template-version").count()
}

const APPLY: [&str; 4] = ["migrate", "apply", "plan.json", "--launch-templates"];

#[test]
fn a_launch_template_gets_a_version_that_attaches_the_successors_once_and_by_wish_only() {
    let (account, folder) = before();
    ec2_answers(folder.path());
    account.run(folder.path(), &PLAN).ended(0);
    let plan = std::fs::read_to_string(folder.path().join("plan.json")).unwrap();
    let plan: Value = serde_json::from_str(&plan).unwrap();
    let references = &plan["entries"][1]["surroundings"]["references"];
    let launch = references.as_array().unwrap().iter();
    let launch = launch.filter(|it| it["kind"] == "launch-template");
    assert_snapshot!(serde_json::to_string_pretty(&launch.collect::<Vec<_>>()).unwrap());
    account.run(folder.path(), &APPLY[..3]).ended(0);
    assert_eq!(n_made(folder.path()), 0);
    assert_snapshot!(account.run(folder.path(), &APPLY).ended(0));
    assert_eq!(n_made(folder.path()), 1);
    let data = std::fs::read_to_string(folder.path().join("data.json")).unwrap();
    let data: Value = serde_json::from_str(&data).unwrap();
    let made = STANDARD.decode(data["UserData"].as_str().unwrap()).unwrap();
    let made = String::from_utf8(made).unwrap();
    assert_eq!(made, attaching(&[CORE, LOGGING]));
    templates(folder.path(), 4, &made);
    assert_snapshot!(account.run(folder.path(), &APPLY).ended(0));
    assert_eq!(n_made(folder.path()), 1, "a second run writes nothing");
}

#[test]
fn a_launch_template_that_is_not_as_the_plan_has_it_is_left_alone() {
    let (account, folder) = before();
    ec2_answers(folder.path());
    account.run(folder.path(), &PLAN).ended(0);
    let plan = std::fs::read_to_string(folder.path().join("plan.json")).unwrap();
    templates(folder.path(), 4, &attaching(&[FORBIDDEN]));
    let newer = account.run(folder.path(), &APPLY).ended(3);
    templates(folder.path(), 3, &attaching(&[FORBIDDEN]));
    let mut changed = Vec::new();
    for (what, by) in [
        ("#!/bin/sh", "#!/bin/sh -c evil"),
        (CORE, "arn:aws:iam::aws:policy/AdministratorAccess"),
    ] {
        let (start, rest) = plan.split_once("\"new-version\"").unwrap();
        let plan = format!("{start}\"new-version\"{}", rest.replace(what, by));
        write(folder.path(), "plan.json", &plan);
        changed.push(account.run(folder.path(), &APPLY).ended(3));
    }
    write(folder.path(), "plan.json", &plan);
    let file = folder
        .path()
        .join("ec2-create-launch-template-version.json");
    std::fs::remove_file(file).unwrap();
    let refused = account.run(folder.path(), &APPLY).ended(1);
    assert_snapshot!([newer, changed.concat(), refused].join("\n"));
}

#[test]
fn what_runs_with_a_role_and_what_would_bring_the_policy_back_is_looked_for_in_every_region() {
    let (account, folder) = before();
    ec2_answers(folder.path());
    let plan = ["migrate", "plan", "--region", "eu-west-1"];
    assert_snapshot!(account.run(folder.path(), &plan).ended(0));
    let asked = std::fs::read_to_string(folder.path().join("aws.log")).unwrap();
    assert_snapshot!(asked.replace(account.url(), "URL"));
}

#[test]
fn what_cannot_be_looked_at_is_told_and_does_not_pass_for_nothing() {
    let (account, folder) = before();
    let looked = |refused: Option<(&str, &str)>| {
        account.refuse(refused);
        let text = account.run(folder.path(), &["migrate", "plan"]).ended(0);
        let told = text.lines().filter(|line| line.contains("ooked at"));
        told.collect::<Vec<_>>()
            .join("\n")
            .replace(account.url(), "URL")
    };
    assert_snapshot!(looked(Some(("ListInstanceProfiles", "AccessDenied"))));
    assert_snapshot!(looked(Some(("ListStacks", "AccessDenied"))));
    assert_snapshot!(looked(Some(("GetTemplate", "AccessDenied"))));
    account.refuse(None);
    let text = account.run_without_aws(folder.path(), &["migrate", "plan", "--format", "json"]);
    let plan: Value = serde_json::from_str(&text.ended(0)).unwrap();
    assert_snapshot!(serde_json::to_string_pretty(&plan["looked"]).unwrap());
}

#[test]
fn another_accounts_instances_are_not_taken_for_this_ones() {
    let (account, folder) = before();
    ec2_answers(folder.path());
    let run = account.run_as("111122223333", folder.path(), &["migrate", "plan"]);
    let text = run.ended(0);
    assert!(!text.contains("i-0123456789abcdef0"), "{text}");
    assert!(
        text.contains("the AWS command line has credentials of account 111122223333"),
        "{text}"
    );
}

/// A role that has one successor already, one that has none, a user, and a role without the policy.
fn before() -> (Account, TempDir) {
    let account = Account::with(&[
        ("Role web", &[FORBIDDEN]),
        ("Role batch", &[FORBIDDEN, LOGGING]),
        ("Role database", &[CORE, LOGGING]),
        ("User bob", &[FORBIDDEN]),
    ]);
    (account, folder())
}

#[test]
fn an_account_is_read_planned_and_migrated_and_what_stays_is_planned_again() {
    let (account, folder) = before();
    let run = account.run(folder.path(), &PLAN);
    assert_snapshot!(run.err);
    assert_snapshot!(run.ended(0));
    let asked = account.calls("GenerateServiceLastAccessedDetails");
    assert_eq!(asked, 3, "whoever does not carry it is not asked about");
    account
        .run(folder.path(), &["migrate", "apply", "plan.json"])
        .ended(0);
    let again = account.run(folder.path(), &["migrate", "plan"]).ended(0);
    assert!(again.contains("leaves 0 of 1 who carry it"), "{again}");
}

#[test]
fn whom_the_access_advisor_knows_nothing_of_uses_everything() {
    let (account, folder) = before();
    account.know_nothing_of("role/web");
    account.refuse(None);
    let text = account.run(folder.path(), &PLAN).ended(0);
    let told: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("look at"))
        .collect();
    assert_snapshot!(told.join("\n"));
    let all = account.calls("GenerateServiceLastAccessedDetails");
    account.refuse(Some(("GenerateServiceLastAccessedDetails", "AccessDenied")));
    let text = account
        .run(folder.path(), &["migrate", "plan", "--format", "json"])
        .ended(0);
    let plan: Value = serde_json::from_str(&text).unwrap();
    let surprises = plan["entries"][0]["surprises"].to_string();
    assert!(surprises.contains("AccessDenied"), "{surprises}");
    assert!(account.calls("GenerateServiceLastAccessedDetails") > all);
}

#[test]
fn an_account_that_cannot_be_read_is_no_plan() {
    let (account, folder) = before();
    account.refuse(Some(("GetAccountAuthorizationDetails", "AccessDenied")));
    let run = account.run(folder.path(), &PLAN);
    assert_snapshot!(run.err);
    assert_eq!(run.ended(1), "");
    assert!(!folder.path().join("plan.json").exists());
}

#[test]
fn files_and_an_account_are_not_mixed_up() {
    let (account, folder) = before();
    let arguments = ["migrate", "plan", "--details", "details.json"];
    account.run(folder.path(), &arguments).ended(64);
    assert_eq!(account.calls(""), 0);
}
