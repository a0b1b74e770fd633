use std::time::Duration;

use serde_json::{Value, json};

use crate::cli::aws;
use crate::client::Client;
use crate::judge::{self, CHANGE, TRUST, put, rule_with, text, with};
use crate::runbook::{ROLE, RUNBOOK, add_runbook, ended};
use crate::stage::Stage;

const ROLES: &str = "AWS::IAM::Role";

/// An account whose rule finds every role noncompliant, with a runbook and the role `web`.
async fn stage() -> anyhow::Result<Stage> {
    let stage = judge::stage().await?;
    add_runbook(&stage).await?;
    let web = [("RoleName", "web"), ("AssumeRolePolicyDocument", TRUST)];
    stage.operator.iam("CreateRole", &web).await?;
    judge_all(&stage, "NON_COMPLIANT").await?;
    Ok(stage)
}

/// Puts the rule with this verdict on everything, and waits.
async fn judge_all(stage: &Stage, verdict: &str) -> anyhow::Result<()> {
    let parameters = json!({"InputParameters": json!({"verdict": verdict}).to_string()});
    put(stage, rule_with(&[ROLES], &[CHANGE], &parameters)).await?;
    stage.settled().await;
    Ok(())
}

fn configuration(more: &Value) -> Value {
    let configuration = json!({
        "ConfigRuleName": "judge", "TargetType": "SSM_DOCUMENT", "TargetId": RUNBOOK,
        "Parameters": {
            "AutomationAssumeRole": {"StaticValue": {"Values": [ROLE]}},
            "RoleId": {"ResourceValue": {"Value": "RESOURCE_ID"}},
        },
    });
    json!({"RemediationConfigurations": [with(configuration, more)]})
}

/// What Config answers, or the code of its refusal.
async fn configure(stage: &Stage, more: &Value) -> anyhow::Result<Value> {
    let operation = "PutRemediationConfigurations";
    stage.operator.ask(operation, configuration(more)).await
}

/// The id of the role `web`.
fn web(stage: &Stage) -> String {
    text(&judge::last_item(stage, "web"), "resourceId")
}

async fn remediate(by: &Client, id: &str) -> anyhow::Result<Value> {
    let keys = json!([{"resourceType": ROLES, "resourceId": id}]);
    let input = json!({"ConfigRuleName": "judge", "ResourceKeys": keys});
    by.ask("StartRemediationExecution", input).await
}

async fn statuses(stage: &Stage) -> anyhow::Result<Vec<Value>> {
    let input = json!({"ConfigRuleName": "judge"});
    let answer = stage
        .operator
        .ask("DescribeRemediationExecutionStatus", input)
        .await?;
    let statuses = answer.get("RemediationExecutionStatuses");
    Ok(statuses
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default())
}

#[tokio::test]
async fn a_noncompliant_resource_is_put_right_when_somebody_asks() -> anyhow::Result<()> {
    let stage = stage().await?;
    assert_eq!(
        configure(&stage, &json!({})).await?,
        json!({"FailedBatches": []})
    );
    stage.settled().await;
    assert_eq!(stage.account.automation_executions(), [json!(null); 0]);
    let id = web(&stage);
    let keys = format!("resourceType={ROLES},resourceId={id}");
    let command =
        "configservice start-remediation-execution --config-rule-name judge --resource-keys";
    let command: Vec<&str> = command.split(' ').chain([keys.as_str()]).collect();
    aws(&stage, &command).await?;
    let execution = ended(&stage).await?;
    assert_eq!(execution["Parameters"]["RoleId"], json!([id]));
    assert_eq!(
        text(&execution, "ExecutedBy"),
        "arn:aws:iam::123456789012:user/operator"
    );
    let statuses = statuses(&stage).await?;
    assert_eq!(statuses.len(), 1);
    assert_eq!(text(&statuses[0], "State"), "SUCCEEDED");
    assert_eq!(statuses[0]["ResourceKey"]["resourceId"], json!(id));
    let step = &statuses[0]["StepDetails"][0];
    assert_eq!(
        [text(step, "Name"), text(step, "State")],
        ["Migrate", "SUCCEEDED"]
    );
    Ok(())
}

