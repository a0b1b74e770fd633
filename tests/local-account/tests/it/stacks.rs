use serde_json::{Value, json};

use crate::cli::deploy;
use crate::stage::{DOCUMENT, RULE, Stage};

const TEMPLATE: &str = r#"
Parameters:
  FunctionName: {Type: String, Default: watcher}
Resources:
  Failures:
    Type: AWS::SQS::Queue
    Properties: {QueueName: failures}
  FailuresPolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Failures]
      PolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {Service: events.amazonaws.com}, Action: sqs:SendMessage, Resource: !GetAtt Failures.Arn}
  Role:
    Type: AWS::IAM::Role
    Properties:
      RoleName: stack-role
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {AWS: !Ref AWS::AccountId}, Action: sts:AssumeRole}
      Policies:
        - PolicyName: read
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - {Effect: Allow, Action: ssm:ListDocuments, Resource: "*"}
  Changes:
    Type: AWS::Events::Rule
    Properties:
      Name: stack-changes
      EventPattern: {source: [aws.ssm], detail: {eventName: [CreateDocument]}}
      Targets:
        - {Id: f, Arn: !Sub "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${FunctionName}"}
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref FunctionName
      Principal: events.amazonaws.com
      SourceAccount: !Ref AWS::AccountId
      SourceArn: !GetAtt Changes.Arn
  Invocation:
    Type: AWS::Lambda::EventInvokeConfig
    Properties:
      FunctionName: !Ref FunctionName
      Qualifier: $LATEST
      MaximumRetryAttempts: 1
      DestinationConfig: {OnFailure: {Destination: !GetAtt Failures.Arn}}
  Waiting:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmName: !Sub ${FunctionName}-waiting
      Dimensions: [{Name: QueueName, Value: !GetAtt Failures.QueueName}]
"#;

#[tokio::test]
async fn a_stack_stands_with_everything_that_moto_skips() -> anyhow::Result<()> {
    let stage = Stage::with_function().await?;
    stage
        .operator
        .events("RemoveTargets", json!({"Rule": "changes", "Ids": ["1"]}))
        .await?;
    deploy(&stage, TEMPLATE, &[]).await?;

    stage.create_document(&stage.mallory).await?;
    assert_eq!(
        stage.settled().await.len(),
        1,
        "the stack's rule alone calls the function"
    );
    let config = stage
        .operator
        .lambda(
            "GET",
            "/2019-09-25/functions/watcher/event-invoke-config",
            Value::Null,
        )
        .await?
        .json();
    assert_eq!(config["MaximumRetryAttempts"], 1);
    assert_eq!(
        config["DestinationConfig"]["OnFailure"]["Destination"],
        "arn:aws:sqs:eu-central-1:123456789012:failures"
    );
    let alarms = stage.account.alarms();
    assert_eq!(
        alarms[0].properties,
        json!({"AlarmName": "watcher-waiting", "Dimensions": [{"Name": "QueueName", "Value": "failures"}]})
    );

    let role = stage
        .account
        .assume_role("arn:aws:iam::123456789012:role/stack-role", "x")
        .await?;
    let role = crate::client::Client::new(&stage.account, &role);
    assert_eq!(role.ssm("ListDocuments", json!({})).await?.status, 200);
    assert_eq!(
        role.ssm("GetDocument", json!({"Name": DOCUMENT}))
            .await?
            .error(),
        "AccessDeniedException"
    );
    let attributes =
        json!({"QueueUrl": "http://127.0.0.1/123456789012/failures", "AttributeNames": ["Policy"]});
    let attributes = stage
        .operator
        .target("sqs", "AmazonSQS.GetQueueAttributes", attributes)
        .await?;
    assert!(
        attributes.text.contains("events.amazonaws.com"),
        "{}",
        attributes.text
    );
    Ok(())
}

#[tokio::test]
async fn a_rule_that_is_disabled_calls_nobody() -> anyhow::Result<()> {
    let stage = Stage::with_function().await?;
    assert_eq!(
        stage
            .operator
            .events("DisableRule", json!({"Name": RULE.rsplit('/').next()}))
            .await?
            .status,
        200
    );
    stage.create_document(&stage.mallory).await?;
    assert!(stage.settled().await.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_stack_is_deployed_again_whether_it_stood_or_failed() -> anyhow::Result<()> {
    let stage = Stage::new().await?;
    let failed = deploy(&stage, TEMPLATE, &[])
        .await
        .expect_err("no function");
    assert!(
        failed.to_string().contains("Function not found"),
        "{failed}"
    );
    stage.deploy_function().await?;
    deploy(&stage, TEMPLATE, &[]).await?;
    // Nothing has changed.
    deploy(&stage, TEMPLATE, &[]).await?;
    Ok(())
}
