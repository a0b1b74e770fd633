//! An editor.

use std::time::Duration;

use anyhow::{Context, ensure};

use crate::story::Story;
use crate::story::content::{with_idle_timeout, without_encryption};

/// CloudTrail's event history lags by up to about this long.
const LAG: Duration = Duration::from_mins(15);

/// An editor changes what editors may change, and what nobody may.
pub(in crate::story) async fn editor(story: &mut Story<'_>) -> anyhow::Result<()> {
    lengthens_idle_timeout(story).await?;
    confirmed(story).await?;
    turns_encryption_off(story).await
}

async fn lengthens_idle_timeout(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "alice, an editor, lengthens the idle timeout to 25 minutes";
    story.begin(deed);
    story.stage.account.set_lookup_lag(LAG);
    let content = with_idle_timeout(&story.stage.baseline, 25)?;
    story.stage.editor.update(&content.to_json()).await?;
    let runs = story.stage.runs().await?;
    let run = runs
        .iter()
        .find(|run| run.verdict() == "editors")
        .context("no run judged an editor's change")?;
    ensure!(
        run.reasons().contains(&"pending") && run.done().is_empty(),
        "{:?}",
        run.answer
    );
    let sweep = story.stage.sweep().await?;
    ensure!(sweep.reasons().contains(&"waiting"), "{:?}", sweep.answer);
    let says = story.stage.live().await?.latest_says;
    ensure!(
        says.means_the_same_as(&content),
        "the editor's version is gone"
    );
    story.end(deed, "left alone, pending", None);
    Ok(())
}

async fn confirmed(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "CloudTrail's own history comes to know of it";
    story.begin(deed);
    story.stage.account.set_lookup_lag(Duration::ZERO);
    let run = story.stage.sweep().await?;
    ensure!(run.reasons().contains(&"approved"), "{:?}", run.answer);
    story
        .stage
        .expect(&with_idle_timeout(&story.stage.baseline, 25)?)
        .await?;
    story.end(
        deed,
        "approved by the sweep, default version follows",
        Some(run.took),
    );
    Ok(())
}

async fn turns_encryption_off(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "alice turns the encryption flag off";
    story.begin(deed);
    let approved = with_idle_timeout(&story.stage.baseline, 25)?;
    story
        .stage
        .editor
        .update(&without_encryption(&approved)?.to_json())
        .await?;
    let run = story.reverting_run().await?;
    story.stage.expect(&approved).await?;
    ensure!(
        run.verdict() == "editors" && run.reasons().contains(&"below-floor"),
        "{:?}",
        run.answer
    );
    story.end(
        deed,
        "reverted: below the floor, whoever writes it",
        Some(run.took),
    );
    Ok(())
}
