use std::time::Duration;

use local_account::{Delivery, Lookups};
use serde_json::json;

use crate::stage::{DOCUMENT, Stage, content};

#[tokio::test]
async fn a_change_reaches_the_function_with_a_record_of_who_made_it() -> anyhow::Result<()> {
    let stage = Stage::with_function().await?;
    stage.create_document(&stage.mallory).await?;
    let invocations = stage.settled().await;
    assert_eq!(invocations.len(), 1);
    let event = &invocations[0].event;
    assert_eq!(
        (event["source"].as_str(), event["detail-type"].as_str()),
        (Some("aws.ssm"), Some("AWS API Call via CloudTrail"))
    );
    let detail = &event["detail"];
    assert_eq!(
        detail["userIdentity"]["arn"],
        "arn:aws:iam::123456789012:user/mallory"
    );
    assert!(
        detail["userIdentity"]["principalId"]
            .as_str()
            .unwrap_or_default()
            .starts_with("AIDA")
    );
    assert_eq!(
        detail["requestParameters"]["content"],
        "HIDDEN_DUE_TO_SECURITY_REASONS"
    );
    let described = stage
        .operator
        .ssm("DescribeDocument", json!({"Name": DOCUMENT}))
        .await?
        .json();
    assert_eq!(
        detail["responseElements"]["documentDescription"]["hash"],
        described["Document"]["Hash"]
    );
    let waited = invocations[0].started_at.unwrap_or_default() - invocations[0].arrived_at;
    assert!(waited.get_seconds() < 5, "{waited}");
    Ok(())
}

#[tokio::test]
async fn the_functions_own_change_is_recorded_as_issued_to_it() -> anyhow::Result<()> {
    let stage = Stage::with_function().await?;
    stage.create_document(&stage.operator).await?;
    stage
        .account
        .deliver("watcher", json!({"do": "update", "name": DOCUMENT}))?;
    stage.settled().await;
    let records = stage.account.records();
    let own = records
        .iter()
        .find(|record| record["eventName"] == "UpdateDocument")
        .expect("an update");
    let identity = &own["userIdentity"];
    assert_eq!(
        identity["sessionContext"]["sessionIssuer"]["arn"],
        "arn:aws:iam::123456789012:role/ops/watcher-role"
    );
    assert_eq!(
        identity["arn"],
        "arn:aws:sts::123456789012:assumed-role/watcher-role/watcher"
    );
    assert_eq!(
        identity["inScopeOf"]["credentialsIssuedTo"],
        crate::stage::FUNCTION
    );
    Ok(())
}

#[tokio::test]
async fn the_history_knows_what_happened_once_the_lag_is_over() -> anyhow::Result<()> {
    let stage = Stage::new().await?;
    stage.account.set_delivery(Delivery::Never);
    stage.create_document(&stage.mallory).await?;
    let id = stage
        .account
        .records()
        .iter()
        .find(|record| record["eventName"] == "CreateDocument")
        .map(|record| record["eventID"].clone());
    let input = json!({"LookupAttributes": [{"AttributeKey": "EventId", "AttributeValue": id}]});
    let lookup = async || {
        tokio::time::sleep(Duration::from_millis(510)).await;
        stage
            .operator
            .target(
                "cloudtrail",
                "CloudTrail_20131101.LookupEvents",
                input.clone(),
            )
            .await
    };
    let found = lookup().await?.json();
    assert_eq!(
        (
            found["Events"][0]["EventName"].as_str(),
            found["Events"][0]["Username"].as_str()
        ),
        (Some("CreateDocument"), Some("mallory"))
    );
    stage.account.set_lookup_lag(Duration::from_mins(10));
    assert_eq!(lookup().await?.json()["Events"], json!([]));
    stage.account.set_lookups(Lookups::Failing);
    assert_eq!(lookup().await?.status, 500);
    Ok(())
}

#[tokio::test]
async fn every_call_is_in_the_log() -> anyhow::Result<()> {
    let stage = Stage::new().await?;
    let mark = stage.account.mark();
    stage
        .mallory
        .ssm("GetDocument", json!({"Name": DOCUMENT}))
        .await?;
    stage
        .mallory
        .ssm(
            "CreateDocument",
            json!({"Name": DOCUMENT, "Content": content("1"), "DocumentType": "Session"}),
        )
        .await?;
    let calls = stage.account.calls_since(mark);
    let seen: Vec<_> = calls
        .iter()
        .map(|call| {
            (
                call.operation.as_str(),
                call.read_only,
                call.error_code.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("GetDocument", true, Some("InvalidDocument")),
            ("CreateDocument", false, None)
        ]
    );
    assert!(
        calls
            .iter()
            .all(|call| call.principal_arn.ends_with(":user/mallory"))
    );
    Ok(())
}
