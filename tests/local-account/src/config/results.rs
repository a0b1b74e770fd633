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

    /// Keeps a result, unless a newer one is there. Says whether the resource has turned noncompliant by it.
    pub(crate) fn keep(&self, region: &str, rule_id: &str, evaluation: Evaluation) -> bool {
        let mut kept = self.kept.lock();
        let results = kept
            .entry((region.to_owned(), rule_id.to_owned()))
            .or_default();
        let key = (
            evaluation.resource_type.clone(),
            evaluation.resource_id.clone(),
        );
        let present = results.get(&key);
        let is_newer = present
            .is_none_or(|present| evaluation.ordering_timestamp >= present.ordering_timestamp);
        if !is_newer {
            return false;
        }
        let turns = evaluation.is_against() && !present.is_some_and(Evaluation::is_against);
        results.insert(key, evaluation);
        turns
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
        for (compliance, second, turns) in [
            ("NON_COMPLIANT", 2, true),
            ("COMPLIANT", 1, false),
            ("NON_COMPLIANT", 2, false),
            ("NOT_APPLICABLE", 2, false),
        ] {
            let turned = results.keep("r", "rule", result(compliance, second));
            assert_eq!(turned, turns, "{compliance}");
        }
        assert_eq!(results.of("r", "rule"), [result("NOT_APPLICABLE", 2)]);
    }
}
