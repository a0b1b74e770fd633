use std::time::Duration;

use local_account::Outcome;
use serde_json::{Value, json};

use crate::client::Client;
use crate::judge::{
    CHANGE, OVERSIZED, SCHEDULED, TRUST, names, permit, put, rule, rule_with, stage, story, text,
    told,
};
use crate::stage::{FUNCTION, Stage};

const ROLES: [&str; 1] = ["AWS::IAM::Role"];

async fn create_role(stage: &Stage, name: &str) -> anyhow::Result<()> {
    let input = [("RoleName", name), ("AssumeRolePolicyDocument", TRUST)];
    stage.operator.iam("CreateRole", &input).await.map(|_| ())
}

#[tokio::test]
async fn a_function_that_config_may_not_call_is_refused() -> anyhow::Result<()> {
    let stage = Stage::new().await?;
    let refused = async || -> anyhow::Result<String> {
        let rule = rule(&ROLES, &[CHANGE]);
        let answer = stage.operator.ask("PutConfigRule", rule).await?;
        let code = text(&answer, "__type");
        Ok(format!("{code}: {}", text(&answer, "message")))
    };
    let expected = format!(
        "InsufficientPermissionsException: The AWS Lambda function {FUNCTION} cannot be invoked. Check the specified function ARN, and check the function's permissions."
    );
    assert_eq!(refused().await?, expected, "there is no function");
    stage.deploy_function().await?;
    assert_eq!(refused().await?, expected, "nobody may call it");
    permit(&stage, &json!({"SourceAccount": "111122223333"})).await?;
    assert_eq!(refused().await?, expected, "only a foreign Config may");
    Ok(())
}

#[tokio::test]
async fn a_new_rule_judges_what_is_there() -> anyhow::Result<()> {
    let stage = stage().await?;
    create_role(&stage, "web").await?;
    let parameters = json!({"verdict": "NON_COMPLIANT"}).to_string();
    let strict = json!({ "InputParameters": parameters });
    put(&stage, rule_with(&ROLES, &[CHANGE], &strict)).await?;
    let invocations = stage.settled().await;
    let mut seen = story(&invocations);
    seen.sort_unstable();
    let expected = ["watcher-role OK", "web ResourceDiscovered"];
    assert_eq!(seen, expected.map(|told| format!("{CHANGE} {told}")));
    assert_eq!(told(&invocations[0])["configurationItemDiff"], Value::Null);

    let event = &invocations[0].event;
    let mut expected = "version invokingEvent ruleParameters resultToken eventLeftScope executionRoleArn configRuleArn configRuleName configRuleId accountId".split(' ');
    assert!(names(event).into_iter().eq(&mut expected), "{event}");
    let rules = stage.operator.ask("DescribeConfigRules", json!({})).await?;
    let rule = &rules["ConfigRules"][0];
    assert_eq!(
        ["configRuleId", "configRuleArn", "ruleParameters"].map(|member| text(event, member)),
        [
            text(rule, "ConfigRuleId"),
            text(rule, "ConfigRuleArn"),
            parameters
        ]
    );
    let results = stage.account.evaluations("judge")?;
    assert_eq!(results.len(), 2);
    assert!(
        results
            .iter()
            .all(|result| result.compliance == "NON_COMPLIANT")
    );
    Ok(())
}

#[tokio::test]
async fn a_rule_judges_what_changes() -> anyhow::Result<()> {
    let stage = stage().await?;
    put(&stage, rule(&ROLES, &[CHANGE])).await?;
    let before = stage.settled().await.len();
    create_role(&stage, "web").await?;
    stage.settled().await;
    stage
        .operator
        .iam("DeleteRole", &[("RoleName", "web")])
        .await?;
    let invocations = stage.settled().await;
    let expected = ["web ResourceDiscovered", "web ResourceDeleted"];
    assert_eq!(
        story(&invocations)[before..],
        expected.map(|told| format!("{CHANGE} {told}"))
    );
    let changes = invocations[before..]
        .iter()
        .map(|invocation| text(&told(invocation)["configurationItemDiff"], "changeType"));
    assert!(changes.eq(["CREATE", "DELETE"]));
    let results = stage.account.evaluations("judge")?;
    let gone = results
        .iter()
        .filter(|result| result.compliance == "NOT_APPLICABLE");
    assert_eq!(gone.count(), 1);
    Ok(())
}

