//! The administrator, and what AWS Config shows of the people that they let do things.

use anyhow::ensure;
use serde_json::{Value, json};

use crate::compliance::Compliance::{Compliant, Noncompliant};
use crate::stage::RULES;
use crate::story::Story;

const PREFERENCES: &str = "preferences";
const SESSION_ACCESS: &str = "session-access";
const PREFERENCES_ACCESS: &str = "preferences-access";

const FULL_ACCESS: &str = "arn:aws:iam::aws:policy/AmazonSSMFullAccess";

/// The administrator makes roles, good ones and bad ones, and looks at AWS Config.
pub(in crate::story) async fn rules(story: &mut Story<'_>) -> anyhow::Result<()> {
    scheduled(story).await?;
    good_role(story).await?;
    full_access(story).await?;
    twisted_policy(story).await?;
    corrected_policy(story).await?;
    exempt_role(story).await?;
    deleted_role(story).await
}

async fn scheduled(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "the time comes to judge everything and everybody that is there";
    story.begin(deed);
    for rule in RULES {
        story.stage.account.run_config_rule(rule).await?;
    }
    story.stage.rule_runs().await?;
    let document = "document SSM-SessionManagerRunShell";
    story.expect(document, PREFERENCES, Compliant, "").await?;
    for rule in [SESSION_ACCESS, PREFERENCES_ACCESS] {
        story
            .expect("user mallory", rule, Noncompliant, "AmazonSSMFullAccess")
            .await?;
        story.expect("user trudy", rule, Compliant, "").await?;
    }
    let editor = "role session-editors";
    story
        .expect(editor, PREFERENCES_ACCESS, Compliant, "")
        .await?;
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
        story
            .expect("role web-operators", rule, Compliant, "")
            .await?;
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
        story
            .expect(role, rule, Noncompliant, "AmazonSSMFullAccess")
            .await?;
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
    story
        .expect(role, SESSION_ACCESS, Noncompliant, "batch-sessions")
        .await?;
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
    story
        .expect("role batch-operators", SESSION_ACCESS, Compliant, "")
        .await?;
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
    story
        .expect(role, SESSION_ACCESS, Compliant, "exempt")
        .await?;
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

fn everywhere() -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": [{ "Effect": "Allow", "Action": "ssm:StartSession", "Resource": "*" }],
    })
}
