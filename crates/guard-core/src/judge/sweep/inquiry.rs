//! Who wrote the versions that are not settled yet, by CloudTrail's own records.

use jiff::Timestamp;

use crate::approvals::{Settled, Source, Standing};
use crate::change::Change;
use crate::facts::{Described, Facts, ListedVersion, Question, Trail, Window};
use crate::mandate::Mandate;
use crate::names::Version;

use super::super::author::{Author, Authorship, Candidate, TIME_TOLERANCE, candidates, written};
use super::super::needs::{self, Needs};
use super::super::reason::Reason;

/// As many candidates as are each asked for their hash in one sweep.
const MOST_HASHES: usize = 50;

/// The versions that are not settled, oldest first, and what is known of their authors.
pub(super) struct Inquiry {
    pub(super) candidates: Vec<Candidate>,
    /// The newest version that was settled before.
    before: Option<Settled>,
    failure: Option<String>,
}

impl Inquiry {
    /// Asks about every version made after the settled ones; about none when the latest one is settled.
    pub(super) fn make(
        mandate: &Mandate,
        facts: &Facts,
        live: &Described,
        kept: &Standing,
    ) -> Needs<Self> {
        if kept
            .settled
            .as_ref()
            .is_some_and(|settled| settled.is_latest(live))
        {
            return Ok(Self {
                candidates: Vec::new(),
                before: kept.settled.clone(),
                failure: None,
            });
        }
        let horizon = kept.horizon(mandate);
        let listed = needs::versions(facts)?;
        let (open, old): (Vec<_>, Vec<_>) = listed
            .iter()
            .cloned()
            // Two versions of one instant are told apart by their numbers.
            .partition(|listed| (listed.created, listed.version) > horizon);
        let before = newest_settled(old, live, kept);
        let Some(window) = window(&open) else {
            return Ok(Self {
                candidates: Vec::new(),
                before,
                failure: None,
            });
        };
        let trail = needs::trail(facts, window)?;
        let failure = match trail {
            Trail::Failed { why } => Some(why.clone()),
            Trail::Answered { complete_from, .. } if is_cut_off(&open, *complete_from) => Some(
                format!("it holds more than can be read of the time before {complete_from:.0}"),
            ),
            Trail::Answered { .. } => None,
        };
        let mut candidates = candidates(&open, trail, facts.now);
        check_hashes(&mut candidates, facts, live)?;
        Ok(Self {
            candidates,
            before,
            failure,
        })
    }

    pub(super) fn failure(&self) -> Option<&str> {
        self.failure.as_deref()
    }

    /// The newest version up to which every author is known, or known to be unknowable.
    pub(super) fn settled(&self, live: &Described) -> Option<Settled> {
        let closed = self
            .candidates
            .iter()
            .take_while(|candidate| match candidate.authorship {
                Authorship::Known(_) | Authorship::Never => true,
                Authorship::NotYet | Authorship::Unanswered | Authorship::Buried => false,
            });
        let newest = closed.last().map(|candidate| {
            settled(
                &ListedVersion {
                    version: candidate.version,
                    created: candidate.created,
                },
                live,
            )
        });
        newest.or_else(|| self.before.clone())
    }

    /// Why a live version that keeps the floor and is not the approved content is there.
    pub(super) fn explain(
        &self,
        mandate: &Mandate,
        version: Version,
        hash: Option<&str>,
        standing: &Standing,
    ) -> Reason {
        let candidate = self
            .candidates
            .iter()
            .find(|candidate| candidate.version == version);
        let Some(candidate) = candidate.filter(|candidate| is_newer(candidate, standing, mandate))
        else {
            return Reason::Unapproved { version };
        };
        match &candidate.authorship {
            Authorship::NotYet | Authorship::Unanswered => Reason::Waiting { version },
            Authorship::Buried => Reason::Buried { version },
            Authorship::Never => Reason::NeverKnown { version },
            Authorship::Known(changes) => {
                let fits = |change: &&Change| {
                    hash.is_none() || written(change).map(|written| written.hash.as_str()) == hash
                };
                match changes.iter().find(fits).or_else(|| changes.first()) {
                    None => Reason::Unapproved { version },
                    Some(change) => match Author::of(mandate, change) {
                        Author::Guard => Reason::OwnButWrong { version },
                        Author::Editor { .. } => Reason::Outdated { version },
                        Author::Stranger { .. } => Reason::StrangersVersion {
                            version,
                            by: change.principal.label.clone(),
                        },
                    },
                }
            }
        }
    }
}

/// Leaves each candidate only the records whose hash is the version's own.
///
/// Versions are counted from 1 again when the document is created anew, so a number and a time near enough can be
/// another version's. More candidates than people make are a flood by one writer, whose numbers only rise.
fn check_hashes(candidates: &mut [Candidate], facts: &Facts, live: &Described) -> Needs<()> {
    if candidates.len() > MOST_HASHES {
        return Ok(());
    }
    let is_known =
        |candidate: &&mut Candidate| matches!(candidate.authorship, Authorship::Known(_));
    let questions = candidates
        .iter_mut()
        .filter(is_known)
        .map(|candidate| candidate.version);
    let questions = questions
        .filter(|version| *version != live.latest)
        .map(Question::Hash)
        .collect();
    needs::all(facts, questions)?;
    for candidate in candidates {
        let hash = match &candidate.authorship {
            Authorship::Known(_) => needs::hash(facts, candidate.version)?,
            Authorship::NotYet
            | Authorship::Never
            | Authorship::Unanswered
            | Authorship::Buried => continue,
        };
        candidate.keep_records_of(hash, facts.now);
    }
    Ok(())
}

/// The newest version that was settled before, kept as it was known if it still is that one.
fn newest_settled(old: Vec<ListedVersion>, live: &Described, kept: &Standing) -> Option<Settled> {
    let newest = old
        .into_iter()
        .max_by_key(|listed| (listed.created, listed.version));
    match (newest, &kept.settled) {
        (Some(newest), Some(known))
            if newest.version == known.version
                && newest.created == known.created
                && newest.version != live.latest =>
        {
            Some(known.clone())
        }
        (Some(newest), _) => Some(settled(&newest, live)),
        (None, known) => known.clone(),
    }
}

/// Whether some version was made before the time from which on the answer is complete.
fn is_cut_off(open: &[ListedVersion], complete_from: Timestamp) -> bool {
    open.iter().any(|listed| listed.created < complete_from)
}

/// Whether a version was made after the approved content.
fn is_newer(candidate: &Candidate, standing: &Standing, mandate: &Mandate) -> bool {
    let approved = match &standing.source {
        Source::Baseline => (mandate.packed_at(), Version(u64::MAX)),
        Source::Editor(approved) => (approved.created, approved.version),
    };
    (candidate.created, candidate.version) > approved
}

fn settled(listed: &ListedVersion, live: &Described) -> Settled {
    Settled {
        version: listed.version,
        created: listed.created,
        hash: (listed.version == live.latest).then(|| live.hash.clone()),
        holds: None,
    }
}

fn window(open: &[ListedVersion]) -> Option<Window> {
    let created = || open.iter().map(|listed| listed.created);
    let (from, to) = (created().min()?, created().max()?);
    Some(Window {
        from: from.checked_sub(TIME_TOLERANCE).unwrap_or(from),
        to: to.checked_add(TIME_TOLERANCE).unwrap_or(to),
    })
}
