//! What people make of the document's content.

use anyhow::Context;
use guard_core::preferences::Preferences;
use serde_json::{Value, json};

/// The content with logging turned off, which is below the floor.
pub fn without_logging(content: &Preferences) -> anyhow::Result<Preferences> {
    with_inputs(
        content,
        &[
            ("cloudWatchLogGroupName", json!("")),
            ("cloudWatchStreamingEnabled", json!(false)),
            ("s3BucketName", json!("")),
        ],
    )
}

/// The content with the flags off that make unrecorded sessions fail, which is below the floor.
pub fn without_encryption(content: &Preferences) -> anyhow::Result<Preferences> {
    with_inputs(content, &[("cloudWatchEncryptionEnabled", json!(false))])
}

/// The content with another idle timeout, in minutes.
pub fn with_idle_timeout(content: &Preferences, minutes: u32) -> anyhow::Result<Preferences> {
    with_inputs(
        content,
        &[("idleSessionTimeout", json!(minutes.to_string()))],
    )
}

fn with_inputs(content: &Preferences, inputs: &[(&str, Value)]) -> anyhow::Result<Preferences> {
    let mut document: Value = serde_json::from_str(&content.to_json())?;
    let found = document.get_mut("inputs").and_then(Value::as_object_mut);
    let found = found.context("the document has no inputs")?;
    for (key, value) in inputs {
        found.insert((*key).to_owned(), value.clone());
    }
    Ok(Preferences::parse(&document.to_string())?)
}
