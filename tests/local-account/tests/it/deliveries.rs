use std::time::Duration;

use local_account::Delivery;
use serde_json::{Value, json};

use crate::stage::{DOCUMENT, RULE, Stage, content};

async fn update(stage: &Stage, minutes: &str) -> anyhow::Result<()> {
    let input =
        json!({"Name": DOCUMENT, "DocumentVersion": "$LATEST", "Content": content(minutes)});
    assert_eq!(
        stage.mallory.ssm("UpdateDocument", input).await?.status,
        200
    );
    Ok(())
}

fn versions(events: &[Value]) -> Vec<&str> {
    let of = |event: &'static str| move |value: &'_ Value| value.pointer(event).is_some();
    let path = "/detail/responseElements/documentDescription/documentVersion";
    events
        .iter()
        .filter(|event| of(path)(event))
        .filter_map(|event| event.pointer(path)?.as_str())
        .collect()
}

#[tokio::test]
async fn records_come_as_the_test_wants_them() -> anyhow::Result<()> {
    let stage = Stage::with_function().await?;
    let events = async || -> Vec<Value> {
        stage
            .settled()
            .await
            .into_iter()
            .map(|invocation| invocation.event)
            .collect()
    };
    stage.account.set_delivery(Delivery::Never);
    stage.create_document(&stage.mallory).await?;
    assert!(events().await.is_empty());

    stage.account.set_delivery(Delivery::Twice);
    update(&stage, "2").await?;
    let twice = events().await;
    assert_eq!(versions(&twice), ["2", "2"]);
    assert_eq!(twice[0]["detail"]["eventID"], twice[1]["detail"]["eventID"]);

    stage.account.set_delivery(Delivery::Held);
    update(&stage, "3").await?;
    update(&stage, "4").await?;
    assert_eq!(events().await.len(), 2);
    assert_eq!(versions(&stage.account.held()), ["3", "4"]);
    stage.account.release_held(&[1]).await;
    assert_eq!(versions(&events().await), ["2", "2", "4"]);
    stage.account.release_held(&[0]).await;
    assert_eq!(versions(&events().await), ["2", "2", "4", "3"]);

    stage
        .account
        .set_delivery(Delivery::Late(Duration::from_millis(300)));
    update(&stage, "5").await?;
    assert_eq!(stage.account.invocations().len(), 4);
    assert_eq!(events().await.len(), 5);
    Ok(())
}

#[tokio::test]
async fn a_schedule_fires_when_its_time_comes() -> anyhow::Result<()> {
    let stage = Stage::with_function().await?;
    stage
        .put_rule(&json!({"Name": "changes", "ScheduleExpression": "rate(5 minutes)"}))
        .await?;
    assert_eq!(
        stage.account.schedules().await[0].expression,
        "rate(5 minutes)"
    );
    stage.account.fire_schedule("changes").await?;
    let invocations = stage.settled().await;
    assert_eq!(invocations[0].event["detail-type"], "Scheduled Event");
    assert_eq!(invocations[0].event["resources"], json!([RULE]));
    assert!(stage.account.fire_schedule("nobody").await.is_err());
    Ok(())
}

#[tokio::test]
async fn forged_sources_are_refused_and_others_reach_the_rules() -> anyhow::Result<()> {
    let stage = Stage::with_function().await?;
    stage
        .put_rule(
            &json!({"Name": "changes", "EventPattern": json!({"source": ["guard"]}).to_string()}),
        )
        .await?;
    let entry = |source: &str| json!({"Source": source, "DetailType": "Decision", "Detail": json!({"a": 1}).to_string()});
    let reply = stage
        .operator
        .events(
            "PutEvents",
            json!({"Entries": [entry("aws.ssm"), entry("guard")]}),
        )
        .await?
        .json();
    assert_eq!(reply["FailedEntryCount"], 1);
    assert_eq!(
        reply["Entries"][0]["ErrorCode"],
        "NotAuthorizedForSourceException"
    );
    let invocations = stage.settled().await;
    assert_eq!(invocations.len(), 1);
    assert_eq!(invocations[0].event["detail"], json!({"a": 1}));
    let accepted = stage.account.accepted_events();
    assert_eq!((accepted.len(), accepted[0].source.as_str()), (1, "guard"));
    Ok(())
}

#[tokio::test]
async fn without_a_permission_the_event_goes_to_the_dead_letters() -> anyhow::Result<()> {
    let stage = Stage::with_function().await?;
    let policy = json!({"Statement": [{
        "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage",
        "Resource": "arn:aws:sqs:eu-central-1:123456789012:dead-letters",
        "Condition": {"ArnEquals": {"aws:SourceArn": RULE}},
    }]});
    let create = json!({"QueueName": "dead-letters", "Attributes": {"Policy": policy.to_string()}});
    assert_eq!(
        stage
            .operator
            .target("sqs", "AmazonSQS.CreateQueue", create)
            .await?
            .status,
        200
    );
    stage
        .operator
        .lambda(
            "DELETE",
            "/2015-03-31/functions/watcher/policy/rule",
            Value::Null,
        )
        .await?;
    stage.create_document(&stage.mallory).await?;
    assert!(stage.settled().await.is_empty());
    let letters = stage.account.queue_messages("dead-letters").await?;
    assert_eq!(letters.len(), 1);
    assert_eq!(
        letters[0]["MessageAttributes"]["ERROR_CODE"]["StringValue"],
        "NO_PERMISSIONS"
    );
    // Reading leaves the letter where it is.
    assert_eq!(stage.account.queue_messages("dead-letters").await?.len(), 1);
    Ok(())
}
