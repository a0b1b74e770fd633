//! Notes that may be lost without harm: when we reverted lately, and when an editor deleted the document.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::approvals::is_ours;
use crate::facts::StoredParameter;
use crate::mandate::Mandate;
use crate::names::{EventId, Version};

/// Ten reverts within this time are a war.
const WAR_WINDOW: SignedDuration = SignedDuration::from_mins(10);

/// As many reverts within [`WAR_WINDOW`] as people do not cause by hand.
const WAR_REVERTS: usize = 10;

/// How long a tool may take between deleting the document and creating it again.
pub(crate) const REPLACEMENT_TIME: SignedDuration = SignedDuration::from_mins(2);

/// A deletion noted within this time before another one is the same absence: a note that every new event could
/// renew would keep the document away for as long as somebody sends events.
const NOTE_LIFETIME: SignedDuration = SignedDuration::from_mins(10);

/// How far ahead of ours another clock may be.
const CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(30);

/// What the parameter holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notes {
    /// When we reverted, oldest first; older ones than the war's window are dropped.
    pub reverts: Vec<Timestamp>,
    /// An editor's deletion of the document.
    pub deletion: Option<Deletion>,
    /// What a sweep that may only report alerted last.
    #[serde(default)]
    pub alerted: Option<Alerted>,
    /// What a revert war left to the sweep.
    #[serde(default)]
    pub accused: Option<Accused>,
}

/// A live version that an event called a stranger's and that was left to the sweep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accused {
    /// The version.
    pub version: Version,
    /// The service's hash of it.
    pub hash: String,
    /// Its author, by the event's word.
    pub by: String,
}

/// A finding that was alerted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alerted {
    /// A hash of the finding: its reasons and the differences.
    pub finding: String,
    /// When.
    pub at: Timestamp,
}

/// An editor's deletion of the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    /// When, by the record of it.
    pub at: Timestamp,
    /// The record.
    pub event_id: EventId,
}

impl Notes {
    /// The newest version of the parameter, if the guard's own role wrote it and it can be read.
    pub fn read(history: &[StoredParameter], mandate: &Mandate) -> Self {
        history
            .iter()
            .max_by_key(|stored| stored.version)
            .filter(|newest| is_ours(newest, mandate))
            .and_then(|newest| serde_json::from_str(&newest.value).ok())
            .unwrap_or_default()
    }

    /// The parameter's value.
    pub fn encode(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// How many reverts lie in the last ten minutes.
    pub fn recent_reverts(&self, now: Timestamp) -> usize {
        self.reverts
            .iter()
            .filter(|at| is_within(WAR_WINDOW, **at, now))
            .count()
    }

    /// Whether somebody keeps writing what we keep reverting.
    pub fn is_war(&self, now: Timestamp) -> bool {
        self.recent_reverts(now) >= WAR_REVERTS
    }

    /// Whether an editor's tool may still be about to create the document again.
    pub fn awaits_replacement(&self, now: Timestamp) -> bool {
        self.deletion
            .as_ref()
            .is_some_and(|deletion| is_within(REPLACEMENT_TIME, deletion.at, now))
    }

    /// The notes with an editor's deletion, unless this absence is noted already.
    #[must_use]
    pub fn with_deletion(&self, at: Timestamp, event_id: &EventId) -> Option<Self> {
        let is_noted = self.deletion.as_ref().is_some_and(|noted| {
            noted.event_id == *event_id || at.duration_since(noted.at) < NOTE_LIFETIME
        });
        (!is_noted).then(|| Self {
            deletion: Some(Deletion {
                at,
                event_id: event_id.clone(),
            }),
            ..self.clone()
        })
    }

    /// The notes with one more revert, and without what is too old to matter.
    #[must_use]
    pub fn with_revert(&self, now: Timestamp) -> Self {
        let mut reverts: Vec<_> = self
            .reverts
            .iter()
            .copied()
            .filter(|at| is_within(WAR_WINDOW, *at, now))
            .collect();
        // A war's count needs no more; the parameter must not grow with it.
        if reverts.len() >= 2 * WAR_REVERTS {
            reverts.remove(0);
        }
        reverts.push(now);
        Self {
            reverts,
            ..self.clone()
        }
    }

    /// The notes with a stranger's version that is left to the sweep; `None` when they say so already.
    pub fn with_accused(&self, accused: Accused) -> Option<Self> {
        (self.accused.as_ref() != Some(&accused)).then(|| Self {
            accused: Some(accused),
            ..self.clone()
        })
    }

    /// By whom a version is, if an event has called it a stranger's.
    pub fn accused_author(&self, version: Version, hash: Option<&str>) -> Option<&str> {
        let accused = self.accused.as_ref()?;
        (accused.version == version && Some(accused.hash.as_str()) == hash).then_some(&accused.by)
    }

    /// Whether the same finding was alerted less than `span` ago.
    pub fn was_alerted(&self, finding: &str, now: Timestamp, span: SignedDuration) -> bool {
        self.alerted
            .as_ref()
            .is_some_and(|alerted| alerted.finding == finding && is_within(span, alerted.at, now))
    }

    /// The notes with this finding as the one alerted last.
    #[must_use]
    pub fn with_alert(&self, finding: &str, at: Timestamp) -> Self {
        Self {
            alerted: Some(Alerted {
                finding: finding.to_owned(),
                at,
            }),
            ..self.clone()
        }
    }
}

/// Whether `at` lies in the span before `now`, or no further ahead than clocks differ.
fn is_within(span: SignedDuration, at: Timestamp, now: Timestamp) -> bool {
    let age = now.duration_since(at);
    age < span && age > -CLOCK_SKEW
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minute(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(1_000 + minute)
    }

    fn event(text: &str) -> EventId {
        EventId::parse(text).unwrap()
    }

    #[test]
    fn ten_reverts_in_ten_minutes_are_a_war_and_nine_are_not() {
        let mut notes = Notes::default();
        for _ in 0..9 {
            notes = notes.with_revert(minute(0));
        }
        assert!(!notes.is_war(minute(1)));
        notes = notes.with_revert(minute(1));
        assert!(notes.is_war(minute(1)));
        assert!(!notes.is_war(minute(10)));
    }

    #[test]
    fn a_war_does_not_make_the_notes_grow() {
        let mut notes = Notes::default();
        for _ in 0..1_000 {
            notes = notes.with_revert(minute(0));
        }
        assert!(notes.encode().len() < 4_096, "{}", notes.encode().len());
    }

    #[test]
    fn a_deletion_waits_two_minutes_and_is_not_renewed_by_the_next_one() {
        let notes = Notes::default()
            .with_deletion(minute(0), &event("a"))
            .unwrap();
        assert!(notes.awaits_replacement(minute(1)));
        assert!(!notes.awaits_replacement(minute(2)));
        assert_eq!(notes.with_deletion(minute(3), &event("b")), None);
        assert!(notes.with_deletion(minute(12), &event("c")).is_some());
    }

    #[test]
    fn a_deletion_in_the_future_awaits_nothing() {
        let notes = Notes::default()
            .with_deletion(minute(60), &event("a"))
            .unwrap();
        assert!(!notes.awaits_replacement(minute(0)));
    }
}
