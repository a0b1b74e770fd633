//! Attempts that fail, and the guard's own writes.

use anyhow::{Context, ensure};

use crate::Run;
use crate::story::Story;
use crate::story::content::{with_idle_timeout, without_logging};

/// What must change nothing.
pub(in crate::story) async fn onlookers(story: &mut Story<'_>) -> anyhow::Result<()> {
    denied(story).await?;
    own_write(story).await?;
    intruder_again(story).await
}

async fn denied(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "trudy, who may do nothing, tries to change the document";
    story.begin(deed);
    let before = story.stage.live().await?;
    story.stage.runs().await?;
    let tried = story
        .stage
        .trudy
        .update(&without_logging(&before.latest_says)?.to_json())
        .await;
    ensure!(tried.is_err(), "trudy was let in");
    let runs = story.stage.runs().await?;
    let run = runs
        .iter()
        .find(|run| run.verdict() == "failed-call")
        .context("the attempt was not reported")?;
    ensure!(
        run.done().is_empty() && story.stage.live().await?.latest == before.latest,
        "{:?}",
        run.answer
    );
    let told = story.stage.account.accepted_events();
    let is_told = told.last().is_some_and(|event| {
        event
            .detail
            .get("verdict")
            .is_some_and(|verdict| verdict == "failed-call")
    });
    ensure!(is_told, "no event tells of the attempt");
    story.end(deed, "reported only", None);
    Ok(())
}

async fn own_write(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "the guard's own write comes back as an event";
    story.begin(deed);
    let content = story.stage.live().await?.latest_says;
    story
        .stage
        .mallory
        .update(&with_idle_timeout(&content, 5)?.to_json())
        .await?;
    let runs = story.stage.runs().await?;
    let own: Vec<_> = runs
        .iter()
        .filter(|run| run.verdict() == "own-write")
        .collect();
    ensure!(
        !own.is_empty(),
        "the guard's own write was not recognised: {:?}",
        runs.iter().map(Run::verdict).collect::<Vec<_>>()
    );
    ensure!(
        own.iter().all(|run| run.done().is_empty()),
        "the guard answered its own write"
    );
    story.stage.expect(&content).await?;
    story.end(deed, "recognised, no loop", None);
    Ok(())
}

async fn intruder_again(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "mallory turns logging off again";
    story.begin(deed);
    let approved = with_idle_timeout(&story.stage.baseline, 25)?;
    story
        .stage
        .mallory
        .update(&without_logging(&approved)?.to_json())
        .await?;
    let run = story.reverting_run().await?;
    story.stage.expect(&approved).await?;
    story.end(
        deed,
        "reverted to what the editor had approved",
        Some(run.took),
    );
    Ok(())
}
