//! Somebody who may invoke the function.

use anyhow::{Context, ensure};
use local_account::Delivery;
use serde_json::{Value, json};

use crate::stage::FUNCTION;
use crate::story::Story;
use crate::story::content::with_idle_timeout;

/// Who can invoke the function can send it anything.
pub(in crate::story) async fn forger(story: &mut Story<'_>) -> anyhow::Result<()> {
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
    let mut record = records
        .into_iter()
        .rev()
        .find(is_alices)
        .context("alice has written nothing")?;
    let time = format!("{:.0}", jiff::Timestamp::now());
    for (pointer, value) in [
        ("/eventTime", time.clone()),
        (
            "/eventID",
            "f0f0f0f0-1111-4222-8333-444455556666".to_owned(),
        ),
        (
            "/responseElements/documentDescription/documentVersion",
            version.to_string(),
        ),
        (
            "/responseElements/documentDescription/hash",
            hash.to_owned(),
        ),
    ] {
        *record
            .pointer_mut(pointer)
            .with_context(|| format!("the record has no {pointer}"))? = json!(value);
    }
    Ok(json!({
        "version": "0",
        "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
        "detail-type": "AWS API Call via CloudTrail",
        "source": "aws.ssm",
        "account": record.get("recipientAccountId"),
        "region": record.get("awsRegion"),
        "time": time,
        "resources": [],
        "detail": record,
    }))
}

fn is_alices(record: &Value) -> bool {
    let issuer = record.pointer("/userIdentity/sessionContext/sessionIssuer/userName");
    record
        .get("eventName")
        .is_some_and(|name| name == "UpdateDocument")
        && issuer.is_some_and(|name| name == "session-editors")
}
