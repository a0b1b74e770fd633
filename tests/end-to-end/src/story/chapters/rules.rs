//! The administrator, and what AWS Config shows of the people that they let do things.

use anyhow::{Context, ensure};
use serde_json::{Value, json};

use crate::compliance::Compliance::{self, Compliant, Noncompliant};
use crate::stage::RULES;
use crate::story::Story;

const PREFERENCES: &str = "preferences";
const SESSION_ACCESS: &str = "session-access";
const PREFERENCES_ACCESS: &str = "preferences-access";

const FORBIDDEN_POLICY: &str = "forbidden-policy";
const ROLE_LOGGING: &str = "role-logging";

const FULL_ACCESS: &str = "arn:aws:iam::aws:policy/AmazonSSMFullAccess";

/// The administrator makes roles, good ones and bad ones, and looks at AWS Config.
pub(in crate::story) async fn rules(story: &mut Story<'_>) -> anyhow::Result<()> {
    scheduled(story).await?;
    good_role(story).await?;
    full_access(story).await?;
    twisted_policy(story).await?;
    corrected_policy(story).await?;
    exempt_role(story).await?;
    deleted_role(story).await?;
    forbidden_policy(story).await?;
    unrecorded_role(story).await?;
    recorded_role(story).await?;
    replaced_policy(story).await?;
    let view = story.stage.view().await?;
    story.listener.shows(&view);
    Ok(())
}

async fn scheduled(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "the time comes to judge everything and everybody that is there";
    story.begin(deed);
    for rule in RULES {
        story.stage.account.run_config_rule(rule).await?;
    }
    story.stage.rule_runs().await?;
    let document = "document SSM-SessionManagerRunShell";
    expect(story, document, PREFERENCES, Compliant, "").await?;
    for rule in [SESSION_ACCESS, PREFERENCES_ACCESS] {
        expect(
            story,
            "user mallory",
            rule,
            Noncompliant,
            "AmazonSSMFullAccess",
        )
        .await?;
        expect(story, "user trudy", rule, Compliant, "").await?;
    }
    let editor = "role session-editors";
    expect(story, editor, PREFERENCES_ACCESS, Compliant, "").await?;
    story.end(
        deed,
        "the document is in order; mallory may too much, an editor's role may not",
        None,
    );
    Ok(())
}

async fn good_role(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "the operator creates a role for instances with the charter's tag, by its document";
    story.begin(deed);
    let role = "web-operators";
    let admin = &story.stage.administrator;
    admin.create_role(role).await?;
    admin
        .put_role_policy(role, "web-sessions", &as_the_charter_wants())
        .await?;
    let took = story.stage.rule_runs().await?;
    for rule in [SESSION_ACCESS, PREFERENCES_ACCESS] {
        expect(story, "role web-operators", rule, Compliant, "").await?;
    }
    story.end(deed, "compliant", Some(took));
    Ok(())
}

async fn full_access(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "the operator attaches AmazonSSMFullAccess to a role for the support desk";
    story.begin(deed);
    let role = "support-desk";
    let admin = &story.stage.administrator;
    admin.create_role(role).await?;
    admin.attach_role_policy(role, FULL_ACCESS).await?;
    let took = story.stage.rule_runs().await?;
    for rule in [SESSION_ACCESS, PREFERENCES_ACCESS] {
        let role = "role support-desk";
        expect(story, role, rule, Noncompliant, "AmazonSSMFullAccess").await?;
    }
    let outcome = "noncompliant: opens every session, and changes the preferences";
    story.end(deed, outcome, Some(took));
    Ok(())
}

/// A tag condition in the statement that names the document, which has no tags.
async fn twisted_policy(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "the operator writes a policy whose tag condition stands beside the document";
    story.begin(deed);
    let role = "batch-operators";
    let admin = &story.stage.administrator;
    let arn = admin.create_policy("batch-sessions", &twisted()).await?;
    admin.create_role(role).await?;
    admin.attach_role_policy(role, &arn).await?;
    let took = story.stage.rule_runs().await?;
    let role = "role batch-operators";
    expect(story, role, SESSION_ACCESS, Noncompliant, "batch-sessions").await?;
    story.end(deed, "noncompliant: a document has no tags", Some(took));
    Ok(())
}

