//! Somebody with `AmazonSSMFullAccess`.

use anyhow::ensure;
use local_account::Delivery;
use serde_json::json;

use crate::story::Story;
use crate::story::content::{with_idle_timeout, without_logging};

/// Where the guard keeps the approved content.
const APPROVALS: &str = "/session-guard/approved-preferences";

/// Somebody with `AmazonSSMFullAccess` tries everything that it allows.
pub(in crate::story) async fn intruder(story: &mut Story<'_>) -> anyhow::Result<()> {
    turns_logging_off(story).await?;
    deletes(story).await?;
    recreates_as_another_type(story).await?;
    moves_default(story).await?;
    shares(story).await?;
    writes_approved_content(story).await
}

async fn turns_logging_off(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "mallory turns logging off";
    story.begin(deed);
    let baseline = story.stage.baseline.clone();
    story
        .stage
        .mallory
        .update(&without_logging(&baseline)?.to_json())
        .await?;
    let run = story.reverting_run().await?;
    story.stage.expect(&baseline).await?;
    ensure!(
        run.verdict() == "strangers" && run.reasons().contains(&"below-floor"),
        "{:?}",
        run.answer
    );
    story.end(deed, "reverted", Some(run.took));
    Ok(())
}

async fn deletes(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "mallory deletes the document";
    story.begin(deed);
    story.stage.mallory.delete().await?;
    let run = story.reverting_run().await?;
    let live = story.stage.expect(&story.stage.baseline).await?;
    ensure!(
        live.tags == ["owner=security"],
        "the tags are {:?}",
        live.tags
    );
    story.end(deed, "created again, with its tags", Some(run.took));
    Ok(())
}

async fn recreates_as_another_type(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "mallory deletes it and creates it as a command document";
    story.begin(deed);
    // Faster than any delivery, so that the guard finds the other type.
    story.stage.account.set_delivery(Delivery::Held);
    story.stage.mallory.delete().await?;
    story.stage.mallory.create_command().await?;
    let places: Vec<_> = (0..story.stage.account.held().len()).collect();
    story.stage.account.set_delivery(Delivery::Once);
    story.stage.account.release_held(&places).await;
    let run = story.reverting_run().await?;
    story.stage.expect(&story.stage.baseline).await?;
    ensure!(run.reasons().contains(&"wrong-type"), "{:?}", run.answer);
    story.end(
        deed,
        "deleted and created as a session document",
        Some(run.took),
    );
    Ok(())
}

async fn moves_default(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "mallory moves the default version to an older one";
    story.begin(deed);
    // An older version that is not what it should be: mallory's own, reverted before.
    let baseline = story.stage.baseline.clone();
    story
        .stage
        .mallory
        .update(&with_idle_timeout(&baseline, 29)?.to_json())
        .await?;
    story.reverting_run().await?;
    let live = story.stage.expect(&baseline).await?;
    story.stage.mallory.move_default(live.latest - 1).await?;
    let run = story.reverting_run().await?;
    let now = story.stage.expect(&baseline).await?;
    ensure!(
        now.default == live.latest && now.latest == live.latest,
        "{now:?}"
    );
    story.end(deed, "moved back", Some(run.took));
    Ok(())
}

async fn shares(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "mallory shares the document with another account";
    story.begin(deed);
    story.stage.mallory.share_with("111122223333").await?;
    let run = story.reverting_run().await?;
    story.stage.expect(&story.stage.baseline).await?;
    ensure!(run.reasons().contains(&"shared"), "{:?}", run.answer);
    story.end(deed, "unshared", Some(run.took));
    Ok(())
}

async fn writes_approved_content(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "mallory writes her own approved content into the guard's parameter";
    story.begin(deed);
    story.stage.runs().await?;
    let n_alerts = story.stage.account.published_messages().len();
    let hostile =
        json!({ "baseline": story.stage.baseline.meaning_hash(), "approved": { "content": "{}" } });
    story
        .stage
        .mallory
        .put_parameter(APPROVALS, &hostile.to_string())
        .await?;
    let run = story.stage.sweep().await?;
    story.stage.expect(&story.stage.baseline).await?;
    ensure!(
        run.reasons().contains(&"approvals-ignored"),
        "{:?}",
        run.answer
    );
    let n_new = story.stage.account.published_messages().len() - n_alerts;
    ensure!(n_new == 1, "{n_new} alerts instead of one");
    story.end(deed, "ignored, and alerted", None);
    Ok(())
}
