//! How long a text of a request may be. Policies and requests are small; whatever is not is a mistake or an attack, since
//! patterns with many wildcards take their time on long texts.

use crate::policy::{Place, PolicyError, Problem};

/// The most characters that one kind of text may have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limit {
    characters: usize,
    expected: &'static str,
}

/// An action, a resource or principal, and a context key: as IAM's own simulator takes them (IAM API reference,
/// `SimulateCustomPolicy` and `ContextEntry`, read 2026-11).
pub(super) const ACTION: Limit = Limit {
    characters: 128,
    expected: "at most 128, as IAM takes them in an action",
};
pub(super) const ARN: Limit = Limit {
    characters: 2_048,
    expected: "at most 2048, as IAM takes them in an ARN",
};
pub(super) const KEY: Limit = Limit {
    characters: 256,
    expected: "at most 256, as IAM takes them in a context key",
};
/// One value of a context key, for which IAM names no limit.
pub(super) const VALUE: Limit = Limit {
    characters: 16_384,
    expected: "at most 16384 in a value",
};

impl Limit {
    /// Refuses a text that is longer.
    pub(super) fn check(self, text: &str, at: &Place<'_>) -> Result<(), PolicyError> {
        // No text has more characters than bytes.
        if text.len() <= self.characters {
            return Ok(());
        }
        let found = text.chars().count();
        if found <= self.characters {
            return Ok(());
        }
        let found = format!("{found} characters");
        let expected = self.expected;
        Err(at.error(Problem::Unfit { found, expected }))
    }
}
