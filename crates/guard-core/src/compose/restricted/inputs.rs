//! How sessions are recorded, copied from the preferences.

use serde_json::{Map, Value, json};

use super::RestrictedError;
use crate::floor::{Field, Kind};
use crate::names::Region;
use crate::preferences::{INPUT_KEYS, Preferences};

/// The inputs of a document that is recorded as the preferences say; a shell profile is for shells alone and stays out.
pub(super) fn of(preferences: &Preferences, region: &Region) -> Result<Value, RestrictedError> {
    let is_recorded = ["s3BucketName", "cloudWatchLogGroupName"]
        .iter()
        .any(|key| preferences.input(key).is_some());
    if !is_recorded {
        return Err(RestrictedError::RecordedNowhere {
            region: region.clone(),
        });
    }
    let mut inputs = Map::new();
    for key in INPUT_KEYS {
        let Some(text) = preferences.input(key) else {
            continue;
        };
        // Whoever starts a session chooses what stands there.
        if text.contains("{{") {
            return Err(RestrictedError::OpenInput { key });
        }
        let value = match Field::named(key).map(Field::kind) {
            Some(Kind::Flag) => json!(text == "true"),
            Some(Kind::Text | Kind::Minutes { .. }) => json!(text),
            None => continue,
        };
        inputs.insert(key.to_owned(), value);
    }
    Ok(Value::Object(inputs))
}
