use local_account::Outcome;
use serde_json::{Value, json};

use crate::stage::{Stage, package};

const INVOKE: &str = "/2015-03-31/functions/watcher/invocations";
const QUEUE: &str = "arn:aws:sqs:eu-central-1:123456789012:failures";

#[tokio::test]
async fn a_function_sees_lambdas_environment_and_nothing_else() -> anyhow::Result<()> {
    let stage = Stage::with_function().await?;
    let reply = stage
        .operator
        .lambda("POST", INVOKE, json!({"a": 1}))
        .await?;
    let answer = reply.json();
    assert_eq!((reply.status, &answer["event"]), (200, &json!({"a": 1})));
    let environment = &answer["environment"];
    assert_eq!(environment["GREETING"], "hello");
    assert_eq!(
        environment["AWS_ENDPOINT_URL"],
        stage.account.endpoint_url().as_str()
    );
    assert!(
        environment["AWS_ACCESS_KEY_ID"]
            .as_str()
            .unwrap_or_default()
            .starts_with("ASIA")
    );
    assert!(environment.get("HOME").is_none() && environment.get("SESSION_GUARD_VENV").is_none());
    let lines = stage.settled().await[0].log_lines.clone();
    assert!(
        lines.contains(&"init".to_owned()) && lines.iter().any(|line| line.starts_with("event of")),
        "{lines:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_process_is_used_again_until_a_new_deployment_replaces_it() -> anyhow::Result<()> {
    let stage = Stage::with_function().await?;
    let invoke = async || -> anyhow::Result<Value> {
        Ok(stage
            .operator
            .lambda("POST", INVOKE, json!({}))
            .await?
            .json())
    };
    let (first, second) = (invoke().await?, invoke().await?);
    assert_eq!(first["process"], second["process"]);
    let code = json!({"ZipFile": package("second")?});
    assert_eq!(
        stage
            .operator
            .lambda("PUT", "/2015-03-31/functions/watcher/code", code)
            .await?
            .status,
        200
    );
    let third = invoke().await?;
    assert_eq!(
        (second["label"].as_str(), third["label"].as_str()),
        (Some("first"), Some("second"))
    );
    Ok(())
}

#[tokio::test]
async fn failures_of_every_kind_are_told_apart() -> anyhow::Result<()> {
    let stage = Stage::with_function().await?;
    for (wish, kind) in [
        ("fail", "Told"),
        ("exit", "Runtime.ExitError"),
        ("sleep", "Sandbox.Timedout"),
    ] {
        let reply = stage
            .operator
            .lambda("POST", INVOKE, json!({"do": wish}))
            .await?;
        assert_eq!(reply.headers["x-amz-function-error"], "Unhandled");
        assert_eq!(reply.json()["errorType"], kind);
    }
    let outcomes: Vec<_> = stage
        .settled()
        .await
        .into_iter()
        .filter_map(|invocation| invocation.outcome)
        .collect();
    assert!(
        matches!(
            outcomes.as_slice(),
            [Outcome::Failed(_), Outcome::Failed(_), Outcome::TimedOut]
        ),
        "{outcomes:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_failing_event_is_tried_three_times_and_then_goes_to_the_destination()
-> anyhow::Result<()> {
    let stage = Stage::with_function().await?;
    stage.account.set_clock_factor(600.0);
    stage
        .operator
        .target(
            "sqs",
            "AmazonSQS.CreateQueue",
            json!({"QueueName": "failures"}),
        )
        .await?;
    let config = json!({"MaximumRetryAttempts": 2, "DestinationConfig": {"OnFailure": {"Destination": QUEUE}}});
    let path = "/2019-09-25/functions/watcher/event-invoke-config";
    assert_eq!(
        stage.operator.lambda("PUT", path, config).await?.status,
        200
    );

    // The role may not send to the queue yet.
    stage.account.deliver("watcher", json!({"do": "fail"}))?;
    stage.settled().await;
    assert!(stage.account.queue_messages("failures").await?.is_empty());
    let policy = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": QUEUE}]}).to_string();
    let policy = policy.replace('"', "%22");
    let body = format!(
        "Action=PutRolePolicy&Version=2010-05-08&RoleName=watcher-role&PolicyName=q&PolicyDocument={policy}"
    );
    assert_eq!(stage.operator.query("iam", &body).await?.status, 200);

    let request = stage.account.deliver("watcher", json!({"do": "fail"}))?;
    let invocations = stage.settled().await;
    let attempts: Vec<_> = invocations
        .iter()
        .filter(|invocation| invocation.request_id == request)
        .map(|invocation| invocation.attempt)
        .collect();
    assert_eq!(attempts, [1, 2, 3]);
    let letters = stage.account.queue_messages("failures").await?;
    let record: Value = serde_json::from_str(letters[0]["Body"].as_str().unwrap_or_default())?;
    assert_eq!(record["requestContext"]["condition"], "RetriesExhausted");
    assert_eq!(record["requestContext"]["approximateInvokeCount"], 3);
    assert_eq!(record["requestPayload"], json!({"do": "fail"}));
    assert_eq!(record["responsePayload"]["errorMessage"], "told to");
    Ok(())
}

#[tokio::test]
async fn reserved_concurrency_is_the_number_of_processes() -> anyhow::Result<()> {
    let stage = Stage::with_function().await?;
    let path = "/2017-10-31/functions/watcher/concurrency";
    stage
        .operator
        .lambda("PUT", path, json!({"ReservedConcurrentExecutions": 0}))
        .await?;
    assert_eq!(
        stage
            .operator
            .lambda("POST", INVOKE, json!({}))
            .await?
            .status,
        429
    );
    stage.account.deliver("watcher", json!({"n": 1}))?;
    stage.account.deliver("watcher", json!({"n": 2}))?;
    assert!(
        !stage
            .account
            .wait_idle(std::time::Duration::from_millis(300))
            .await
    );
    stage
        .operator
        .lambda("PUT", path, json!({"ReservedConcurrentExecutions": 1}))
        .await?;
    let invocations = stage.settled().await;
    let processes: Vec<_> = invocations
        .iter()
        .filter_map(|invocation| match &invocation.outcome {
            Some(Outcome::Done(answer)) => Some(answer["process"].clone()),
            _ => None,
        })
        .collect();
    assert_eq!(processes.len(), 2);
    assert_eq!(processes[0], processes[1]);
    Ok(())
}
