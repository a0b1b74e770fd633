//! Counts for `CloudWatch`, written into the log in the embedded metric format.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

/// Where the metrics stand in `CloudWatch`; the alarms of the templates look there.
const NAMESPACE: &str = "SessionGuard";
const DIMENSION: &str = "Function";

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metric {
    /// Sweeps that came to their end.
    Sweeps,
    /// Runs that put something back.
    Reverts,
    /// Runs that found a revert war going on.
    RevertWar,
    /// Others' failed calls that would have changed the preferences.
    DeniedAttempts,
    /// Runs that `LookupEvents` gave no answer.
    LookupFailures,
    /// Runs in which a suspension held the guard still.
    SuspensionActive,
    /// Runs that found a record of approved content that does not count.
    RecordsIgnored,
    /// Runs that found a change made by somebody who is no editor.
    StrangersChanges,
    /// Events that were none of our business.
    NotOurs,
    /// Runs that found a forbidden policy, or another that grants what it does.
    ForbiddenPolicies,
    /// Runs that took a forbidden policy off.
    Detachments,
    /// Runs that were to take a forbidden policy off and could not.
    StillAttached,
    /// Resources about which a rule told AWS Config something.
    Evaluations,
    /// Those of them with which something is wrong.
    NonCompliant,
}

impl Metric {
    /// Everything that is counted.
    pub const ALL: [Self; 14] = [
        Self::Sweeps,
        Self::Reverts,
        Self::RevertWar,
        Self::DeniedAttempts,
        Self::LookupFailures,
        Self::SuspensionActive,
        Self::RecordsIgnored,
        Self::StrangersChanges,
        Self::NotOurs,
        Self::ForbiddenPolicies,
        Self::Detachments,
        Self::StillAttached,
        Self::Evaluations,
        Self::NonCompliant,
    ];

    /// Its name in `CloudWatch`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sweeps => "Sweeps",
            Self::Reverts => "Reverts",
            Self::RevertWar => "RevertWar",
            Self::DeniedAttempts => "DeniedAttempts",
            Self::LookupFailures => "LookupFailures",
            Self::SuspensionActive => "SuspensionActive",
            Self::RecordsIgnored => "RecordsIgnored",
            Self::StrangersChanges => "StrangersChanges",
            Self::NotOurs => "NotOurs",
            Self::ForbiddenPolicies => "ForbiddenPolicies",
            Self::Detachments => "Detachments",
            Self::StillAttached => "StillAttached",
            Self::Evaluations => "Evaluations",
            Self::NonCompliant => "NonCompliant",
        }
    }
}

/// What one invocation counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<Metric, u64>);

impl Counts {
    /// Counts `metric` once more.
    pub fn add(&mut self, metric: Metric) {
        self.add_many(metric, 1);
    }

    /// Counts `metric` so often more; a metric that was counted no time is still told, as zero.
    pub fn add_many(&mut self, metric: Metric, times: usize) {
        let count = self.0.entry(metric).or_default();
        *count = count.saturating_add(u64::try_from(times).unwrap_or(u64::MAX));
    }

    /// How often `metric` was counted.
    pub fn of(&self, metric: Metric) -> u64 {
        self.0.get(&metric).copied().unwrap_or_default()
    }

    /// The line from which `CloudWatch` takes the metrics; `None` when nothing was counted
    /// (`CloudWatch` User Guide, "Specification: Embedded metric format").
    pub fn line(&self, function: &str, at: Timestamp) -> Option<Value> {
        if self.0.is_empty() {
            return None;
        }
        let metrics: Vec<Value> = self
            .0
            .keys()
            .map(|metric| json!({ "Name": metric.name(), "Unit": "Count" }))
            .collect();
        let mut line = json!({
            "_aws": {
                "Timestamp": at.as_millisecond(),
                "CloudWatchMetrics": [{
                    "Namespace": NAMESPACE,
                    "Dimensions": [[DIMENSION]],
                    "Metrics": metrics,
                }],
            },
            DIMENSION: function,
        });
        if let Some(members) = line.as_object_mut() {
            members.extend(
                self.0
                    .iter()
                    .map(|(metric, count)| (metric.name().to_owned(), (*count).into())),
            );
        }
        Some(line)
    }
}

impl FromIterator<Metric> for Counts {
    fn from_iter<I: IntoIterator<Item = Metric>>(metrics: I) -> Self {
        let mut counts = Self::default();
        metrics.into_iter().for_each(|metric| counts.add(metric));
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_counted_is_written() {
        let counts: Counts = [
            Metric::StrangersChanges,
            Metric::Reverts,
            Metric::StrangersChanges,
        ]
        .into_iter()
        .collect();
        let at = "2026-01-15T02:03:04.5Z".parse().unwrap();
        let expected = json!({
            "_aws": {
                "Timestamp": 1_768_442_584_500_i64,
                "CloudWatchMetrics": [{
                    "Namespace": "SessionGuard",
                    "Dimensions": [["Function"]],
                    "Metrics": [
                        { "Name": "Reverts", "Unit": "Count" },
                        { "Name": "StrangersChanges", "Unit": "Count" },
                    ],
                }],
            },
            "Function": "preferences-guard",
            "Reverts": 1,
            "StrangersChanges": 2,
        });
        assert_eq!(counts.line("preferences-guard", at), Some(expected));
    }

    #[test]
    fn an_invocation_that_counted_nothing_writes_no_metrics() {
        assert_eq!(
            Counts::default().line("preferences-guard", Timestamp::UNIX_EPOCH),
            None
        );
    }
}
