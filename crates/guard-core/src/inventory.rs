//! Who in an account carries which IAM policies.
//!
//! IAM tells of a role, a user or a group (an [`Entity`]) its inline policies, and only the names of its managed
//! policies and of a user's groups. A [`Library`] holds what those names stand for. Both together make a [`Bearer`],
//! about which rules decide. Whatever is not known of a policy stays in the bearer as [`Document::Unknown`] with its
//! reason: it makes an answer unknown, and is never left out.

mod bearer;
mod document;
mod entity;
mod error;
mod library;

pub use bearer::{Bearer, BearerKind, Carried, Source};
pub use document::{Document, Unknown};
pub use entity::Entity;
pub use error::Problem;
pub use library::{Library, Need};

/// Everybody in one account who carries policies.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Inventory {
    bearers: Vec<Bearer>,
}

impl Inventory {
    /// Roles, users and groups, in the order in which they were read.
    pub fn bearers(&self) -> &[Bearer] {
        &self.bearers
    }
}
