use serde_json::{Value, json};

use crate::judge::{SCHEDULED, put, rule_with, stage, text, with};
use crate::stage::Stage;

fn entry(id: &str, compliance: &str) -> Value {
    json!({
        "ComplianceResourceType": "AWS::IAM::Role", "ComplianceResourceId": id, "ComplianceType": compliance,
        "Annotation": "because", "OrderingTimestamp": 1_768_442_584.5,
    })
}

/// A rule whose function only tests, and the token of its call: all results are those that a test puts.
async fn token() -> anyhow::Result<(Stage, String)> {
    let stage = stage().await?;
    let silent = json!({"InputParameters": json!({"test": "yes"}).to_string()});
    put(
        &stage,
        rule_with(&["AWS::IAM::Role"], &[SCHEDULED], &silent),
    )
    .await?;
    let invocations = stage.settled().await;
    let events = invocations.iter().map(|invocation| &invocation.event);
    let token = events.map(|event| text(event, "resultToken")).next_back();
    Ok((stage, token.unwrap_or_default()))
}

async fn report(stage: &Stage, token: &str, entries: &[Value]) -> anyhow::Result<Value> {
    let input = json!({"ResultToken": token, "Evaluations": entries});
    stage.operator.ask("PutEvaluations", input).await
}

#[tokio::test]
async fn a_token_is_good_for_its_own_rule() -> anyhow::Result<()> {
    let (stage, token) = token().await?;
    assert!(token.len() > 2000, "{}", token.len());
    let nothing = stage.account.evaluations("judge")?;
    assert!(nothing.is_empty(), "a test keeps nothing: {nothing:?}");
    let one = [entry("AROA1", "COMPLIANT")];
    let forged = report(&stage, "TESTMODE", &one).await?;
    assert_eq!(text(&forged, "__type"), "InvalidResultTokenException");
    let accepted = report(&stage, &token, &one).await?;
    assert_eq!(accepted, json!({"FailedEvaluations": []}));
    let kept = stage.account.evaluations("judge")?;
    assert_eq!(kept.len(), 1);
    assert_eq!(
        kept[0].ordering_timestamp.to_string(),
        "2026-01-15T02:03:04.5Z"
    );
    let named = json!({"ConfigRuleName": "judge"});
    stage.operator.ask("DeleteConfigRule", named).await?;
    let late = report(&stage, &token, &one).await?;
    assert_eq!(text(&late, "__type"), "NoSuchConfigRuleException");
    assert!(stage.account.evaluations("judge").is_err());
    Ok(())
}

#[tokio::test]
async fn a_hundred_entries_are_taken_and_no_more() -> anyhow::Result<()> {
    let (stage, token) = token().await?;
    let mut entries: Vec<Value> = (0..101)
        .map(|number| entry(&format!("AROA{number}"), "COMPLIANT"))
        .collect();
    let many = report(&stage, &token, &entries).await?;
    let message = text(&many, "message");
    assert_eq!(text(&many, "__type"), "ValidationException");
    let (begin, end) = (
        "1 validation error detected: Value '[com.amazonaws.starling.dove.Evaluation@",
        "]' at 'evaluations' failed to satisfy constraint: Member must have length less than or equal to 100",
    );
    assert!(
        message.starts_with(begin) && message.ends_with(end),
        "{message}"
    );
    entries.pop();
    let accepted = report(&stage, &token, &entries).await?;
    assert_eq!(accepted, json!({"FailedEvaluations": []}));
    // One bad entry spoils the call.
    let spoiled = [
        entry("AROA0", "NON_COMPLIANT"),
        entry("AROA1", "INSUFFICIENT_DATA"),
    ];
    let spoiled = report(&stage, &token, &spoiled).await?;
    assert_eq!(text(&spoiled, "__type"), "InvalidParameterValueException");
    let kept = stage.account.evaluations("judge")?;
    assert_eq!(kept.len(), 100);
    assert!(kept.iter().all(|result| result.compliance == "COMPLIANT"));
    Ok(())
}

#[tokio::test]
async fn entries_fail_when_the_test_wants_it() -> anyhow::Result<()> {
    let (stage, token) = token().await?;
    stage.account.fail_evaluations(1);
    let entries = [entry("AROA1", "COMPLIANT"), entry("AROA2", "COMPLIANT")];
    let partly = report(&stage, &token, &entries).await?;
    assert_eq!(partly, json!({"FailedEvaluations": [entries[0]]}));
    assert_eq!(stage.account.evaluations("judge")?[0].resource_id, "AROA2");
    stage.account.throttle("config", "PutEvaluations", 1);
    let throttled = report(&stage, &token, &entries).await?;
    assert_eq!(text(&throttled, "__type"), "ThrottlingException");
    let accepted = report(&stage, &token, &entries).await?;
    assert_eq!(accepted, json!({"FailedEvaluations": []}));
    Ok(())
}

