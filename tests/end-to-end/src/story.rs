//! The main job as a story: what people do, what the guard and the rules do, verified by reading it back.

mod chapters;
mod content;

use std::time::Duration;

use anyhow::{Context, ensure};

use crate::compliance::{Compliance, View};
use crate::{Run, Stage};

pub use content::{with_idle_timeout, without_encryption, without_logging};

/// One thing that happened, told once it has been verified.
#[derive(Debug, Clone)]
pub struct Scene {
    /// What somebody did.
    pub deed: String,
    /// What came of it.
    pub outcome: &'static str,
    /// From the event's arrival at the function to the document read back; `None` where nothing was to be done.
    pub took: Option<Duration>,
}

/// Hears of each scene as soon as it has been verified.
pub trait Listener {
    /// A scene begins.
    fn begins(&mut self, deed: &str);
    /// It has ended as it should.
    fn ended(&mut self, scene: &Scene);
    /// Somebody looks at AWS Config.
    fn shows(&mut self, view: &View);
}

/// Plays the whole story; the first outcome that is not as it should be ends it with an error.
pub async fn play(stage: &mut Stage, listener: &mut dyn Listener) -> anyhow::Result<Vec<Scene>> {
    let mut story = Story {
        stage,
        listener,
        current: String::new(),
        scenes: Vec::new(),
    };
    let played = chapters(&mut story).await;
    played.with_context(|| format!("the scene `{}` went wrong", story.current))?;
    Ok(story.scenes)
}

async fn chapters(story: &mut Story<'_>) -> anyhow::Result<()> {
    chapters::intruder(story).await?;
    chapters::editor(story).await?;
    chapters::onlookers(story).await?;
    chapters::forger(story).await?;
    chapters::rules(story).await?;
    chapters::roles(story).await
}

/// A story while it is played.
struct Story<'a> {
    stage: &'a mut Stage,
    listener: &'a mut dyn Listener,
    current: String,
    scenes: Vec<Scene>,
}

impl Story<'_> {
    fn begin(&mut self, deed: &str) {
        deed.clone_into(&mut self.current);
        self.listener.begins(deed);
    }

    fn end(&mut self, deed: &str, outcome: &'static str, took: Option<Duration>) {
        let scene = Scene {
            deed: deed.to_owned(),
            outcome,
            took,
        };
        self.listener.ended(&scene);
        self.scenes.push(scene);
    }

    /// Fails unless AWS Config shows this of the resource.
    async fn expect(
        &self,
        resource: &str,
        rule: &str,
        compliance: Compliance,
        says: &str,
    ) -> anyhow::Result<()> {
        let view = self.stage.view().await?;
        let row = view.of(resource, rule);
        let row = row.with_context(|| format!("`{rule}` says nothing of `{resource}`:\n{view}"))?;
        ensure!(
            row.compliance == compliance && row.annotation.contains(says),
            "{row:?}"
        );
        Ok(())
    }

    /// The run that put something right, among those since the last look.
    async fn reverting_run(&mut self) -> anyhow::Result<Run> {
        let runs = self.stage.runs().await?;
        let told = format!(
            "{:?}",
            runs.iter().map(|run| &run.answer).collect::<Vec<_>>()
        );
        let reverting = runs.into_iter().find(|run| !run.done().is_empty());
        reverting.with_context(|| format!("no run of the function did anything: {told}"))
    }
}
