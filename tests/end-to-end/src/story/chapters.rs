//! The chapters. Each scene acts with real calls, waits for the guard, and reads the document back.

use std::time::Duration;

use anyhow::{Context, ensure};
use local_account::Delivery;
use serde_json::{Value, json};

use super::Story;
use super::content::{with_idle_timeout, without_encryption, without_logging};
use crate::stage::FUNCTION;

/// Where the guard keeps the approved content.
const APPROVALS: &str = "/session-guard/approved-preferences";

/// CloudTrail's event history lags by up to about this long.
const LAG: Duration = Duration::from_secs(15 * 60);

/// Somebody with `AmazonSSMFullAccess` tries everything that it allows.
pub(super) async fn intruder(story: &mut Story<'_>) -> anyhow::Result<()> {
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

/// An editor changes what editors may change, and what nobody may.
pub(super) async fn editor(story: &mut Story<'_>) -> anyhow::Result<()> {
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

/// What must change nothing.
pub(super) async fn onlookers(story: &mut Story<'_>) -> anyhow::Result<()> {
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
    let is_told = told
        .last()
        .is_some_and(|event| event.detail["verdict"] == "failed-call");
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
        runs.iter().map(|run| run.verdict()).collect::<Vec<_>>()
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

/// Who can invoke the function can send it anything.
pub(super) async fn forger(story: &mut Story<'_>) -> anyhow::Result<()> {
    let deed = "mallory forges an event that names alice as the author of her own change";
    story.begin(deed);
    let approved = with_idle_timeout(&story.stage.baseline, 25)?;
    story.stage.account.set_delivery(Delivery::Never);
    story
        .stage
        .mallory
        .update(&with_idle_timeout(&approved, 30)?.to_json())
        .await?;
    story.stage.account.set_delivery(Delivery::Once);
    let live = story.stage.live().await?;
    let forged = forged_event(story, &live.hash, live.latest)?;
    story.stage.runs().await?;
    story.stage.account.deliver(FUNCTION, forged)?;
    let runs = story.stage.runs().await?;
    let believed = runs
        .first()
        .context("the forged event did not reach the function")?;
    ensure!(
        believed.done().is_empty() && !believed.reasons().contains(&"approved"),
        "{:?}",
        believed.answer
    );
    let sweep = story.stage.sweep().await?;
    ensure!(
        sweep.reasons().contains(&"strangers-version"),
        "{:?}",
        sweep.answer
    );
    story.stage.expect(&approved).await?;
    story.end(
        deed,
        "approves nothing; the next sweep reverts",
        Some(sweep.took),
    );
    Ok(())
}

/// Alice's own event, with mallory's version put in its place.
fn forged_event(story: &Story<'_>, hash: &str, version: u64) -> anyhow::Result<Value> {
    let records = story.stage.account.records();
    let is_alices = |record: &&Value| {
        record["eventName"] == "UpdateDocument"
            && record.pointer("/userIdentity/sessionContext/sessionIssuer/userName")
                == Some(&json!("session-editors"))
    };
    let mut record = records
        .iter()
        .rev()
        .find(is_alices)
        .cloned()
        .context("alice has written nothing")?;
    let (account, region) = (
        record["recipientAccountId"].clone(),
        record["awsRegion"].clone(),
    );
    record["eventTime"] = json!(format!("{:.0}", jiff::Timestamp::now()));
    record["eventID"] = json!("f0f0f0f0-1111-4222-8333-444455556666");
    let written = record
        .pointer_mut("/responseElements/documentDescription")
        .context("no answer in the record")?;
    written["documentVersion"] = json!(version.to_string());
    written["hash"] = json!(hash);
    Ok(json!({
        "version": "0",
        "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
        "detail-type": "AWS API Call via CloudTrail",
        "source": "aws.ssm",
        "account": account,
        "region": region,
        "time": record["eventTime"].clone(),
        "resources": [],
        "detail": record,
    }))
}