/// Eleven resources that do not comply, and one that does not matter.
async fn judged() -> anyhow::Result<Stage> {
    let (stage, token) = token().await?;
    let mut entries: Vec<Value> = (0..11)
        .map(|number| entry(&format!("AROA{number:02}"), "NON_COMPLIANT"))
        .collect();
    entries.push(entry("AROA11", "NOT_APPLICABLE"));
    report(&stage, &token, &entries).await?;
    Ok(stage)
}

#[tokio::test]
async fn the_results_of_a_rule_are_read_ten_a_page() -> anyhow::Result<()> {
    let stage = judged().await?;
    let ask = async |more: Value| {
        let input = with(json!({"ConfigRuleName": "judge"}), &more);
        let operation = "GetComplianceDetailsByConfigRule";
        stage.operator.ask(operation, input).await
    };
    let count = |answer: &Value| answer["EvaluationResults"].as_array().map(Vec::len);
    let first = ask(json!({})).await?;
    let rest = ask(json!({"NextToken": first["NextToken"]})).await?;
    assert_eq!([count(&first), count(&rest)], [Some(10), Some(2)]);
    assert!(rest.get("NextToken").is_none());
    let bad = ask(json!({"Limit": 100, "ComplianceTypes": ["NON_COMPLIANT"]})).await?;
    assert_eq!(count(&bad), Some(11));
    let result = &bad["EvaluationResults"][0];
    assert_eq!(
        result["EvaluationResultIdentifier"],
        json!({
            "EvaluationResultQualifier": {
                "ConfigRuleName": "judge", "ResourceType": "AWS::IAM::Role", "ResourceId": "AROA00",
                "EvaluationMode": "DETECTIVE",
            },
            "OrderingTimestamp": 1_768_442_584.5,
        })
    );
    assert_eq!(text(result, "Annotation"), "because");
    for (more, code) in [
        (json!({"Limit": 101}), "ValidationException"),
        (json!({"ConfigRuleName": "x"}), "NoSuchConfigRuleException"),
        (json!({"NextToken": "x"}), "InvalidNextTokenException"),
    ] {
        assert_eq!(text(&ask(more).await?, "__type"), code);
    }
    Ok(())
}

#[tokio::test]
async fn the_view_is_read_by_rule_and_by_resource() -> anyhow::Result<()> {
    let stage = judged().await?;
    let ask = async |operation: &str, input: Value| stage.operator.ask(operation, input).await;
    let count = |count: usize| json!({"ComplianceType": "NON_COMPLIANT", "ComplianceContributorCount": {"CappedCount": count, "CapExceeded": false}});
    let rules = ask("DescribeComplianceByConfigRule", json!({})).await?;
    assert_eq!(
        rules["ComplianceByConfigRules"],
        json!([{"ConfigRuleName": "judge", "Compliance": count(11)}])
    );
    let one = json!({"ResourceType": "AWS::IAM::Role", "ResourceId": "AROA03"});
    let resource = ask("DescribeComplianceByResource", one.clone()).await?;
    assert_eq!(
        resource["ComplianceByResources"],
        json!([with(one.clone(), &json!({"Compliance": count(1)}))])
    );
    let details = ask("GetComplianceDetailsByResource", one).await?;
    let result = &details["EvaluationResults"][0];
    assert_eq!(text(result, "ComplianceType"), "NON_COMPLIANT");
    let silent = json!({"ComplianceTypes": ["INSUFFICIENT_DATA"]});
    let resources = ask("DescribeComplianceByResource", silent.clone()).await?;
    let resource = &resources["ComplianceByResources"][0];
    assert_eq!(text(resource, "ResourceId"), "AROA11");
    let named = json!({"ConfigRuleName": "judge"});
    ask("DeleteEvaluationResults", named).await?;
    let rules = ask("DescribeComplianceByConfigRule", silent).await?;
    assert_eq!(
        rules["ComplianceByConfigRules"],
        json!([{"ConfigRuleName": "judge", "Compliance": {"ComplianceType": "INSUFFICIENT_DATA"}}])
    );
    Ok(())
}