#[tokio::test]
async fn what_is_compliant_is_left_alone() -> anyhow::Result<()> {
    let stage = stage().await?;
    configure(&stage, &json!({})).await?;
    judge_all(&stage, "COMPLIANT").await?;
    let id = web(&stage);
    let answer = remediate(&stage.operator, &id).await?;
    assert_eq!(
        answer,
        json!({"FailureMessage": "The resource is already compliant.", "FailedItems": [{"resourceType": ROLES, "resourceId": id}]})
    );
    assert!(statuses(&stage).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_resource_is_put_right_once_at_a_time() -> anyhow::Result<()> {
    let stage = stage().await?;
    configure(&stage, &json!({"Parameters": {
        "Do": {"StaticValue": {"Values": ["sleep"]}}, "RoleId": {"ResourceValue": {"Value": "RESOURCE_ID"}},
    }}))
    .await?;
    let id = web(&stage);
    assert_eq!(remediate(&stage.operator, &id).await?, json!({}));
    let again = remediate(&stage.operator, &id).await?;
    assert!(
        text(&again, "FailureMessage").contains("in progress"),
        "{again}"
    );
    let rule = json!({"ConfigRuleName": "judge"});
    let operation = "DeleteRemediationConfiguration";
    let refused = stage.operator.ask(operation, rule.clone()).await?;
    assert_eq!(text(&refused, "__type"), "RemediationInProgressException");
    assert_eq!(text(&statuses(&stage).await?[0], "State"), "IN_PROGRESS");
    stage.settled().await;
    let statuses = statuses(&stage).await?;
    let message = statuses[0]["StepDetails"][0]["ErrorMessage"].to_string();
    assert!(
        message.contains("Task timed out after 2.00 seconds"),
        "{message}"
    );
    assert_eq!(text(&statuses[0], "State"), "FAILED");
    assert_eq!(stage.operator.config(operation, rule).await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn whoever_asks_must_be_allowed_to_start_the_runbook_and_to_pass_its_role()
-> anyhow::Result<()> {
    let stage = stage().await?;
    configure(&stage, &json!({})).await?;
    let id = web(&stage);
    let trudy = stage.account.create_user("trudy", &[]).await?;
    let trudy = Client::new(&stage.account, &trudy);
    let mut missing = Vec::new();
    let granted = [
        "config:StartRemediationExecution",
        "ssm:StartAutomationExecution",
        "iam:PassRole",
    ];
    for n in 0..granted.len() {
        let refused = remediate(&trudy, &id).await?;
        missing.push(
            text(&refused, "message")
                .split(' ')
                .nth(7)
                .unwrap_or("-")
                .to_owned(),
        );
        let policy = json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": &granted[..=n], "Resource": "*"},
        ]});
        let policy = [
            ("UserName", "trudy"),
            ("PolicyName", "remediate"),
            ("PolicyDocument", &policy.to_string()),
        ];
        stage.operator.iam("PutUserPolicy", &policy).await?;
    }
    assert_eq!(missing, granted);
    assert_eq!(remediate(&trudy, &id).await?, json!({}));
    Ok(())
}

#[tokio::test]
async fn what_is_noncompliant_is_put_right_by_itself_again_and_again() -> anyhow::Result<()> {
    let stage = stage().await?;
    stage.account.set_clock_factor(100.0);
    let automatic =
        json!({"Automatic": true, "MaximumAutomaticAttempts": 2, "ResourceType": ROLES});
    configure(&stage, &automatic).await?;
    stage.settled().await;
    let id = web(&stage);
    let executions = stage.account.automation_executions();
    let of_web = executions
        .iter()
        .filter(|it| it["Parameters"]["RoleId"] == json!([id]));
    assert_eq!(of_web.count(), 2, "it stays noncompliant");
    assert!(
        text(&executions[0], "ExecutedBy")
            .contains("assumed-role/AWSServiceRoleForConfigRemediation/"),
    );
    judge_all(&stage, "COMPLIANT").await?;
    judge_all(&stage, "COMPLIANT").await?;
    assert_eq!(
        stage.account.automation_executions().len(),
        executions.len()
    );
    judge_all(&stage, "NON_COMPLIANT").await?;
    assert_eq!(
        stage.account.automation_executions().len(),
        2 * executions.len()
    );
    Ok(())
}

#[tokio::test]
async fn what_turns_compliant_is_not_tried_again() -> anyhow::Result<()> {
    let stage = stage().await?;
    stage.account.set_clock_factor(15.0);
    configure(&stage, &json!({"Automatic": true})).await?;
    let rules = json!({"verdict": "COMPLIANT"}).to_string();
    let rule = rule_with(&[ROLES], &[CHANGE], &json!({"InputParameters": rules}));
    put(&stage, rule).await?;
    assert!(stage.account.wait_idle(Duration::from_secs(20)).await);
    let id = web(&stage);
    let executions = stage.account.automation_executions();
    let of_web = executions
        .iter()
        .filter(|it| it["Parameters"]["RoleId"] == json!([id]));
    assert_eq!(of_web.count(), 1);
    Ok(())
}

#[tokio::test]
async fn a_configuration_belongs_to_a_rule() -> anyhow::Result<()> {
    let stage = stage().await?;
    let code = async |more: &Value| -> anyhow::Result<String> {
        Ok(text(&configure(&stage, more).await?, "__type"))
    };
    let invalid = "InvalidParameterValueException";
    assert_eq!(code(&json!({"ConfigRuleName": "nobody"})).await?, invalid);
    assert_eq!(code(&json!({"TargetId": "nothing"})).await?, invalid);
    let none = remediate(&stage.operator, "AROAEXAMPLE").await?;
    assert_eq!(
        text(&none, "__type"),
        "NoSuchRemediationConfigurationException"
    );
    configure(&stage, &json!({})).await?;
    let rule = json!({"ConfigRuleName": "judge"});
    let refused = stage.operator.ask("DeleteConfigRule", rule.clone()).await?;
    assert_eq!(text(&refused, "__type"), "ResourceInUseException");
    let names = json!({"ConfigRuleNames": ["judge", "nobody"]});
    let operation = "DescribeRemediationConfigurations";
    let shown = stage.operator.ask(operation, names.clone()).await?;
    let shown = &shown["RemediationConfigurations"];
    assert_eq!(shown.as_array().map(Vec::len), Some(1));
    assert_eq!(
        ["TargetId", "ConfigRuleName"].map(|member| text(&shown[0], member)),
        [RUNBOOK, "judge"]
    );
    assert_eq!(shown[0]["Automatic"], json!(false));
    stage
        .operator
        .ask("DeleteRemediationConfiguration", rule.clone())
        .await?;
    assert_eq!(
        stage
            .operator
            .config("DeleteConfigRule", rule)
            .await?
            .status,
        200
    );
    Ok(())
}
