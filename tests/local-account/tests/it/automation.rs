use local_account::FunctionError;
use serde_json::{Value, json};

use crate::cli::{aws, deploy};
use crate::client::Client;
use crate::judge::text;
use crate::runbook::{
    ROLE, RUNBOOK, add_runbook, content, create, ended, put_policy, start, trust,
};
use crate::stage::Stage;

const ID: &str = "AROAEXAMPLE";

async fn stage() -> anyhow::Result<Stage> {
    let stage = Stage::new().await?;
    stage.deploy_function().await?;
    add_runbook(&stage).await?;
    Ok(stage)
}

/// Code and message of what a call is refused with.
async fn refused(stage: &Stage, name: &str, parameters: Value) -> anyhow::Result<String> {
    let answer = start(stage, name, parameters).await?.json();
    Ok(format!(
        "{}: {}",
        text(&answer, "__type"),
        text(&answer, "message")
    ))
}

#[tokio::test]
async fn a_runbook_calls_a_function_with_the_permissions_of_its_role() -> anyhow::Result<()> {
    let stage = stage().await?;
    let started = start(&stage, RUNBOOK, json!({"RoleId": [ID]}))
        .await?
        .json();
    let id = text(&started, "AutomationExecutionId");
    let execution = ended(&stage).await?;
    assert_eq!(text(&execution, "AutomationExecutionId"), id);
    assert_eq!(text(&execution, "AutomationExecutionStatus"), "Success");
    assert_eq!(execution["Outputs"], json!({"Migrate.Label": ["first"]}));
    assert_eq!(execution["Parameters"]["RoleId"], json!([ID]));
    let step = &execution["StepExecutions"][0];
    assert_eq!(text(step, "StepStatus"), "Success");
    assert_eq!(step["Inputs"]["FunctionName"], "\"watcher\"");
    assert_eq!(step["Outputs"]["StatusCode"], json!(["200"]));
    let invocations = stage.settled().await;
    assert_eq!(
        invocations[0].event,
        json!({"do": "answer", "roleId": ID, "execution": id})
    );
    let calls = stage.account.calls();
    let invoke = calls
        .iter()
        .find(|call| call.operation == "Invoke")
        .unwrap();
    assert_eq!(
        invoke.principal_arn,
        format!("arn:aws:sts::123456789012:assumed-role/automation/Automation-{id}")
    );
    Ok(())
}

#[tokio::test]
async fn a_function_that_fails_fails_the_execution_and_is_not_tried_again() -> anyhow::Result<()> {
    let stage = stage().await?;
    let parameters = json!({"RoleId": [ID], "Do": ["fail"]});
    start(&stage, RUNBOOK, parameters.clone()).await?;
    let execution = ended(&stage).await?;
    assert_eq!(text(&execution, "AutomationExecutionStatus"), "Failed");
    let message = text(&execution, "FailureMessage");
    assert!(message.contains("told to"), "{message}");
    assert_eq!(stage.settled().await.len(), 1);

    stage
        .account
        .set_function_error_rule(FunctionError::IsAnOutput);
    start(&stage, RUNBOOK, parameters).await?;
    let execution = ended(&stage).await?;
    assert_eq!(text(&execution, "AutomationExecutionStatus"), "Success");
    let outputs = &execution["StepExecutions"][0]["Outputs"];
    assert_eq!(outputs["FunctionError"], json!(["Unhandled"]));
    assert!(outputs["Payload"].to_string().contains("told to"));
    Ok(())
}

#[tokio::test]
async fn a_step_waits_no_longer_than_it_may() -> anyhow::Result<()> {
    let stage = stage().await?;
    let mut content = content();
    content["mainSteps"][0]["timeoutSeconds"] = json!(1);
    create(&stage, "hasty", &content).await?;
    start(&stage, "hasty", json!({"RoleId": [ID], "Do": ["sleep"]})).await?;
    let execution = ended(&stage).await?;
    assert_eq!(text(&execution, "AutomationExecutionStatus"), "TimedOut");
    Ok(())
}

