//! Events twice, late, out of order and lost.

use std::time::Duration;

use end_to_end::Stage;
use end_to_end::story::{with_idle_timeout, without_logging};
use local_account::{Delivery, DuplicateContent};

#[tokio::test(flavor = "multi_thread")]
async fn events_twice_late_out_of_order_and_lost_end_in_the_same_state() -> anyhow::Result<()> {
    let mut stage = Stage::guarded().await?;
    let baseline = stage.baseline.clone();
    let bad = without_logging(&baseline)?.to_json();

    stage.account.set_delivery(Delivery::Twice);
    stage.mallory.update(&bad).await?;
    stage.runs().await?;
    let once = stage.expect(&baseline).await?;
    assert_eq!(once.latest, 3, "the second delivery wrote again");

    stage
        .account
        .set_delivery(Delivery::Late(Duration::from_millis(800)));
    stage.mallory.update(&bad).await?;
    stage.runs().await?;
    stage.expect(&baseline).await?;

    // Two changes whose events come in reverse.
    stage.account.set_delivery(Delivery::Held);
    stage
        .mallory
        .update(&with_idle_timeout(&baseline, 9)?.to_json())
        .await?;
    stage.mallory.update(&bad).await?;
    stage.account.release_held(&[1, 0, 0]).await;
    stage.settle().await?;
    stage.account.set_delivery(Delivery::Once);
    let rest: Vec<_> = (0..stage.account.held().len()).collect();
    stage.account.release_held(&rest).await;
    stage.runs().await?;
    stage.expect(&baseline).await?;

    // No event at all: the sweep sees it.
    stage.account.set_delivery(Delivery::Never);
    stage.mallory.update(&bad).await?;
    stage.sweep().await?;
    stage.expect(&baseline).await?;
    stage.mallory.delete().await?;
    stage.sweep().await?;
    stage.expect(&baseline).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn content_that_the_service_has_seen_before_is_written_all_the_same() -> anyhow::Result<()> {
    let mut stage = Stage::guarded().await?;
    let baseline = stage.baseline.clone();
    stage
        .account
        .set_duplicate_content_rule(DuplicateContent::AnyVersion);
    stage.account.set_activation_polls(2);
    stage
        .mallory
        .update(&without_logging(&baseline)?.to_json())
        .await?;
    stage.runs().await?;
    let live = stage.expect(&baseline).await?;
    assert!(
        live.latest_says.description().contains("reverted"),
        "{}",
        live.latest_says.description()
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_document_gets_room_for_the_revert() -> anyhow::Result<()> {
    let mut stage = Stage::guarded().await?;
    let baseline = stage.baseline.clone();
    for minutes in [11, 12] {
        stage
            .mallory
            .update(&with_idle_timeout(&baseline, minutes)?.to_json())
            .await?;
        stage.runs().await?;
    }
    let latest = stage.expect(&baseline).await?.latest;
    stage
        .account
        .set_document_version_limit(usize::try_from(latest + 1)?);
    stage
        .mallory
        .update(&without_logging(&baseline)?.to_json())
        .await?;
    stage.runs().await?;
    stage.expect(&baseline).await?;
    Ok(())
}
