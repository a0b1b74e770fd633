//! What an operator learns from the live account, and is stopped by.

use end_to_end::Stage;
use end_to_end::story::{with_idle_timeout, without_logging};
use guard_core::preferences::Preferences;

/// Everything is the same, or done.
const SUCCESS: Option<i32> = Some(0);

/// A live document differs.
const DIFFERS: Option<i32> = Some(3);

#[tokio::test(flavor = "multi_thread")]
async fn the_live_document_becomes_a_baseline_with_its_floor_and_its_writers() -> anyhow::Result<()>
{
    let stage = Stage::start().await?;
    let live = with_idle_timeout(&stage.baseline, 21)?;
    stage.operator.create(&stage.baseline.to_json()).await?;
    stage.editor.update(&live.to_json()).await?;
    let output = stage
        .session_guard(&["adopt", "--region", stage.account.region()])
        .await?;
    let (adopted, told) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), SUCCESS, "{told}");
    assert!(
        Preferences::parse(&adopted)?.means_the_same_as(&live),
        "{adopted}"
    );
    assert!(
        told.contains("idleSessionTimeout = { at-most = 21 }"),
        "{told}"
    );
    assert!(told.contains("session-editors"), "{told}");
    assert!(told.contains("user/operator"), "{told}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_differs_is_shown_and_stops_a_deployment_until_it_shall_be_overwritten()
-> anyhow::Result<()> {
    let mut stage = Stage::start().await?;
    let diff = ["diff", "--charter", "charter.toml"];
    let missing = stage.session_guard(&diff).await?;
    assert_eq!(missing.status.code(), DIFFERS, "{}", text(&missing.stdout));

    stage
        .operator
        .create(&without_logging(&stage.baseline)?.to_json())
        .await?;
    let differs = stage.session_guard(&diff).await?;
    assert_eq!(differs.status.code(), DIFFERS);
    assert!(
        text(&differs.stdout).contains("cloudWatchLogGroupName"),
        "{}",
        text(&differs.stdout)
    );

    let mark = stage.account.mark();
    let refused = stage
        .deploy(&["--without-rules"])
        .await
        .map_err(|error| error.to_string());
    assert!(
        refused
            .as_ref()
            .is_err_and(|told| told.contains("nothing was deployed")),
        "{refused:?}"
    );
    let wrote = stage
        .account
        .calls_since(mark)
        .into_iter()
        .any(|call| !call.read_only);
    assert!(!wrote, "a deployment that was stopped has written");

    stage.operator.update(&stage.baseline.to_json()).await?;
    stage.operator.move_default(2).await?;
    let same = stage.session_guard(&diff).await?;
    assert_eq!(same.status.code(), SUCCESS, "{}", text(&same.stdout));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_config_does_not_record_stops_a_deployment_before_it_begins() -> anyhow::Result<()> {
    let mut stage = Stage::start().await?;
    stage.set_baseline().await?;
    let mark = stage.account.mark();

    stage.administrator.leave_out_global_types().await?;
    let refused = stage.deploy(&[]).await.map_err(|error| error.to_string());
    let told = refused.err().unwrap_or_default();
    for part in ["AWS::IAM::Role", "`config-region`", "nothing was deployed"] {
        assert!(told.contains(part), "{part}: {told}");
    }

    stage.administrator.stop_recorder().await?;
    let refused = stage.deploy(&[]).await.map_err(|error| error.to_string());
    let told = refused.err().unwrap_or_default();
    for part in ["start-configuration-recorder", "--without-rules"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let calls = stage.account.calls_since(mark);
    let wrote = calls.iter().filter(|call| !call.read_only);
    let wrote: Vec<_> = wrote.map(|call| call.operation.as_str()).collect();
    assert_eq!(
        wrote,
        ["PutConfigurationRecorder", "StopConfigurationRecorder"]
    );
    Ok(())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
