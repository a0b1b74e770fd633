//! The judgement of one change, by the event that tells of it.
//!
//! The event is believed enough to revert and never enough to approve, so this approves nothing:
//! what an editor is said to have written above the floor is left alone until a sweep has asked CloudTrail.

mod default_version;

use jiff::SignedDuration;

use crate::approvals::{Standing, standing};
use crate::change::{Change, Operation};
use crate::facts::{Described, Facts, LiveDocument, Question};
use crate::mandate::Mandate;
use crate::names::Version;
use crate::notes::{Accused, Notes, REPLACEMENT_TIME};
use crate::plan::Step;

use super::Verdict;
use super::author::Author;
use super::document::{Stand, stand};
use super::draft::Draft;
use super::needs::{self, Needs};
use super::reason::Reason;

pub(super) fn judge(mandate: &Mandate, change: &Change, facts: &Facts) -> Needs<Draft> {
    let author = Author::of(mandate, change);
    if let Some(failure) = &change.failure {
        let mut draft = Draft::new(Verdict::FailedCall);
        draft.because(Reason::CallFailed {
            code: failure.code.clone(),
        });
        return Ok(draft);
    }
    let mut questions = vec![Question::Document, Question::Approvals];
    if matches!(change.operation, Operation::ChangedSharing) {
        questions.push(Question::SharedWith);
    }
    needs::all(facts, questions)?;
    let standing = standing(needs::approvals(facts)?, mandate);
    let mut draft = begin(&author);
    for ignored in &standing.ignored {
        draft.because(Reason::ApprovalsIgnored(ignored.clone()));
    }
    let case = Case {
        mandate,
        change,
        author: &author,
        standing: &standing,
        facts,
    };
    match needs::document(facts)? {
        LiveDocument::Absent => case.missing(&mut draft)?,
        LiveDocument::Present(live) if live.document_type != "Session" => {
            draft.because(Reason::WrongType {
                found: live.document_type.clone(),
            });
            draft.replace(mandate, &standing, needs::shared_with(facts)?);
            draft.note_revert(&case.notes()?, facts.now);
        }
        LiveDocument::Present(live) => case.live(live, &mut draft)?,
    }
    Ok(draft)
}

fn begin(author: &Author) -> Draft {
    let (verdict, reason) = match author {
        Author::Guard => (Verdict::OwnWrite, Reason::IsGuard),
        Author::Editor { name, reason } => (
            Verdict::Editors,
            Reason::IsEditor {
                name: name.clone(),
                reason: reason.clone(),
            },
        ),
        Author::Stranger { near } => (
            Verdict::Strangers,
            Reason::NotAnEditor { near: near.clone() },
        ),
    };
    let mut draft = Draft::new(verdict);
    draft.because(reason);
    draft
}

/// What is judged, and on what.
struct Case<'a> {
    mandate: &'a Mandate,
    change: &'a Change,
    author: &'a Author,
    standing: &'a Standing,
    facts: &'a Facts,
}

/// What the event says of the latest version.
enum Claim {
    /// It is the one that this change wrote.
    Latest,
    /// The change made some version the latest, and the record does not say which.
    Unversioned,
    /// The change wrote another version, now overtaken or gone.
    Overtaken(Version),
    /// The change wrote no version.
    Nothing,
}

/// What is to become of a live version.
enum Fate {
    Keep,
    /// Below the floor: at once.
    RevertNow,
    /// Above the floor: in a revert war the sweep sees to it.
    Revert,
}

