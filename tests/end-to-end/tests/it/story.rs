use end_to_end::compliance::View;
use end_to_end::story::{Listener, Scene, play};
use end_to_end::{MIGRATION, Stage};
use local_account::Outcome;

/// The error of a failing scene names it.
struct Silence;

impl Listener for Silence {
    fn begins(&mut self, _deed: &str) {}

    fn ended(&mut self, _scene: &Scene) {}

    fn shows(&mut self, _view: &View) {}
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scene_of_the_story_ends_as_it_should() -> anyhow::Result<()> {
    let mut stage = Stage::ruled().await?;
    let scenes = play(&mut stage, &mut Silence).await?;
    assert_eq!(scenes.len(), 28);
    let denied: Vec<_> = stage
        .account
        .calls()
        .into_iter()
        .filter(|call| {
            let code = call.error_code.as_deref().unwrap_or_default();
            call.principal_arn.contains("role/session-guard-") && code.starts_with("AccessDenied")
        })
        .map(|call| (call.principal_arn, call.operation))
        .collect();
    assert_eq!(denied, [], "a function's role lacks permissions");
    let failed: Vec<_> = stage
        .account
        .invocations()
        .into_iter()
        .filter(|run| !matches!(run.outcome, Some(Outcome::Done(_))))
        .collect();
    // A policy that stays is a failure of the one that was asked to take it off, and of nobody else.
    let stays: Vec<_> = failed.iter().map(|run| run.function.as_str()).collect();
    assert_eq!(stays, [MIGRATION], "{failed:#?}");
    Ok(())
}
