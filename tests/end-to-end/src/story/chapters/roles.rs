//! Roles of instances that carry `AmazonEC2RoleforSSM`: seen, given by an intruder, and remedied by AWS Config.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use aws_sdk_config::types::RemediationExecutionState;
use jiff::Timestamp;
use local_account::Delivery;
use serde_json::{Value, json};

use crate::compliance::Compliance::{Compliant, Noncompliant};
use crate::story::Story;

const FORBIDDEN_POLICY: &str = "forbidden-policy";
const ROLE_LOGGING: &str = "role-logging";
const RULE: &str = "session-guard-forbidden-policy";
const ROLE: &str = "AWS::IAM::Role";

/// The administrator makes roles of instances, ivan gives one of them too much, and AWS Config puts the others right.
pub(in crate::story) async fn roles(story: &mut Story<'_>) -> anyhow::Result<()> {
    forbidden_policy(story).await?;
    unrecorded_role(story).await?;
    recorded_role(story).await?;
    replaced_policy(story).await?;
    from_before(story).await?;
    remedied_role(story).await?;
    used_service(story).await?;
    kept_service(story).await?;
    let view = story.stage.view().await?;
    story.listener.shows(&view);
    Ok(())
}

const OLD_POLICY: &str = "arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM";
const CORE: &str = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";

/// It writes every log, and everything else.
async fn forbidden_policy(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "the operator gives a role of instances AmazonEC2RoleforSSM, and the session key";
    story.begin(deed);
    let role = "web-servers";
    let admin = &story.stage.administrator;
    admin.create_instance_role(role).await?;
    admin.put_role_policy(role, "session-key", &key()).await?;
    admin.attach_role_policy(role, OLD_POLICY).await?;
    let took = story.stage.rule_runs().await?;
    let role = "role web-servers";
    let says = "AmazonEC2RoleforSSM";
    story
        .expect(role, FORBIDDEN_POLICY, Noncompliant, says)
        .await?;
    story.expect(role, ROLE_LOGGING, Compliant, "").await?;
    let outcome = "noncompliant: reads and writes every bucket; sessions are recorded";
    story.end(deed, outcome, Some(took));
    Ok(())
}

async fn unrecorded_role(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "the operator puts AmazonSSMManagedInstanceCore in its place, and nothing else";
    story.begin(deed);
    let role = "web-servers";
    let admin = &story.stage.administrator;
    admin.attach_role_policy(role, CORE).await?;
    admin.detach_role_policy(role, OLD_POLICY).await?;
    let took = story.stage.rule_runs().await?;
    let role = "role web-servers";
    story.expect(role, FORBIDDEN_POLICY, Compliant, "").await?;
    let says = "logs:DescribeLogGroups on every log group in eu-central-1 and 3 more: sessions are refused";
    story.expect(role, ROLE_LOGGING, Noncompliant, says).await?;
    let outcome = "noncompliant: cannot write the log, and the encryption flag stops its sessions";
    story.end(deed, outcome, Some(took));
    Ok(())
}

/// A policy that many roles may carry: its change alone is news of the role.
async fn recorded_role(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "the operator lets the role see the log group, and then write it";
    story.begin(deed);
    let role = "web-servers";
    let admin = &story.stage.administrator;
    let arn = admin.create_policy("session-log", &log(&SEEING)).await?;
    admin.attach_role_policy(role, &arn).await?;
    let took = story.stage.rule_runs().await?;
    let bearer = "role web-servers";
    let says = "sessions go on unrecorded";
    story
        .expect(bearer, ROLE_LOGGING, Noncompliant, says)
        .await?;
    let calls = [&SEEING[..], &WRITING].concat();
    let admin = &story.stage.administrator;
    admin.change_policy(&arn, &log(&calls)).await?;
    story.stage.rule_runs().await?;
    for rule in [ROLE_LOGGING, FORBIDDEN_POLICY] {
        story.expect(bearer, rule, Compliant, "").await?;
    }
    let outcome = "noncompliant while it only sees, since sessions go on; then compliant";
    story.end(deed, outcome, Some(took));
    Ok(())
}

/// The role can write the log by itself, so the guard need not be asked what it is for.
async fn replaced_policy(story: &mut Story<'_>) -> anyhow::Result<()> {
    let role = "app-servers";
    let account = story.stage.account.account_id();
    let log = format!("arn:aws:iam::{account}:policy/session-log");
    let admin = &story.stage.administrator;
    admin.create_instance_role(role).await?;
    admin.put_role_policy(role, "session-key", &key()).await?;
    admin.attach_role_policy(role, &log).await?;
    story.stage.rule_runs().await?;
    let deed = "ivan gives another role of instances AmazonEC2RoleforSSM";
    story.begin(deed);
    story
        .stage
        .ivan
        .attach_role_policy(role, OLD_POLICY)
        .await?;
    let runs = story.stage.policy_runs().await?;
    let run = runs.iter().find(|run| run.verdict() == "replaced");
    let run = run.with_context(|| format!("nothing was replaced: {runs:?}"))?;
    let took = run.took;
    let admin = &story.stage.administrator;
    let attached = admin.attached_role_policies(role).await?;
    ensure!(
        attached == ["AmazonSSMManagedInstanceCore", "session-log"],
        "{attached:?}"
    );
    let bearer = "role app-servers";
    for rule in [FORBIDDEN_POLICY, ROLE_LOGGING] {
        story.expect(bearer, rule, Compliant, "").await?;
    }
    let outcome = "its successor attached, itself taken off; compliant";
    story.end(deed, outcome, Some(took));
    Ok(())
}

