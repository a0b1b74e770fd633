use end_to_end::Stage;
use end_to_end::story::{Listener, Scene, play};

/// The error of a failing scene names it.
struct Silence;

impl Listener for Silence {
    fn begins(&mut self, _deed: &str) {}

    fn ended(&mut self, _scene: &Scene) {}
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scene_of_the_story_ends_as_it_should() -> anyhow::Result<()> {
    let mut stage = Stage::guarded().await?;
    let scenes = play(&mut stage, &mut Silence).await?;
    assert_eq!(scenes.len(), 13);
    let role = "session-guard-preferences-guard";
    let denied: Vec<_> = stage
        .account
        .calls()
        .into_iter()
        .filter(|call| {
            call.principal_arn.contains(role)
                && call.error_code.as_deref() == Some("AccessDeniedException")
        })
        .map(|call| call.operation)
        .collect();
    assert_eq!(denied, [""; 0], "the function's role lacks permissions");
    Ok(())
}
