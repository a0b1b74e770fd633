//! Events that cannot be handled, and services that do not answer.

use end_to_end::story::with_idle_timeout;
use end_to_end::{FUNCTION, Stage};
use local_account::Lookups;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_event_ends_in_the_failure_queue_with_its_reason() -> anyhow::Result<()> {
    let stage = Stage::guarded().await?;
    let mark = stage.account.mark();
    for event in [
        json!({}),
        json!("nonsense"),
        json!({ "source": "aws.ssm", "detail-type": "AWS API Call via CloudTrail" }),
    ] {
        stage.account.deliver(FUNCTION, event)?;
    }
    stage.settle().await?;
    let messages = stage
        .account
        .queue_messages("session-guard-failures")
        .await?;
    assert_eq!(messages.len(), 3, "{messages:?}");
    let body: Value = serde_json::from_str(messages[0]["Body"].as_str().unwrap_or_default())?;
    assert_eq!(
        body.pointer("/requestContext/condition"),
        Some(&json!("RetriesExhausted")),
        "{body}"
    );
    assert!(
        body.pointer("/responsePayload/errorMessage")
            .is_some_and(Value::is_string),
        "{body}"
    );
    let wrote = stage.account.calls_since(mark).into_iter().any(|call| {
        call.principal_arn
            .contains("session-guard-preferences-guard")
            && !call.read_only
            && call.service == "ssm"
    });
    assert!(!wrote, "a bad event led to a write");

    // What is no event at all is left where it is; what is given back fails again.
    let redriven = stage.redrive().await?;
    let told = String::from_utf8_lossy(&redriven.stdout);
    assert!(told.ends_with("2 given back, 1 left\n"), "{told}");
    assert_eq!(redriven.status.code(), Some(1));
    stage.settle().await?;
    let back = stage
        .account
        .queue_messages("session-guard-failures")
        .await?;
    assert_eq!(back.len(), 2, "{back:?}");
    let known: Vec<_> = messages.iter().map(|it| &it["MessageId"]).collect();
    assert!(back.iter().all(|it| !known.contains(&&it["MessageId"])));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_that_does_not_answer_is_not_the_same_as_an_unknown_change() -> anyhow::Result<()>
{
    let mut stage = Stage::guarded().await?;
    let content = with_idle_timeout(&stage.baseline, 20)?;
    stage.account.set_lookups(Lookups::Failing);
    stage.editor.update(&content.to_json()).await?;
    let sweep = stage.sweep().await?;
    assert!(
        sweep.reasons().contains(&"trail-failed"),
        "{}",
        sweep.answer
    );
    assert!(stage.live().await?.latest_says.means_the_same_as(&content));
    stage.account.set_lookups(Lookups::Answered);
    stage.sweep().await?;
    stage.expect(&content).await?;
    Ok(())
}
