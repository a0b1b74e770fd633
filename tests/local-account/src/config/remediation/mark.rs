//! Marks on resources: each is set by one only.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Key;
use crate::locked::Locked;

#[derive(Debug, Clone, Default)]
pub(crate) struct Marks(Arc<Locked<BTreeSet<Key>>>);

/// A mark that is set; dropping it takes it away.
#[derive(Debug)]
pub(crate) struct Mark {
    marks: Marks,
    key: Key,
}

impl Marks {
    /// `None` when somebody has set it already.
    pub(crate) fn set(&self, key: &Key) -> Option<Mark> {
        let is_new = self.0.lock().insert(key.clone());
        is_new.then(|| Mark {
            marks: self.clone(),
            key: key.clone(),
        })
    }

    pub(crate) fn is_set_for(&self, region: &str, rule: &str) -> bool {
        let marks = self.0.lock();
        marks
            .iter()
            .any(|key| key.region == region && key.rule == rule)
    }
}

impl Drop for Mark {
    fn drop(&mut self) {
        self.marks.0.lock().remove(&self.key);
    }
}