#[tokio::test]
async fn an_execution_takes_the_parameters_of_its_runbook_and_no_others() -> anyhow::Result<()> {
    let stage = stage().await?;
    let code = "InvalidAutomationExecutionParametersException";
    for parameters in [
        json!({}),
        json!({"RoleId": [ID], "Else": ["x"]}),
        json!({"RoleId": ["AIDAEXAMPLE"]}),
        json!({"RoleId": [ID], "AutomationAssumeRole": ["automation"]}),
    ] {
        let refused = refused(&stage, RUNBOOK, parameters.clone()).await?;
        assert!(refused.starts_with(code), "{parameters}: {refused}");
    }
    let nothing = refused(&stage, "nothing", json!({})).await?;
    assert!(
        nothing.starts_with("AutomationDefinitionNotFoundException"),
        "{nothing}"
    );
    let id = json!({"AutomationExecutionId": "00000000-0000-0000-0000-000000000000"});
    let unknown = stage.operator.ssm("GetAutomationExecution", id).await?;
    assert_eq!(unknown.error(), "AutomationExecutionNotFoundException");
    Ok(())
}

#[tokio::test]
async fn a_role_that_systems_manager_may_not_take_is_refused() -> anyhow::Result<()> {
    let stage = stage().await?;
    let expected = "InvalidAutomationExecutionParametersException: The defined assume role is unable to be assumed.";
    let foreign = r#"{"StringEquals":{"aws:SourceAccount":"111122223333"}}"#;
    for trust in [
        trust("ec2.amazonaws.com", "{}"),
        trust("ssm.amazonaws.com", foreign),
    ] {
        let input = [("RoleName", "automation"), ("PolicyDocument", &trust)];
        stage.operator.iam("UpdateAssumeRolePolicy", &input).await?;
        let refused = refused(&stage, RUNBOOK, json!({"RoleId": [ID]})).await?;
        assert_eq!(refused, expected, "{trust}");
    }
    Ok(())
}

#[tokio::test]
async fn whoever_starts_an_execution_must_be_allowed_to_pass_its_role() -> anyhow::Result<()> {
    let stage = stage().await?;
    let input = json!({"DocumentName": RUNBOOK, "Parameters": {"RoleId": [ID]}});
    let operation = "StartAutomationExecution";
    let refused = stage.mallory.ssm(operation, input.clone()).await?;
    assert_eq!(
        text(&refused.json(), "message"),
        format!(
            "User: arn:aws:iam::123456789012:user/mallory is not authorized to perform: iam:PassRole on resource: {ROLE} because no identity-based policy allows the iam:PassRole action"
        )
    );
    let trudy = stage.account.create_user("trudy", &[]).await?;
    let refused = Client::new(&stage.account, &trudy)
        .ssm(operation, input.clone())
        .await?;
    let message = text(&refused.json(), "message");
    assert!(message.contains("ssm:StartAutomationExecution on resource: arn:aws:ssm:eu-central-1:123456789012:document/migrate "), "{message}");

    let pass = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "iam:PassRole", "Resource": ROLE,
        "Condition": {"StringEquals": {"iam:PassedToService": "ssm.amazonaws.com"}},
    }]});
    let policy = [
        ("UserName", "mallory"),
        ("PolicyName", "pass"),
        ("PolicyDocument", &pass.to_string()),
    ];
    stage.operator.iam("PutUserPolicy", &policy).await?;
    assert_eq!(stage.mallory.ssm(operation, input).await?.status, 200);
    Ok(())
}

#[tokio::test]
async fn a_step_does_what_the_role_may_do_and_nothing_else() -> anyhow::Result<()> {
    let stage = stage().await?;
    let other = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "arn:aws:lambda:*:*:function:other"},
    ]});
    put_policy(&stage, &other).await?;
    start(&stage, RUNBOOK, json!({"RoleId": [ID]})).await?;
    let execution = ended(&stage).await?;
    let message = text(&execution, "FailureMessage");
    assert!(
        message.contains("is not authorized to perform: lambda:InvokeFunction"),
        "{message}"
    );
    assert!(stage.settled().await.is_empty());
    Ok(())
}