async fn corrected_policy(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "the operator corrects the policy, and touches no role";
    story.begin(deed);
    let account = story.stage.account.account_id();
    let arn = format!("arn:aws:iam::{account}:policy/batch-sessions");
    let admin = &story.stage.administrator;
    admin.change_policy(&arn, &as_the_charter_wants()).await?;
    let took = story.stage.rule_runs().await?;
    expect(story, "role batch-operators", SESSION_ACCESS, Compliant, "").await?;
    story.end(deed, "the role that carries it is compliant", Some(took));
    Ok(())
}

async fn exempt_role(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed =
        "the operator lets the role for emergencies, which the charter exempts, open sessions";
    story.begin(deed);
    let role = "break-glass";
    let admin = &story.stage.administrator;
    admin.create_role(role).await?;
    admin
        .put_role_policy(role, "sessions", &everywhere())
        .await?;
    let took = story.stage.rule_runs().await?;
    let role = "role break-glass";
    expect(story, role, SESSION_ACCESS, Compliant, "exempt").await?;
    story.end(deed, "compliant, and the annotation says why", Some(took));
    Ok(())
}

async fn deleted_role(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "the operator deletes the support desk's role";
    story.begin(deed);
    let role = "support-desk";
    let admin = &story.stage.administrator;
    admin.detach_role_policy(role, FULL_ACCESS).await?;
    admin.delete_role(role).await?;
    let took = story.stage.rule_runs().await?;
    let view = story.stage.view().await?;
    let rules = [SESSION_ACCESS, PREFERENCES_ACCESS];
    let is_listed = rules
        .iter()
        .any(|rule| view.of("role support-desk", rule).is_some());
    ensure!(!is_listed, "the role is still there:\n{view}");
    story.end(deed, "gone from the view", Some(took));
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
    expect(story, role, FORBIDDEN_POLICY, Noncompliant, says).await?;
    expect(story, role, ROLE_LOGGING, Compliant, "").await?;
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
    expect(story, role, FORBIDDEN_POLICY, Compliant, "").await?;
    let says = "logs:DescribeLogGroups on every log group in eu-central-1 and 3 more: sessions are refused";
    expect(story, role, ROLE_LOGGING, Noncompliant, says).await?;
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
    expect(story, bearer, ROLE_LOGGING, Noncompliant, says).await?;
    let calls = [&SEEING[..], &WRITING].concat();
    let admin = &story.stage.administrator;
    admin.change_policy(&arn, &log(&calls)).await?;
    story.stage.rule_runs().await?;
    for rule in [ROLE_LOGGING, FORBIDDEN_POLICY] {
        expect(story, bearer, rule, Compliant, "").await?;
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
        expect(story, bearer, rule, Compliant, "").await?;
    }
    let outcome = "its successor attached, itself taken off; compliant";
    story.end(deed, outcome, Some(took));
    Ok(())
}

/// Fails unless AWS Config shows this of the resource.
async fn expect(
    story: &Story<'_>,
    resource: &str,
    rule: &str,
    compliance: Compliance,
    says: &str,
) -> anyhow::Result<()> {
    let view = story.stage.view().await?;
    let row = view.of(resource, rule);
    let row = row.with_context(|| format!("`{rule}` says nothing of `{resource}`:\n{view}"))?;
    ensure!(
        row.compliance == compliance && row.annotation.contains(says),
        "{row:?}"
    );
    Ok(())
}

fn as_the_charter_wants() -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Instances",
                "Effect": "Allow",
                "Action": "ssm:StartSession",
                "Resource": "arn:aws:ec2:*:*:instance/*",
                "Condition": { "StringLike": { "ssm:resourceTag/SessionAccess": ["web", "batch-*"] } },
            },
            {
                "Sid": "Document",
                "Effect": "Allow",
                "Action": "ssm:StartSession",
                "Resource": "arn:aws:ssm:*:123456789012:document/SSM-SessionManagerRunShell",
            },
        ],
    })
}

fn twisted() -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": {
            "Sid": "Batch",
            "Effect": "Allow",
            "Action": "ssm:StartSession",
            "Resource": [
                "arn:aws:ec2:*:*:instance/*",
                "arn:aws:ssm:*:123456789012:document/SSM-SessionManagerRunShell",
            ],
            "Condition": { "StringLike": { "ssm:resourceTag/SessionAccess": "batch-*" } },
        },
    })
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

fn everywhere() -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Action": "ssm:StartSession", "Resource": "*" }],
    })
}