#[tokio::test]
async fn a_function_that_fails_is_called_again_with_the_same_token() -> anyhow::Result<()> {
    let stage = stage().await?;
    stage.account.set_clock_factor(600.0);
    put(&stage, rule(&["AWS::IAM::Group"], &[CHANGE])).await?;
    stage.account.throttle("config", "PutEvaluations", 1);
    stage
        .operator
        .iam("CreateGroup", &[("GroupName", "ops")])
        .await?;
    let invocations = stage.settled().await;
    let [first, second] = invocations.as_slice() else {
        panic!("{invocations:?}")
    };
    assert!(
        matches!(first.outcome, Some(Outcome::Failed(_))),
        "{first:?}"
    );
    assert_eq!((second.attempt, &second.event), (2, &first.event));
    assert_eq!(stage.account.evaluations("judge")?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_function_that_lets_config_in_no_longer_is_not_called() -> anyhow::Result<()> {
    let stage = stage().await?;
    put(&stage, rule(&["AWS::IAM::Group"], &[CHANGE])).await?;
    let permission = "/2015-03-31/functions/watcher/policy/config";
    let operator = &stage.operator;
    operator.lambda("DELETE", permission, Value::Null).await?;
    operator.iam("CreateGroup", &[("GroupName", "ops")]).await?;
    assert!(stage.settled().await.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_periodic_rule_runs_when_its_time_comes() -> anyhow::Result<()> {
    let stage = stage().await?;
    put(&stage, rule(&ROLES, &[SCHEDULED])).await?;
    let first = story(&stage.settled().await);
    assert_eq!(first, [format!("{SCHEDULED} - -")], "at its creation");
    stage.account.run_config_rule("judge").await?;
    let invocations = stage.settled().await;
    let told = told(&invocations[1]);
    assert_eq!(
        ["awsAccountId", "recordVersion"].map(|member| text(&told, member)),
        ["123456789012", "1.0"]
    );
    let results = stage.account.evaluations("judge")?;
    assert_eq!(results.len(), 1);
    assert_eq!(results[0].resource_type, "AWS::::Account");
    assert_eq!(results[0].annotation.as_deref(), Some(SCHEDULED));
    put(&stage, rule(&["AWS::IAM::Group"], &[CHANGE])).await?;
    let unscheduled = stage.account.run_config_rule("judge").await;
    assert!(unscheduled.is_err());
    Ok(())
}

#[tokio::test]
async fn a_rule_is_started_by_hand_once_a_minute() -> anyhow::Result<()> {
    let stage = stage().await?;
    put(&stage, rule(&ROLES, &[CHANGE, SCHEDULED])).await?;
    let start = async |names: Value| -> anyhow::Result<String> {
        let input = json!({ "ConfigRuleNames": names });
        let operation = "StartConfigRulesEvaluation";
        let answer = stage.operator.ask(operation, input).await?;
        Ok(text(&answer, "__type"))
    };
    let before = stage.settled().await.len();
    assert_eq!(start(json!(["judge"])).await?, "-");
    let mut seen = story(&stage.settled().await).split_off(before);
    seen.sort_unstable();
    let expected = [
        format!("{CHANGE} watcher-role OK"),
        format!("{SCHEDULED} - -"),
    ];
    assert_eq!(seen, expected);
    assert_eq!(start(json!(["judge"])).await?, "LimitExceededException");
    // A minute is over after a millisecond.
    stage.account.set_clock_factor(60_000.0);
    tokio::time::sleep(Duration::from_millis(2)).await;
    assert_eq!(start(json!(["judge"])).await?, "-");
    assert_eq!(start(json!(["x"])).await?, "NoSuchConfigRuleException");
    assert_eq!(
        start(json!(vec!["judge"; 26])).await?,
        "ValidationException"
    );
    Ok(())
}

#[tokio::test]
async fn an_item_that_is_too_large_is_told_by_its_summary() -> anyhow::Result<()> {
    let stage = stage().await?;
    put(&stage, rule(&ROLES, &[CHANGE, OVERSIZED])).await?;
    stage.settled().await;
    stage.account.set_notification_limit(1000);
    create_role(&stage, "large").await?;
    let invocations = stage.settled().await;
    let told = told(&invocations[invocations.len() - 1]);
    assert_eq!(
        ["messageType", "recordVersion"].map(|member| text(&told, member)),
        [OVERSIZED, "1.0"]
    );
    let summary = &told["configurationItemSummary"];
    assert_eq!(
        ["changeType", "resourceName"].map(|member| text(summary, member)),
        ["CREATE", "large"]
    );
    assert!(summary.get("configuration").is_none() && told.get("configurationItem").is_none());
    // The whole item is in the history.
    let key = json!({"resourceType": ROLES[0], "resourceId": summary["resourceId"]});
    let history = stage.operator.ask("GetResourceConfigHistory", key).await?;
    let item = &history["configurationItems"][0];
    assert!(text(item, "configuration").contains("assumeRolePolicyDocument"));

    // Who asks for items is not told of summaries.
    put(&stage, rule(&ROLES, &[CHANGE])).await?;
    create_role(&stage, "larger").await?;
    let seen = story(&stage.settled().await);
    assert!(!seen.iter().any(|told| told.contains("larger")), "{seen:?}");
    Ok(())
}

#[tokio::test]
async fn a_resource_that_loses_its_tag_leaves_the_scope() -> anyhow::Result<()> {
    let stage = stage().await?;
    let tagged = json!({"Scope": {"TagKey": "Team"}});
    put(&stage, rule_with(&[], &[CHANGE], &tagged)).await?;
    create_role(&stage, "web").await?;
    let web = ("RoleName", "web");
    let tag = [
        web,
        ("Tags.member.1.Key", "Team"),
        ("Tags.member.1.Value", "x"),
    ];
    stage.operator.iam("TagRole", &tag).await?;
    stage.settled().await;
    let untag = [web, ("TagKeys.member.1", "Team")];
    stage.operator.iam("UntagRole", &untag).await?;
    let invocations = stage.settled().await;
    let left = invocations
        .iter()
        .map(|invocation| invocation.event["eventLeftScope"] == true);
    assert!(left.eq([false, true]));
    Ok(())
}

#[tokio::test]
async fn rules_that_are_not_whole_are_refused() -> anyhow::Result<()> {
    let stage = stage().await?;
    let long = json!({"a": "x".repeat(1024)}).to_string();
    let source = |detail: Value| json!({"Source": {"Owner": "CUSTOM_LAMBDA", "SourceIdentifier": FUNCTION, "SourceDetails": [detail]}});
    let often = |message: &str, frequency: &str| {
        source(
            json!({"EventSource": "aws.config", "MessageType": message, "MaximumExecutionFrequency": frequency}),
        )
    };
    let (invalid, validation) = ("InvalidParameterValueException", "ValidationException");
    for (change, expected) in [
        (json!({"ConfigRuleName": null}), invalid),
        (json!({"ConfigRuleId": "config-rule-abc123"}), invalid),
        (json!({"InputParameters": "no"}), invalid),
        (json!({ "InputParameters": long }), validation),
        (
            json!({"Scope": {"TagKey": "a", "ComplianceResourceTypes": ROLES}}),
            invalid,
        ),
        (json!({"Scope": {"ComplianceResourceId": "AROA1"}}), invalid),
        (json!({"Source": {"Owner": "CUSTOM_LAMBDA"}}), invalid),
        (often(CHANGE, "One_Hour"), invalid),
        (often(SCHEDULED, "Weekly"), validation),
        (often("Never", "One_Hour"), validation),
    ] {
        let input = rule_with(&ROLES, &[CHANGE], &change);
        let answer = stage.operator.ask("PutConfigRule", input).await?;
        assert_eq!(text(&answer, "__type"), expected, "{change}: {answer}");
    }
    let recorder = json!({"ConfigurationRecorderName": "default"});
    let operator = &stage.operator;
    operator
        .ask("DeleteConfigurationRecorder", recorder)
        .await?;
    let answer = operator
        .ask("PutConfigRule", rule(&ROLES, &[CHANGE]))
        .await?;
    let expected = "NoAvailableConfigurationRecorderException";
    assert_eq!(text(&answer, "__type"), expected);
    Ok(())
}

#[tokio::test]
async fn who_may_read_one_rule_may_not_read_another() -> anyhow::Result<()> {
    let stage = stage().await?;
    put(&stage, rule(&ROLES, &[SCHEDULED])).await?;
    let other = json!({"ConfigRuleName": "other"});
    put(&stage, rule_with(&ROLES, &[SCHEDULED], &other)).await?;
    let rules = stage.operator.ask("DescribeConfigRules", json!({})).await?;
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "config:GetComplianceDetailsByConfigRule", "Resource": rules["ConfigRules"][0]["ConfigRuleArn"]},
        {"Effect": "Allow", "Action": "config:GetResourceConfigHistory", "Resource": "*"},
    ]});
    let trudy = stage.account.create_user("trudy", &[]).await?;
    let input = [
        ("UserName", "trudy"),
        ("PolicyName", "p"),
        ("PolicyDocument", &policy.to_string()),
    ];
    stage.operator.iam("PutUserPolicy", &input).await?;
    let trudy = Client::new(&stage.account, &trudy);
    let key = json!({"resourceType": ROLES[0], "resourceId": "x"});
    let details = "GetComplianceDetailsByConfigRule";
    for (operation, input, code) in [
        (details, json!({"ConfigRuleName": "judge"}), "-"),
        (
            details,
            json!({"ConfigRuleName": "other"}),
            "AccessDeniedException",
        ),
        (
            "GetResourceConfigHistory",
            key,
            "ResourceNotDiscoveredException",
        ),
        ("DescribeConfigRules", json!({}), "AccessDeniedException"),
    ] {
        let answer = trudy.ask(operation, input).await?;
        assert_eq!(text(&answer, "__type"), code, "{operation}");
    }
    Ok(())
}
