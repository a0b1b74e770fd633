//! The results that are kept: the last word of each rule on each resource.

use std::collections::BTreeMap;

use super::evaluation::Evaluation;
use crate::locked::Locked;

type OfRule = BTreeMap<(String, String), Evaluation>;

/// Results by Region and rule id.
#[derive(Debug, Default)]
pub(crate) struct Results {
    kept: Locked<BTreeMap<(String, String), OfRule>>,
    failing: Locked<usize>,
}

impl Results {
    /// The next entries come back as failed.
    pub(crate) fn set_failing(&self, entries: usize) {
        *self.failing.lock() = entries;
    }

    /// Whether the next entry is one of those.
    pub(crate) fn fails(&self) -> bool {
        let mut left = self.failing.lock();
        let fails = *left > 0;
        *left = left.saturating_sub(1);
        fails
    }

    /// Keeps a result, unless a newer one is there.
    pub(crate) fn keep(&self, region: &str, rule_id: &str, evaluation: Evaluation) {
        let mut kept = self.kept.lock();
        let results = kept
            .entry((region.to_owned(), rule_id.to_owned()))
            .or_default();
        let key = (
            evaluation.resource_type.clone(),
            evaluation.resource_id.clone(),
        );
        let is_newer = results
            .get(&key)
            .is_none_or(|present| evaluation.ordering_timestamp >= present.ordering_timestamp);
        if is_newer {
            results.insert(key, evaluation);
        }
    }

    pub(crate) fn of(&self, region: &str, rule_id: &str) -> Vec<Evaluation> {
        let kept = self.kept.lock();
        let results = kept.get(&(region.to_owned(), rule_id.to_owned()));
        results
            .map(|results| results.values().cloned().collect())
            .unwrap_or_default()
    }

    pub(crate) fn forget(&self, region: &str, rule_id: &str) {
        let key = (region.to_owned(), rule_id.to_owned());
        self.kept.lock().remove(&key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;

    fn result(compliance: &str, second: i64) -> Evaluation {
        Evaluation {
            resource_type: "AWS::IAM::Role".into(),
            resource_id: "AROAEXAMPLE".into(),
            compliance: compliance.into(),
            annotation: None,
            ordering_timestamp: Timestamp::from_second(second).unwrap(),
            invoked_at: Timestamp::UNIX_EPOCH,
            recorded_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn an_older_result_does_not_replace_a_newer() {
        let results = Results::default();
        for (compliance, second) in [
            ("NON_COMPLIANT", 2),
            ("COMPLIANT", 1),
            ("NOT_APPLICABLE", 2),
        ] {
            results.keep("r", "rule", result(compliance, second));
        }
        assert_eq!(results.of("r", "rule"), [result("NOT_APPLICABLE", 2)]);
    }
}
