//! What is planned of an account that is read live.

use std::path::Path;

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
    // aws iam attach-role-policy … AmazonEC2RoleforSSM
    let data = json!({ "IamInstanceProfile": { "Name": "web" }, "UserData": "YXR0YWNoIEFtYXpvbkVDMlJvbGVmb3JTU00=" });
    let templates = json!({ "LaunchTemplateVersions": [
        {
            "LaunchTemplateId": "lt-0123456789abcdef0", "LaunchTemplateName": "web", "VersionNumber": 3,
            "LaunchTemplateData": data,
        },
    ] });
    write(
        folder,
        "ec2-describe-instances.json",
        &instances.to_string(),
    );
    let file = "ec2-describe-launch-template-versions.json";
    write(folder, file, &templates.to_string());
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
