//! What nobody presses a button for.

use anyhow::ensure;
use end_to_end::{MIGRATION, Stage, project};
use jiff::{SignedDuration, Timestamp};
use local_account::{Delivery, Outcome};
use serde_json::json;

const OLD_POLICY: &str = "arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM";

/// The example's charter with the consent in it.
fn automatic_charter() -> anyhow::Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    let charter = std::fs::read_to_string(project().join("charter.toml"))?;
    let consenting = charter.replace("# remediation = \"manual\"", "remediation = \"automatic\"");
    ensure!(
        consenting != charter,
        "the example says nothing of remediation"
    );
    std::fs::write(folder.path().join("charter.toml"), consenting)?;
    let baseline = "SessionManagerRunShell.json";
    std::fs::copy(project().join(baseline), folder.path().join(baseline))?;
    Ok(folder)
}

/// A role of instances that writes the records by itself, and used this service with the forbidden policy.
async fn carrying(stage: &Stage, role: &str, used: &str) -> anyhow::Result<()> {
    let recording = json!({
        "Version": "2012-10-17",
        "Statement": { "Effect": "Allow", "Action": ["logs:*", "kms:Decrypt"], "Resource": "*" },
    });
    let arn = format!("arn:aws:iam::{}:role/{role}", stage.account.account_id());
    let yesterday = Timestamp::now() - SignedDuration::from_hours(24);
    stage.account.note_use(&arn, used, yesterday);
    let admin = &stage.administrator;
    admin.create_instance_role(role).await?;
    admin.put_role_policy(role, "recording", &recording).await?;
    admin.attach_role_policy(role, OLD_POLICY).await
}

#[tokio::test(flavor = "multi_thread")]
async fn aws_config_has_roles_remedied_without_being_asked_where_the_charter_lets_it()
-> anyhow::Result<()> {
    let mut stage = Stage::start().await?;
    stage.set_baseline().await?;
    let folder = automatic_charter()?;
    stage
        .deploy_by(&folder.path().join("charter.toml"), &[])
        .await?;
    // The guard is told of nothing: the roles might have been there before it.
    stage.account.set_delivery(Delivery::Never);
    carrying(&stage, "web", "ssm").await?;
    carrying(&stage, "reports", "s3").await?;
    stage.settle().await?;

    let admin = &stage.administrator;
    let web = admin.attached_role_policies("web").await?;
    assert_eq!(web, ["AmazonSSMManagedInstanceCore"]);
    // What it uses has no successor: each attempt says so, and changes nothing.
    let reports = admin.attached_role_policies("reports").await?;
    assert_eq!(reports, ["AmazonEC2RoleforSSM"]);
    let invocations = stage.account.invocations();
    let runs: Vec<_> = invocations
        .iter()
        .filter(|run| run.function == MIGRATION)
        .collect();
    let n_failed = runs
        .iter()
        .filter(|run| !matches!(run.outcome, Some(Outcome::Done(_))))
        .count();
    assert_eq!(n_failed, 3, "{runs:#?}");
    Ok(())
}
