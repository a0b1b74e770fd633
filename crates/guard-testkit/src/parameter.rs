//! One parameter as Parameter Store keeps it.

use std::collections::VecDeque;

use guard_core::facts::StoredParameter;

use crate::document::Refusal;

/// Versions kept (Systems Manager user guide, "Working with parameter versions").
const KEPT: usize = 100;
/// The largest value, that of an advanced parameter (user guide, "Managing parameter tiers").
const MAX_BYTES: usize = 8 * 1024;

/// A parameter; absent as long as it has no version.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parameter {
    versions: VecDeque<StoredParameter>,
}

impl Parameter {
    pub(crate) fn put(&mut self, value: &str, modified_by: &str) -> Result<u64, Refusal> {
        if value.is_empty() || value.len() > MAX_BYTES {
            return Err(Refusal::new(
                "ValidationException",
                "a value has 1 to 8192 characters",
            ));
        }
        let version = self.versions.back().map_or(1, |newest| newest.version + 1);
        if self.versions.len() >= KEPT {
            self.versions.pop_front();
        }
        let (value, modified_by) = (value.to_owned(), modified_by.to_owned());
        self.versions.push_back(StoredParameter {
            version,
            value,
            modified_by,
        });
        Ok(version)
    }

    /// Deletes the parameter with its history: the next version is 1 again.
    pub(crate) fn delete(&mut self) -> Result<(), Refusal> {
        if self.versions.is_empty() {
            return Err(Refusal::new(
                "ParameterNotFound",
                "there is no such parameter",
            ));
        }
        self.versions.clear();
        Ok(())
    }

    pub(crate) fn history(&self) -> Vec<StoredParameter> {
        self.versions.iter().cloned().collect()
    }
}
