//! How many calls a run makes, counted where they arrive.

use end_to_end::Stage;
use end_to_end::story::{with_idle_timeout, without_logging};
use local_account::Call;

/// The calls of the function since `mark`, up to the first one that only tells people and programs.
fn guards(stage: &Stage, mark: local_account::Mark) -> Vec<Call> {
    let calls = stage.account.calls_since(mark);
    calls
        .into_iter()
        .filter(|call| {
            call.principal_arn
                .contains("session-guard-preferences-guard")
        })
        .collect()
}

fn names(calls: &[Call]) -> Vec<&str> {
    calls.iter().map(|call| call.operation.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revert_takes_at_most_twelve_calls_and_looking_at_most_four() -> anyhow::Result<()> {
    let mut stage = Stage::guarded().await?;
    let baseline = stage.baseline.clone();

    // A first revert, so that the notes exist and the latest version is the guard's.
    stage
        .mallory
        .update(&without_logging(&baseline)?.to_json())
        .await?;
    stage.runs().await?;

    // Deliver only the intruder's own event, so that the calls counted are those of one run.
    stage.account.set_delivery(local_account::Delivery::Held);
    stage
        .mallory
        .update(&with_idle_timeout(&baseline, 7)?.to_json())
        .await?;
    let mark = stage.account.mark();
    stage.account.release_held(&[0]).await;
    stage.settle().await?;
    let calls = guards(&stage, mark);
    let to_read_back = calls
        .iter()
        .position(|call| call.operation == "PutParameter")
        .unwrap_or(calls.len());
    assert!(to_read_back <= 12, "{:?}", names(&calls));
    assert!(
        calls.iter().any(|call| call.operation == "UpdateDocument"),
        "{:?}",
        names(&calls)
    );
    stage.expect(&baseline).await?;

    // The guard's own write comes back: nothing to do.
    let mark = stage.account.mark();
    stage.account.release_held(&[0]).await;
    stage.settle().await?;
    let calls = guards(&stage, mark);
    assert!(!calls.is_empty() && calls.len() <= 4, "{:?}", names(&calls));

    // Two sweeps settle what happened; the third has nothing to do.
    stage.account.set_delivery(local_account::Delivery::Never);
    stage.sweep().await?;
    stage.sweep().await?;
    let mark = stage.account.mark();
    stage.sweep().await?;
    let calls = guards(&stage, mark);
    assert!(!calls.is_empty() && calls.len() <= 4, "{:?}", names(&calls));
    assert!(
        calls.iter().all(|call| call.read_only),
        "{:?}",
        names(&calls)
    );
    Ok(())
}
