use serde_json::{Value, json};

use crate::cli::{aws, deploy};
use crate::judge::{stage, statuses};
use crate::stage::Stage;

const TEMPLATE: &str = r#"
Parameters:
  Verdict: {Type: String, Default: NON_COMPLIANT}
Resources:
  Permission:
    Type: AWS::Lambda::Permission
    Properties: {Action: lambda:InvokeFunction, FunctionName: watcher, Principal: config.amazonaws.com, SourceAccount: !Ref AWS::AccountId}
  Rule:
    Type: AWS::Config::ConfigRule
    DependsOn: Permission
    Properties:
      ConfigRuleName: judge
      InputParameters: {verdict: !Ref Verdict}
      Scope: {ComplianceResourceTypes: [AWS::IAM::Role]}
      Source:
        Owner: CUSTOM_LAMBDA
        SourceIdentifier: !Sub "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:watcher"
        SourceDetails:
          - {EventSource: aws.config, MessageType: ConfigurationItemChangeNotification}
          - {EventSource: aws.config, MessageType: ScheduledNotification, MaximumExecutionFrequency: One_Hour}
  Judged:
    Type: AWS::IAM::Role
    Properties:
      RoleName: judged
      ManagedPolicyArns: [arn:aws:iam::aws:policy/AmazonSSMFullAccess]
      AssumeRolePolicyDocument: {Version: "2012-10-17", Statement: [{Effect: Allow, Principal: {Service: ec2.amazonaws.com}, Action: sts:AssumeRole}]}
"#;

/// Nobody but a stack lets Config call the function.
async fn unpermitted() -> anyhow::Result<Stage> {
    let stage = stage().await?;
    let permission = "/2015-03-31/functions/watcher/policy/config";
    stage
        .operator
        .lambda("DELETE", permission, Value::Null)
        .await?;
    Ok(stage)
}

/// What a rule says of everything, in one word each.
fn verdicts(stage: &Stage) -> anyhow::Result<Vec<String>> {
    let results = stage.account.evaluations("judge")?;
    let verdicts = results.into_iter().map(|result| result.compliance);
    Ok(verdicts.collect())
}

#[tokio::test]
async fn a_stacks_rule_comes_and_goes_with_its_stack() -> anyhow::Result<()> {
    let stage = unpermitted().await?;
    deploy(&stage, TEMPLATE, &[]).await?;
    stage.settled().await;
    let view = ["configservice", "describe-compliance-by-config-rule"];
    let view = aws(&stage, &view).await?;
    assert_eq!(
        view["ComplianceByConfigRules"],
        json!([{"ConfigRuleName": "judge", "Compliance": {
            "ComplianceType": "NON_COMPLIANT",
            "ComplianceContributorCount": {"CappedCount": 3, "CapExceeded": false},
        }}])
    );
    let details = "get-compliance-details-by-config-rule --config-rule-name judge --query length(EvaluationResults)";
    let arguments: Vec<&str> = ["configservice"]
        .into_iter()
        .chain(details.split(' '))
        .collect();
    assert_eq!(aws(&stage, &arguments).await?, 3);
    let delete = ["cloudformation", "delete-stack", "--stack-name", "one"];
    aws(&stage, &delete).await?;
    let rules = stage.operator.ask("DescribeConfigRules", json!({})).await?;
    assert_eq!(rules["ConfigRules"], json!([]));
    let judged = statuses(&stage, "judged");
    assert_eq!(judged, ["ResourceDiscovered", "ResourceDeleted"]);
    Ok(())
}

#[tokio::test]
async fn a_stacks_rule_changes_with_its_stack() -> anyhow::Result<()> {
    let stage = unpermitted().await?;
    deploy(&stage, TEMPLATE, &[]).await?;
    let calls = stage.settled().await.len();
    deploy(&stage, TEMPLATE, &[]).await?;
    let again = stage.settled().await.len();
    assert_eq!(again, calls, "nothing has changed");
    assert_eq!(verdicts(&stage)?, ["NON_COMPLIANT"; 3]);
    deploy(&stage, TEMPLATE, &["Verdict=COMPLIANT"]).await?;
    stage.settled().await;
    assert_eq!(verdicts(&stage)?, ["COMPLIANT"; 3]);
    Ok(())
}

#[tokio::test]
async fn a_rule_that_may_come_before_its_permission_fails_its_stack() -> anyhow::Result<()> {
    let stage = stage().await?;
    let unordered = TEMPLATE.replace("DependsOn: Permission", "DependsOn: Judged");
    let error = deploy(&stage, &unordered, &[]).await.expect_err("no order");
    assert!(
        error
            .to_string()
            .contains("Rule: the rule does not depend on its permission `Permission`"),
        "{error}"
    );
    Ok(())
}
