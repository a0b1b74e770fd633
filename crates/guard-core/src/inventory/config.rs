//! Entities and managed policies as AWS Config records them.
//!
//! Read is the member `configuration` of a configuration item: an object in the events of rules, a JSON string that
//! holds one in the answers of Config's API. Both are taken as text. An item of a deleted resource has none: its status
//! comes first.

use super::error::InventoryError;
use super::read::{Casing, EntityShape, PolicyShape, Reading, Shape};
use super::sharing::Documents;
use super::{BearerKind, Entity, ManagedPolicy};

/// The role, user or group that a configuration describes.
///
/// # Errors
///
/// Unlike IAM's answers, a configuration must have all its lists, empty ones too: what was not recorded is not known.
pub fn entity(kind: BearerKind, configuration: &str) -> Result<Entity, InventoryError> {
    let mut documents = Documents::default();
    let mut reading = Reading::new(Casing::Config, &mut documents);
    let mut shape = EntityShape::new(kind);
    read(&mut reading, &mut shape, configuration)?;
    let finished = shape.finish(Casing::Config);
    finished.map_err(|fault| reading.refuse(fault))
}

/// The managed policy that a configuration describes.
pub fn managed_policy(configuration: &str) -> Result<ManagedPolicy, InventoryError> {
    let mut documents = Documents::default();
    let mut reading = Reading::new(Casing::Config, &mut documents);
    let mut shape = PolicyShape::default();
    read(&mut reading, &mut shape, configuration)?;
    let finished = reading.finish_policy(shape);
    finished.map_err(|fault| reading.refuse(fault))
}

fn read(
    reading: &mut Reading<'_>,
    shape: &mut impl Shape,
    configuration: &str,
) -> Result<(), InventoryError> {
    let inner: String;
    let mut text = configuration;
    if configuration.trim_start().starts_with('"') {
        inner = serde_json::from_str(configuration).map_err(|error| reading.error(&error))?;
        text = &inner;
    }
    let mut json = serde_json::Deserializer::from_str(text);
    reading.read(shape, &mut json)?;
    json.end().map_err(|error| reading.error(&error))
}

#[cfg(test)]
mod tests;
