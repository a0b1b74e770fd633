//! Who wrote a version: by an event's word, or by CloudTrail's own record.

use jiff::{SignedDuration, Timestamp};

use crate::change::{Change, Operation, Written};
use crate::charter::{Editorship, NearMiss};
use crate::facts::{ListedVersion, Trail};
use crate::mandate::Mandate;
use crate::names::Version;

/// How long CloudTrail may take to know a call; its event history lags by up to about 15 minutes.
pub(crate) const TRAIL_PATIENCE: SignedDuration = SignedDuration::from_mins(30);

/// How far a record's time, in whole seconds and taken when the call was completed, may lie from the version's.
pub(super) const TIME_TOLERANCE: SignedDuration = SignedDuration::from_secs(60);

/// What the charter makes of a principal.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Author {
    Guard,
    Editor { name: String, reason: String },
    Stranger { near: Vec<NearMiss> },
}

impl Author {
    pub(super) fn of(mandate: &Mandate, change: &Change) -> Self {
        if mandate.own().is(&change.principal) {
            return Self::Guard;
        }
        match mandate.charter().editor(&change.principal, change.at) {
            Editorship::Editor { name, reason, .. } => Self::Editor { name, reason },
            Editorship::NotEditor { near } => Self::Stranger { near },
        }
    }
}

/// A version whose author was looked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Candidate {
    pub(super) version: Version,
    pub(super) created: Timestamp,
    pub(super) authorship: Authorship,
}

/// What CloudTrail's own records say of a version's author.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Authorship {
    /// These records, nearest in time first; there can be several when versions were counted from 1 again.
    Known(Vec<Change>),
    /// Nothing yet.
    NotYet,
    /// Nothing, after all the time it may take.
    Never,
    /// It could not be asked, or answered more than could be read.
    Unanswered,
    /// It has answered more than could be read for all the time it may take.
    Buried,
}

/// Sorts versions by when they were made, and finds the records of each.
pub(super) fn candidates(
    versions: &[ListedVersion],
    trail: &Trail,
    now: Timestamp,
) -> Vec<Candidate> {
    let mut candidates: Vec<_> = versions
        .iter()
        .map(|listed| Candidate {
            version: listed.version,
            created: listed.created,
            authorship: authorship(listed, trail, now),
        })
        .collect();
    candidates.sort_by_key(|candidate| (candidate.created, candidate.version));
    candidates
}

fn authorship(listed: &ListedVersion, trail: &Trail, now: Timestamp) -> Authorship {
    let (changes, complete_from) = match trail {
        Trail::Failed { .. } => return Authorship::Unanswered,
        Trail::Answered {
            changes,
            complete_from,
        } => (changes, *complete_from),
    };
    let distance = |change: &Change| change.at.duration_since(listed.created).abs();
    let mut known: Vec<Change> = changes
        .iter()
        .filter(|change| {
            change.failure.is_none() && written(change).is_some_and(|w| w.version == listed.version)
        })
        .filter(|change| distance(change) <= TIME_TOLERANCE)
        .cloned()
        .collect();
    known.sort_by_key(distance);
    if !known.is_empty() {
        Authorship::Known(known)
    } else if listed.created < complete_from {
        // Somebody who floods the history must not keep a version alive by it.
        if is_overdue(listed.created, now) {
            Authorship::Buried
        } else {
            Authorship::Unanswered
        }
    } else {
        unknown(listed.created, now)
    }
}

fn is_overdue(created: Timestamp, now: Timestamp) -> bool {
    now.duration_since(created) >= TRAIL_PATIENCE
}

fn unknown(created: Timestamp, now: Timestamp) -> Authorship {
    if is_overdue(created, now) {
        Authorship::Never
    } else {
        Authorship::NotYet
    }
}

impl Candidate {
    /// Drops the records of other versions of the same number; without any left the author is not known.
    pub(super) fn keep_records_of(&mut self, hash: Option<&str>, now: Timestamp) {
        if let Authorship::Known(changes) = &mut self.authorship {
            changes.retain(|change| written(change).map(|written| written.hash.as_str()) == hash);
            if changes.is_empty() {
                self.authorship = unknown(self.created, now);
            }
        }
    }
}

/// The version that a change wrote, where its record says so.
pub(super) fn written(change: &Change) -> Option<&Written> {
    match &change.operation {
        Operation::Wrote { written } => written.as_ref(),
        Operation::MovedDefault { .. }
        | Operation::Deleted
        | Operation::DeletedVersion
        | Operation::ChangedSharing => None,
    }
}