#[tokio::test]
async fn other_actions_are_refused() -> anyhow::Result<()> {
    let stage = stage().await?;
    let script = json!({"schemaVersion": "0.3", "mainSteps": [
        {"name": "a", "action": "aws:executeScript", "inputs": {}},
    ]});
    create(&stage, "script", &script).await?;
    assert_eq!(
        refused(&stage, "script", json!({})).await?,
        "NotImplementedException: The local account does not know the action aws:executeScript."
    );
    let empty = json!({"schemaVersion": "0.3"});
    let refused = create(&stage, "empty", &empty).await.expect_err("no steps");
    assert!(
        refused.to_string().contains("InvalidDocumentContent"),
        "{refused}"
    );
    Ok(())
}

const TEMPLATE: &str = r#"
Parameters:
  Wish: {Type: String, Default: answer}
Resources:
  Runbook:
    Type: AWS::SSM::Document
    Properties:
      Name: stack-runbook
      DocumentType: Automation
      DocumentFormat: YAML
      UpdateMethod: NewVersion
      Content:
        schemaVersion: '0.3'
        assumeRole: '{{ AutomationAssumeRole }}'
        parameters:
          AutomationAssumeRole: {type: String, default: !Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/automation"}
          Names: {type: StringList}
        mainSteps:
          - name: Call
            action: aws:invokeLambdaFunction
            inputs: {FunctionName: watcher, Payload: !Sub '{"do": "${Wish}", "names": {{ Names }}}'}
  Unnamed:
    Type: AWS::SSM::Document
    Properties:
      DocumentType: Automation
      Content: {schemaVersion: '0.3', mainSteps: [{name: a, action: aws:invokeLambdaFunction, inputs: {FunctionName: watcher}}]}
"#;

#[tokio::test]
async fn a_stacks_runbook_is_run_and_changes_with_its_stack() -> anyhow::Result<()> {
    let stage = stage().await?;
    deploy(&stage, TEMPLATE, &[]).await?;
    let command =
        "ssm start-automation-execution --document-name stack-runbook --parameters Names=a,b";
    let command: Vec<&str> = command.split(' ').collect();
    let id = aws(&stage, &command).await?;
    let id = text(&id, "AutomationExecutionId");
    stage.settled().await;
    let get = [
        "ssm",
        "get-automation-execution",
        "--automation-execution-id",
        &id,
    ];
    let shown = aws(&stage, &get).await?;
    let shown = &shown["AutomationExecution"];
    assert_eq!(
        ["AutomationExecutionStatus", "DocumentVersion"].map(|member| text(shown, member)),
        ["Success", "1"]
    );
    let invocations = stage.settled().await;
    assert_eq!(
        invocations[0].event,
        json!({"do": "answer", "names": ["a", "b"]})
    );

    deploy(&stage, TEMPLATE, &["Wish=fail"]).await?;
    aws(&stage, &command).await?;
    let execution = ended(&stage).await?;
    assert_eq!(
        ["AutomationExecutionStatus", "DocumentVersion"].map(|member| text(&execution, member)),
        ["Failed", "2"]
    );
    let list = ["ssm", "describe-automation-executions"];
    let listed = aws(&stage, &list).await?;
    assert_eq!(
        listed["AutomationExecutionMetadataList"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let own = [
        "ssm",
        "list-documents",
        "--filters",
        "Key=Owner,Values=Self",
    ];
    let names = |documents: &Value| documents["DocumentIdentifiers"].as_array().unwrap().len();
    assert_eq!(names(&aws(&stage, &own).await?), 3);
    aws(
        &stage,
        &["cloudformation", "delete-stack", "--stack-name", "one"],
    )
    .await?;
    assert_eq!(names(&aws(&stage, &own).await?), 1);
    Ok(())
}
