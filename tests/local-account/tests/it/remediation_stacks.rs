use serde_json::json;

use crate::cli::{aws, deploy};
use crate::judge::{self, TRUST, text};
use crate::runbook::{ROLE, add_runbook};
use crate::stage::Stage;

const TEMPLATE: &str = r#"
Parameters:
  Automatic: {Type: String, Default: "false"}
Resources:
  Rule:
    Type: AWS::Config::ConfigRule
    Properties:
      InputParameters: {verdict: NON_COMPLIANT}
      Scope: {ComplianceResourceTypes: [AWS::IAM::Role]}
      Source:
        Owner: CUSTOM_LAMBDA
        SourceIdentifier: !Sub "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:watcher"
        SourceDetails: [{EventSource: aws.config, MessageType: ConfigurationItemChangeNotification}]
  Runbook:
    Type: AWS::SSM::Document
    Properties:
      DocumentType: Automation
      Content:
        schemaVersion: '0.3'
        assumeRole: '{{ AutomationAssumeRole }}'
        parameters:
          AutomationAssumeRole: {type: String}
          RoleId: {type: String}
        mainSteps:
          - {name: Call, action: aws:invokeLambdaFunction, inputs: {FunctionName: watcher, InputPayload: {roleId: '{{ RoleId }}'}}}
  Remediation:
    Type: AWS::Config::RemediationConfiguration
    Properties:
      ConfigRuleName: !Ref Rule
      TargetType: SSM_DOCUMENT
      TargetId: !Ref Runbook
      TargetVersion: '1'
      ResourceType: AWS::IAM::Role
      Automatic: !Ref Automatic
      MaximumAutomaticAttempts: 1
      Parameters:
        AutomationAssumeRole: {StaticValue: {Values: [!Sub "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/automation"]}}
        RoleId: {ResourceValue: {Value: RESOURCE_ID}}
"#;

async fn stage() -> anyhow::Result<Stage> {
    let stage = judge::stage().await?;
    add_runbook(&stage).await?;
    let web = [("RoleName", "web"), ("AssumeRolePolicyDocument", TRUST)];
    stage.operator.iam("CreateRole", &web).await?;
    deploy(&stage, TEMPLATE, &[]).await?;
    stage.settled().await;
    Ok(stage)
}

#[tokio::test]
async fn a_stacks_remediation_is_the_rules() -> anyhow::Result<()> {
    let stage = stage().await?;
    let rules = stage.operator.ask("DescribeConfigRules", json!({})).await?;
    let rule = text(&rules["ConfigRules"][0], "ConfigRuleName");
    assert!(rule.starts_with("one-Rule-"), "{rule}");
    let names = json!({"ConfigRuleNames": [rule]});
    let operation = "DescribeRemediationConfigurations";
    let shown = stage.operator.ask(operation, names).await?;
    let shown = &shown["RemediationConfigurations"][0];
    assert!(
        text(shown, "TargetId").starts_with("one-Runbook-"),
        "{shown}"
    );
    let passed = &shown["Parameters"]["AutomationAssumeRole"]["StaticValue"]["Values"];
    assert_eq!(*passed, json!([ROLE]));
    let id = text(&judge::last_item(&stage, "web"), "resourceId");
    let keys = json!([{"resourceType": "AWS::IAM::Role", "resourceId": id}]);
    let input = json!({"ConfigRuleName": rule, "ResourceKeys": keys});
    let started = stage
        .operator
        .ask("StartRemediationExecution", input)
        .await?;
    assert_eq!(started, json!({}));
    let invocations = stage.settled().await;
    let last = &invocations.last().unwrap().event;
    assert_eq!(*last, json!({ "roleId": id }));
    Ok(())
}

#[tokio::test]
async fn a_stacks_remediation_becomes_automatic_and_goes_with_its_stack() -> anyhow::Result<()> {
    let stage = stage().await?;
    assert!(stage.account.automation_executions().is_empty());
    deploy(&stage, TEMPLATE, &["Automatic=true"]).await?;
    stage.settled().await;
    let executions = stage.account.automation_executions().len();
    assert_eq!(executions, 3, "automation, watcher-role and web");
    deploy(&stage, TEMPLATE, &["Automatic=true"]).await?;
    stage.settled().await;
    assert_eq!(stage.account.automation_executions().len(), executions);
    let delete = ["cloudformation", "delete-stack", "--stack-name", "one"];
    aws(&stage, &delete).await?;
    let rules = stage.operator.ask("DescribeConfigRules", json!({})).await?;
    assert_eq!(rules["ConfigRules"], json!([]));
    Ok(())
}
