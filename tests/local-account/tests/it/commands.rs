//! The calls with which an operator looks for what hangs on a role, by the AWS CLI.

use serde_json::{Value, json};

use crate::cli::{aws, deploy};
use crate::judge::{self, TRUST, text};
use crate::stage::Stage;

const TEMPLATE: &str = r#"
Resources:
  Rule:
    Type: AWS::Config::ConfigRule
    Properties:
      ConfigRuleName: stack-judge
      Source:
        Owner: CUSTOM_LAMBDA
        SourceIdentifier: !Sub "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:watcher"
        SourceDetails: [{EventSource: aws.config, MessageType: ConfigurationItemChangeNotification}]
  Runbook:
    Type: AWS::SSM::Document
    Properties:
      DocumentType: Automation
      Content: {schemaVersion: '0.3', mainSteps: [{name: a, action: aws:invokeLambdaFunction, inputs: {FunctionName: watcher}}]}
  Remediation:
    Type: AWS::Config::RemediationConfiguration
    Properties: {ConfigRuleName: !Ref Rule, TargetType: SSM_DOCUMENT, TargetId: !Ref Runbook}
  Node:
    Type: AWS::IAM::Role
    Properties:
      RoleName: node
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}]}
  Profile:
    Type: AWS::IAM::InstanceProfile
    Properties: {InstanceProfileName: node, Roles: [!Ref Node]}
Outputs:
  Runbook: {Value: !Ref Runbook}
  Rule: {Value: !Ref Rule}
"#;

async fn ask(stage: &Stage, command: &str) -> anyhow::Result<Value> {
    let command: Vec<&str> = command.split(' ').collect();
    aws(stage, &command).await
}

#[tokio::test]
async fn every_resource_of_a_stack_is_listed() -> anyhow::Result<()> {
    let stage = judge::stage().await?;
    deploy(&stage, TEMPLATE, &[]).await?;
    let query = "cloudformation list-stack-resources --stack-name one --query sort(StackResourceSummaries[].LogicalResourceId)";
    let expected = json!(["Node", "Profile", "Remediation", "Rule", "Runbook"]);
    assert_eq!(ask(&stage, query).await?, expected);
    let query = "cloudformation describe-stack-resources --stack-name one --query StackResources[?LogicalResourceId=='Rule'].PhysicalResourceId";
    assert_eq!(ask(&stage, query).await?, json!(["stack-judge"]));
    let query = "cloudformation list-stacks --query StackSummaries[].StackName";
    assert_eq!(ask(&stage, query).await?, json!(["one"]));
    let query =
        "cloudformation describe-stacks --stack-name one --query Stacks[0].Outputs[].OutputValue";
    let outputs = ask(&stage, query).await?;
    let documents =
        "ssm list-documents --filters Key=Owner,Values=Self --query DocumentIdentifiers[].Name";
    let documents = ask(&stage, documents).await?;
    assert_eq!(outputs, json!([documents[0], "stack-judge"]));
    let template = ask(&stage, "cloudformation get-template --stack-name one").await?;
    assert!(
        template["TemplateBody"].to_string().contains("stack-judge"),
        "{template}"
    );
    Ok(())
}

#[tokio::test]
async fn what_hangs_on_a_role_is_found() -> anyhow::Result<()> {
    let stage = Stage::new().await?;
    let web = ("RoleName", "web");
    let iam = &stage.operator;
    iam.iam("CreateRole", &[web, ("AssumeRolePolicyDocument", TRUST)])
        .await?;
    let profile = ("InstanceProfileName", "web-profile");
    iam.iam("CreateInstanceProfile", &[profile]).await?;
    iam.iam("AddRoleToInstanceProfile", &[profile, web]).await?;
    let profiles = ask(&stage, "iam list-instance-profiles").await?;
    let profile = &profiles["InstanceProfiles"][0];
    assert_eq!(text(&profile["Roles"][0], "RoleName"), "web");

    let data = |name: &str| json!({"IamInstanceProfile": {"Name": name}}).to_string();
    for (operation, name) in [
        ("create-launch-template", "web-profile"),
        ("create-launch-template-version", "other"),
    ] {
        let data = data(name);
        let command = [
            "ec2",
            operation,
            "--launch-template-name",
            "fleet",
            "--launch-template-data",
            &data,
        ];
        aws(&stage, &command).await?;
    }
    let query = "ec2 describe-launch-template-versions --versions $Latest $Default --query LaunchTemplateVersions[].[VersionNumber,LaunchTemplateData.IamInstanceProfile.Name]";
    let versions = ask(&stage, query).await?;
    assert_eq!(versions, json!([[2, "other"], [1, "web-profile"]]));
    let instances = ask(&stage, "ec2 describe-instances").await?;
    assert_eq!(instances, json!({"Reservations": []}));
    Ok(())
}