/// Nobody was told when they got it: that was before the guard.
async fn from_before(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "two roles of instances have carried AmazonEC2RoleforSSM since before the guard";
    story.begin(deed);
    story.stage.account.set_delivery(Delivery::Never);
    for (role, used) in [("db-servers", "ssm"), ("report-servers", "s3")] {
        carrying(story, role).await?;
        let account = &story.stage.account;
        let arn = format!("arn:aws:iam::{}:role/{role}", account.account_id());
        let yesterday = Timestamp::now() - jiff::SignedDuration::from_hours(24);
        account.note_use(&arn, used, yesterday);
    }
    let took = story.stage.rule_runs().await?;
    story.stage.account.set_delivery(Delivery::Once);
    let says = "AmazonEC2RoleforSSM";
    for role in ["role db-servers", "role report-servers"] {
        story
            .expect(role, FORBIDDEN_POLICY, Noncompliant, says)
            .await?;
    }
    story.end(deed, "both noncompliant", Some(took));
    Ok(())
}

/// A role that writes the log by itself, with the forbidden policy besides.
async fn carrying(story: &Story<'_>, role: &str) -> anyhow::Result<()> {
    let account = story.stage.account.account_id();
    let log = format!("arn:aws:iam::{account}:policy/session-log");
    let admin = &story.stage.administrator;
    admin.create_instance_role(role).await?;
    admin.put_role_policy(role, "session-key", &key()).await?;
    admin.attach_role_policy(role, &log).await?;
    admin.attach_role_policy(role, OLD_POLICY).await
}

/// Presses "Remediate" for a role and waits for what comes of it; how long that took.
async fn remediate(
    story: &Story<'_>,
    role: &str,
) -> anyhow::Result<(RemediationExecutionState, Vec<String>, Duration)> {
    let admin = &story.stage.administrator;
    let id = admin.role_id(role).await?;
    let began = Instant::now();
    admin.remediate(RULE, ROLE, &id).await?;
    let ended = admin.remediated(RULE, ROLE, &id).await?;
    Ok((ended.state, ended.errors, began.elapsed()))
}

async fn remedied_role(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed =
        "the operator presses \"Remediate\" for one of them, which used Systems Manager alone";
    story.begin(deed);
    let role = "db-servers";
    let (state, errors, took) = remediate(story, role).await?;
    ensure!(state == RemediationExecutionState::Succeeded, "{errors:?}");
    let attached = story
        .stage
        .administrator
        .attached_role_policies(role)
        .await?;
    ensure!(
        attached == ["AmazonSSMManagedInstanceCore", "session-log"],
        "{attached:?}"
    );
    story.stage.rule_runs().await?;
    for rule in [FORBIDDEN_POLICY, ROLE_LOGGING] {
        story.expect("role db-servers", rule, Compliant, "").await?;
    }
    let outcome = "its successor attached, itself taken off; compliant";
    story.end(deed, outcome, Some(took));
    Ok(())
}

async fn used_service(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "and for the other, which read a bucket with it yesterday";
    story.begin(deed);
    let role = "report-servers";
    let (state, errors, took) = remediate(story, role).await?;
    let says_why = |error: &String| error.contains("it uses s3");
    ensure!(
        state == RemediationExecutionState::Failed && errors.iter().any(says_why),
        "{state:?}: {errors:?}"
    );
    let attached = story
        .stage
        .administrator
        .attached_role_policies(role)
        .await?;
    ensure!(
        attached == ["AmazonEC2RoleforSSM", "session-log"],
        "{attached:?}"
    );
    let outcome = "nothing is changed, and the execution says why: it uses s3";
    story.end(deed, outcome, Some(took));
    Ok(())
}

async fn kept_service(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "the operator grants the role its one bucket, and presses \"Remediate\" again";
    story.begin(deed);
    let role = "report-servers";
    let admin = &story.stage.administrator;
    admin.put_role_policy(role, "reports", &reports()).await?;
    story.stage.rule_runs().await?;
    let (state, errors, took) = remediate(story, role).await?;
    ensure!(state == RemediationExecutionState::Succeeded, "{errors:?}");
    story.stage.rule_runs().await?;
    let view = story.stage.view().await?;
    let still = view.noncompliant(FORBIDDEN_POLICY);
    ensure!(still.is_empty(), "{still:?}");
    let outcome = "migrated; nobody carries it any more: the view is compliant";
    story.end(deed, outcome, Some(took));
    Ok(())
}

const SEEING: [&str; 2] = ["logs:DescribeLogGroups", "logs:DescribeLogStreams"];
const WRITING: [&str; 2] = ["logs:CreateLogStream", "logs:PutLogEvents"];

fn log(calls: &[&str]) -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": { "Effect": "Allow", "Action": calls, "Resource": "*" },
    })
}

/// The key by whichever alias the baseline names it.
fn key() -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Action": "kms:Decrypt",
            "Resource": "arn:aws:kms:*:123456789012:key/*",
            "Condition": { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/session-manager" } },
        },
    })
}

fn reports() -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:ListBucket"],
            "Resource": ["arn:aws:s3:::reports", "arn:aws:s3:::reports/*"],
        },
    })
}
