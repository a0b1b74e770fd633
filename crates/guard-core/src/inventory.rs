//! Who in an account carries which IAM policies.
//!
//! IAM tells of a role, a user or a group (an [`Entity`]) its inline policies, and only the names of its managed
//! policies and of a user's groups. A [`Library`] holds what those names stand for. Both together make a [`Bearer`],
//! about which rules decide. Whatever is not known of a policy stays in the bearer as [`Document::Unknown`] with its
//! reason: it makes an answer unknown, and is never left out.

mod bearer;
pub mod config;
mod document;
mod draft;
mod entity;
mod error;
mod library;
mod list;
mod read;
mod sharing;

pub use bearer::{Bearer, BearerKind, Carried, Source};
pub use document::{Document, Unknown};
pub use draft::Draft;
pub use entity::{Entity, ManagedPolicy};
pub use error::{InventoryError, Problem};
pub use library::{Library, Need};
pub use list::List;

use std::collections::HashMap;

use crate::names::{AccountId, Partition};

/// Everybody in one account who carries policies.
#[derive(Debug, Clone, PartialEq)]
pub struct Inventory {
    account: Option<Account>,
    bearers: Vec<Bearer>,
    policies: HashMap<String, Document>,
}

/// Which account, and in which partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The partition.
    pub partition: Partition,
    /// The account's id.
    pub id: AccountId,
}

impl Inventory {
    /// The account of all the ARNs; `None` if there is nobody.
    pub fn account(&self) -> Option<&Account> {
        self.account.as_ref()
    }

    /// Roles, then users, then groups, each by their ARNs.
    pub fn bearers(&self) -> &[Bearer] {
        &self.bearers
    }

    /// What a managed policy says that is listed, whether or not anybody carries it; `None` where it is not.
    pub fn policy(&self, arn: &str) -> Option<&Document> {
        self.policies.get(arn)
    }
}

impl Account {
    fn of(arn: &str) -> Option<Self> {
        let mut parts = arn.split(':').skip(1);
        Some(Self {
            partition: Partition::parse(parts.next()?).ok()?,
            id: AccountId::parse(parts.nth(2)?).ok()?,
        })
    }
}