impl Case<'_> {
    fn notes(&self) -> Needs<Notes> {
        Ok(Notes::read(needs::notes(self.facts)?, self.mandate))
    }

    fn missing(&self, draft: &mut Draft) -> Needs<()> {
        let notes = self.notes()?;
        let is_deletion = matches!(self.change.operation, Operation::Deleted);
        let now = self.facts.now;
        match self.author {
            Author::Editor { .. } if is_deletion => {
                // Only a fresh deletion is waited for: a late event tells of a replacement that should be over.
                let is_fresh = now.duration_since(self.change.at).abs() < REPLACEMENT_TIME;
                let with_deletion = notes.with_deletion(self.change.at, &self.change.event_id);
                if let (true, Some(noted)) = (is_fresh, with_deletion) {
                    draft.because(Reason::AwaitsReplacement);
                    draft.step(Step::KeepNotes {
                        value: noted.encode(),
                    });
                    return Ok(());
                }
            }
            Author::Stranger { .. } if is_deletion => {
                self.create(draft, &notes);
                return Ok(());
            }
            Author::Guard | Author::Editor { .. } | Author::Stranger { .. } => {}
        }
        if notes.awaits_replacement(now) {
            draft.because(Reason::AwaitsReplacement);
        } else {
            self.create(draft, &notes);
        }
        Ok(())
    }

    fn create(&self, draft: &mut Draft, notes: &Notes) {
        draft.because(Reason::Missing);
        draft.create(self.mandate, self.standing);
        draft.note_revert(notes, self.facts.now);
    }

    fn live(&self, live: &Described, draft: &mut Draft) -> Needs<()> {
        let mut contents = vec![Question::Content(live.latest)];
        if live.default != live.latest {
            contents.push(Question::Content(live.default));
        }
        needs::all(self.facts, contents)?;
        if let Some(with) = self.facts.shared_with.as_deref() {
            draft.unshare(with);
        }
        let latest = stand(
            self.mandate,
            self.facts,
            live.latest,
            &self.standing.content,
        )?;
        if let Some(content) = latest.content() {
            draft.found(&self.standing.content, content);
        }
        let mut fate = self.fate_of_latest(live, &latest, draft);
        if matches!(fate, Fate::Revert) && self.is_default_intolerable(live, draft)? {
            fate = Fate::RevertNow;
        }
        match fate {
            Fate::RevertNow => {
                let notes = self.notes()?;
                draft.update(self.standing, live, self.facts)?;
                draft.note_revert(&notes, self.facts.now);
            }
            Fate::Revert => self.revert_unless_war(live, draft, |draft| {
                draft.update(self.standing, live, self.facts)
            })?,
            Fate::Keep => self.default_version(live, &latest, draft)?,
        }
        Ok(())
    }

    fn revert_unless_war(
        &self,
        live: &Described,
        draft: &mut Draft,
        revert: impl FnOnce(&mut Draft) -> Needs<()>,
    ) -> Needs<()> {
        let notes = self.notes()?;
        if notes.is_war(self.facts.now) {
            draft.because(Reason::RevertWar {
                reverts: notes.recent_reverts(self.facts.now),
            });
            // CloudTrail may not know the author for a quarter of an hour; the sweep is not to wait for that.
            if let Some(accused) = accused(live, draft)
                && let Some(noted) = notes.with_accused(accused)
            {
                draft.step(Step::KeepNotes {
                    value: noted.encode(),
                });
            }
            return Ok(());
        }
        revert(draft)?;
        draft.note_revert(&notes, self.facts.now);
        Ok(())
    }

    fn fate_of_latest(&self, live: &Described, latest: &Stand, draft: &mut Draft) -> Fate {
        let version = live.latest;
        let claim = self.claim(live);
        if let Some(overtaken) = self.overtaken(&claim, live) {
            draft.because(overtaken);
        }
        if let Some(reason) = latest.intolerable(version) {
            draft.because(reason);
            return Fate::RevertNow;
        }
        if matches!(latest, Stand::Approved) {
            draft.because(Reason::HoldsApproved { version });
            return Fate::Keep;
        }
        match (claim, self.author) {
            (Claim::Latest, Author::Editor { .. }) => {
                let written = (self.change.at, version);
                if written <= self.standing.since(self.mandate) {
                    draft.because(Reason::Outdated { version });
                    Fate::Revert
                } else if self.is_settled(live) {
                    // It has been held against CloudTrail's own records, beside which an event's word is worth nothing.
                    draft.because(Reason::Unapproved { version });
                    Fate::Revert
                } else {
                    draft.because(Reason::Pending { version });
                    Fate::Keep
                }
            }
            (Claim::Latest | Claim::Unversioned, Author::Stranger { .. }) => {
                draft.because(self.strangers(version));
                Fate::Revert
            }
            (Claim::Latest, Author::Guard) => {
                draft.because(Reason::OwnButWrong { version });
                Fate::Revert
            }
            (Claim::Unversioned, Author::Editor { .. } | Author::Guard)
            | (Claim::Overtaken(_) | Claim::Nothing, _) => self.fate_of_anothers(live, draft),
        }
    }

    fn strangers(&self, version: Version) -> Reason {
        match &self.change.operation {
            // Who brings a version to light need not have written it.
            Operation::DeletedVersion => Reason::Unapproved { version },
            Operation::Wrote { .. }
            | Operation::MovedDefault { .. }
            | Operation::Deleted
            | Operation::ChangedSharing => Reason::StrangersVersion {
                version,
                by: self.change.principal.label.clone(),
            },
        }
    }

    /// The latest version when the event does not tell of it: unless it was settled before, its own event or a sweep
    /// decides.
    fn fate_of_anothers(&self, live: &Described, draft: &mut Draft) -> Fate {
        let version = live.latest;
        // An older version comes to light when newer ones are deleted.
        if self.is_settled(live) {
            draft.because(Reason::Unapproved { version });
            Fate::Revert
        } else {
            draft.because(Reason::Waiting { version });
            Fate::Keep
        }
    }

    /// Whether the latest version was settled before, so that no event makes it an editor's any more.
    fn is_settled(&self, live: &Described) -> bool {
        let horizon = self.standing.horizon(self.mandate);
        live.created
            .is_some_and(|created| (created, live.latest) <= horizon)
    }

    /// What a stranger's change did that is over by now; sessions may have started meanwhile.
    fn overtaken(&self, claim: &Claim, live: &Described) -> Option<Reason> {
        if !matches!(self.author, Author::Stranger { .. }) {
            return None;
        }
        let version = match (claim, &self.change.operation) {
            (Claim::Overtaken(version), _) => Some(*version),
            (Claim::Nothing, Operation::Deleted) => None,
            (Claim::Latest | Claim::Unversioned | Claim::Nothing, _) => return None,
        };
        let open_for = self.open_for(live);
        Some(Reason::Overtaken { version, open_for })
    }

    fn claim(&self, live: &Described) -> Claim {
        match &self.change.operation {
            // Deleting the newest version brings an older one to light, which nobody has written just now.
            Operation::Wrote { written: None } | Operation::DeletedVersion => Claim::Unversioned,
            // The same number with another hash is a version of a document that has been deleted since.
            Operation::Wrote {
                written: Some(written),
            } => {
                if written.version == live.latest && written.hash == live.hash {
                    Claim::Latest
                } else {
                    Claim::Overtaken(written.version)
                }
            }
            Operation::MovedDefault { .. } | Operation::Deleted | Operation::ChangedSharing => {
                Claim::Nothing
            }
        }
    }

    /// At most this long the version of this change was live, or none was: until the latest one was made.
    fn open_for(&self, live: &Described) -> Option<SignedDuration> {
        let span = live.created?.duration_since(self.change.at);
        (span >= SignedDuration::ZERO).then_some(span)
    }
}

/// The latest version, if it was just found to be a stranger's.
fn accused(live: &Described, draft: &Draft) -> Option<Accused> {
    draft.reasons.iter().find_map(|reason| {
        let Reason::StrangersVersion { version, by } = reason else {
            return None;
        };
        (*version == live.latest).then(|| Accused {
            version: *version,
            hash: live.hash.clone(),
            by: by.clone(),
        })
    })
}
