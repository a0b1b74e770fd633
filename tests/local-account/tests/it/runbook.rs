//! A runbook that gives its parameters to the function, and a role for it.

use serde_json::{Value, json};

use crate::client::Reply;
use crate::stage::{FUNCTION, Stage};

pub(crate) const RUNBOOK: &str = "migrate";
pub(crate) const ROLE: &str = "arn:aws:iam::123456789012:role/automation";
/// Systems Manager may take the role for its own executions.
const CONDITION: &str = r#"{"StringEquals":{"aws:SourceAccount":"123456789012"},"ArnLike":{"aws:SourceArn":"arn:aws:ssm:*:123456789012:automation-execution/*"}}"#;

/// An account with the runbook, its role and the function.
pub(crate) async fn add_runbook(stage: &Stage) -> anyhow::Result<()> {
    create_role(stage, &trust("ssm.amazonaws.com", CONDITION)).await?;
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": FUNCTION},
    ]});
    put_policy(stage, &policy).await?;
    create(stage, RUNBOOK, &content()).await
}

pub(crate) fn trust(service: &str, condition: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":"{service}"}},"Action":"sts:AssumeRole","Condition":{condition}}}]}}"#
    )
}

async fn create_role(stage: &Stage, trust: &str) -> anyhow::Result<()> {
    let input = [
        ("RoleName", "automation"),
        ("AssumeRolePolicyDocument", trust),
    ];
    stage.operator.iam("CreateRole", &input).await.map(|_| ())
}

/// Puts the only policy of the role.
pub(crate) async fn put_policy(stage: &Stage, policy: &Value) -> anyhow::Result<()> {
    let input = [
        ("RoleName", "automation"),
        ("PolicyName", "call"),
        ("PolicyDocument", &policy.to_string()),
    ];
    stage.operator.iam("PutRolePolicy", &input).await?;
    Ok(())
}

pub(crate) async fn create(stage: &Stage, name: &str, content: &Value) -> anyhow::Result<()> {
    let input = json!({"Name": name, "DocumentType": "Automation", "Content": content.to_string()});
    let reply = stage.operator.ssm("CreateDocument", input).await?;
    anyhow::ensure!(reply.status == 200, "{}", reply.text);
    Ok(())
}

/// What the runbook says; `Do` is the function's wish.
pub(crate) fn content() -> Value {
    json!({
        "schemaVersion": "0.3",
        "assumeRole": "{{ AutomationAssumeRole }}",
        "parameters": {
            "AutomationAssumeRole": {"type": "AWS::IAM::Role::Arn", "default": ROLE},
            "RoleId": {"type": "String", "allowedPattern": "^AROA[A-Z0-9]+$"},
            "Do": {"type": "String", "default": "answer"},
        },
        "mainSteps": [{
            "name": "Migrate",
            "action": "aws:invokeLambdaFunction",
            "timeoutSeconds": 120,
            "inputs": {
                "FunctionName": "watcher",
                "InputPayload": {"do": "{{ Do }}", "roleId": "{{ RoleId }}", "execution": "{{ automation:EXECUTION_ID }}"},
            },
            "outputs": [{"Name": "Label", "Selector": "$.Payload.label", "Type": "String"}],
        }],
        "outputs": ["Migrate.Label"],
    })
}

/// `StartAutomationExecution` by the operator.
pub(crate) async fn start(stage: &Stage, name: &str, parameters: Value) -> anyhow::Result<Reply> {
    let input = json!({"DocumentName": name, "Parameters": parameters});
    stage.operator.ssm("StartAutomationExecution", input).await
}

/// The last execution, once nothing is under way any more.
pub(crate) async fn ended(stage: &Stage) -> anyhow::Result<Value> {
    stage.settled().await;
    let executions = stage.account.automation_executions();
    let last = executions.into_iter().next_back();
    last.ok_or_else(|| anyhow::anyhow!("no execution was started"))
}
