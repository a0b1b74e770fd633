use end_to_end::Stage;
use end_to_end::story::{Listener, Scene, play};

/// Prints as it goes, so that a failing run shows how far it came.
struct Printer;

impl Listener for Printer {
    fn begins(&mut self, deed: &str) {
        println!("{deed}");
    }

    fn ended(&mut self, scene: &Scene) {
        println!("    {} {:?}", scene.outcome, scene.took);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_scene_of_the_story_ends_as_it_should() -> anyhow::Result<()> {
    let mut stage = Stage::guarded().await?;
    let scenes = play(&mut stage, &mut Printer).await?;
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
