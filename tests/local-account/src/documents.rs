//! SSM documents. moto's own are too kind and too poor (no list of versions, wrong version after a deletion), so
//! the account keeps them itself.

pub(crate) mod content;
pub(crate) mod document;
pub(crate) mod operations;
pub(crate) mod refusals;
pub(crate) mod sharing;
pub(crate) mod version;

use std::collections::BTreeMap;

use serde_json::Value;

use self::document::Document;
use crate::locked::Locked;
use crate::wire::answer::Refusal;
use crate::wire::call::ApiCall;

/// With which content an update is refused as a duplicate. AWS does not say (Systems Manager API reference,
/// `DuplicateDocumentContent`: "matches another document"), so tests try both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DuplicateContent {
    /// That of the latest version.
    #[default]
    LatestOnly,
    /// That of any version.
    AnyVersion,
}

/// What AWS does not publish, or what tests want smaller.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) duplicates: DuplicateContent,
    /// 1,000 by reports of users; no AWS page names the figure.
    pub(crate) versions: usize,
    /// How many times a new version is described as Creating or Updating before it is Active.
    pub(crate) activation_polls: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            duplicates: DuplicateContent::default(),
            versions: 1000,
            activation_polls: 0,
        }
    }
}

/// The documents of the account, by Region and name.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    pub(crate) limits: Locked<Limits>,
    by_name: Locked<BTreeMap<(String, String), Document>>,
}

impl Documents {
    /// Answers a call on a document; `None` when the call is for moto.
    pub(crate) fn answer(&self, call: &ApiCall) -> Option<Result<Value, Refusal>> {
        let named = call.text("Name").unwrap_or_default();
        if named.starts_with("AWS-") && call.is_read_only() {
            return None;
        }
        let operation = operations::named(call)?;
        let mut documents = self.by_name.lock();
        Some(operation(&mut documents, call, *self.limits.lock()))
    }

    /// What a look at a document gives; `None` when there is no such document.
    pub(crate) fn find<T>(
        &self,
        region: &str,
        name: &str,
        look: impl FnOnce(&Document) -> T,
    ) -> Option<T> {
        let key = (region.to_owned(), name.to_owned());
        self.by_name.lock().get(&key).map(look)
    }

    /// What a look at each document of a Region gives.
    pub(crate) fn each<T>(&self, region: &str, look: impl Fn(&Document) -> Option<T>) -> Vec<T> {
        let documents = self.by_name.lock();
        documents
            .iter()
            .filter(|((of, _), _)| of == region)
            .filter_map(|(_, document)| look(document))
            .collect()
    }
}

#[cfg(test)]
mod tests;
