//! A function that Config may call, and rules that it judges.

use local_account::Invocation;
use serde_json::{Value, json};

use crate::stage::{FUNCTION, Stage};

pub(crate) const CHANGE: &str = "ConfigurationItemChangeNotification";
pub(crate) const OVERSIZED: &str = "OversizedConfigurationItemChangeNotification";
pub(crate) const SCHEDULED: &str = "ScheduledNotification";

pub(crate) const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
pub(crate) const SESSIONS: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ssm:StartSession","Resource":"arn:aws:ec2:*:*:instance/*"}]}"#;

/// An account whose function Config may call and which may report.
pub(crate) async fn stage() -> anyhow::Result<Stage> {
    let stage = Stage::new().await?;
    stage.deploy_function().await?;
    permit(&stage, &json!({"SourceAccount": "123456789012"})).await?;
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"config:PutEvaluations","Resource":"*"}]}"#;
    let input = [
        ("RoleName", "watcher-role"),
        ("PolicyName", "report"),
        ("PolicyDocument", policy),
    ];
    stage.operator.iam("PutRolePolicy", &input).await?;
    Ok(stage)
}

/// Lets Config call the function on this condition.
pub(crate) async fn permit(stage: &Stage, condition: &Value) -> anyhow::Result<()> {
    let permission = with(
        json!({
            "StatementId": "config", "Action": "lambda:InvokeFunction", "Principal": "config.amazonaws.com",
        }),
        condition,
    );
    let path = "/2015-03-31/functions/watcher/policy";
    let reply = stage.operator.lambda("POST", path, permission).await?;
    anyhow::ensure!(reply.status < 300, "{}", reply.text);
    Ok(())
}

/// An object with more members, or others.
pub(crate) fn with(mut value: Value, more: &Value) -> Value {
    if let (Value::Object(members), Value::Object(more)) = (&mut value, more) {
        members.extend(more.clone());
    }
    value
}

/// The names of an object's members.
pub(crate) fn names(value: &Value) -> Vec<&str> {
    let members = value.as_object().into_iter().flatten();
    members.map(|(name, _)| name.as_str()).collect()
}

/// A rule on resources of some types, asked by some messages.
pub(crate) fn rule(types: &[&str], messages: &[&str]) -> Value {
    rule_with(types, messages, &json!({}))
}

/// The same with more members, or others.
pub(crate) fn rule_with(types: &[&str], messages: &[&str], more: &Value) -> Value {
    let details: Vec<Value> = messages
        .iter()
        .map(|message| json!({"EventSource": "aws.config", "MessageType": message}))
        .collect();
    let rule = json!({
        "ConfigRuleName": "judge",
        "Source": {"Owner": "CUSTOM_LAMBDA", "SourceIdentifier": FUNCTION, "SourceDetails": details},
        "Scope": {"ComplianceResourceTypes": types},
    });
    json!({"ConfigRule": with(rule, more)})
}

pub(crate) async fn put(stage: &Stage, rule: Value) -> anyhow::Result<()> {
    let reply = stage.operator.config("PutConfigRule", rule).await?;
    anyhow::ensure!(reply.status == 200, "{}", reply.text);
    Ok(())
}

/// A text member, `-` when it is absent.
pub(crate) fn text(value: &Value, member: &str) -> String {
    let found = value.get(member).and_then(Value::as_str);
    found.unwrap_or("-").to_owned()
}

/// What the function was told in one invocation.
pub(crate) fn told(invocation: &Invocation) -> Value {
    serde_json::from_str(&text(&invocation.event, "invokingEvent")).unwrap_or_default()
}

/// Message, resource's name and status of each invocation, in the order of their arrival.
pub(crate) fn story(invocations: &[Invocation]) -> Vec<String> {
    let each = invocations.iter().map(told).map(|told| {
        let item = told
            .get("configurationItem")
            .or_else(|| told.get("configurationItemSummary"))
            .unwrap_or(&Value::Null);
        let (name, status) = ("resourceName", "configurationItemStatus");
        format!(
            "{} {} {}",
            text(&told, "messageType"),
            text(item, name),
            text(item, status)
        )
    });
    each.collect()
}

/// Every item of a resource, oldest first.
pub(crate) fn items_of(stage: &Stage, name: &str) -> Vec<Value> {
    let mut items = stage.account.configuration_items();
    items.retain(|item| text(item, "resourceName") == name);
    items
}

/// The statuses of a resource's items.
pub(crate) fn statuses(stage: &Stage, name: &str) -> Vec<String> {
    let items = items_of(stage, name);
    items
        .iter()
        .map(|item| text(item, "configurationItemStatus"))
        .collect()
}

/// The last item of a resource.
pub(crate) fn last_item(stage: &Stage, name: &str) -> Value {
    items_of(stage, name).pop().unwrap_or_default()
}
