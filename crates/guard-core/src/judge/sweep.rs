//! The judgement without an event: the floor is enforced, editors' versions are confirmed by CloudTrail's own
//! records and approved, and what nothing explains is brought to the approved content.

mod approval;
mod inquiry;

use crate::approvals::{Approvals, Settled, Source, Standing, standing};
use crate::facts::{Described, Facts, LiveDocument, Question};
use crate::mandate::Mandate;
use crate::names::Version;
use crate::notes::Notes;
use crate::plan::Step;
use crate::preferences::Preferences;

use super::Verdict;
use super::document::{Stand, stand};
use super::draft::Draft;
use super::needs::{self, Needs};
use super::reason::Reason;
use inquiry::Inquiry;

pub(super) fn judge(mandate: &Mandate, facts: &Facts) -> Needs<Draft> {
    needs::all(
        facts,
        vec![
            Question::Document,
            Question::SharedWith,
            Question::Approvals,
        ],
    )?;
    let kept = standing(needs::approvals(facts)?, mandate);
    let mut draft = Draft::new(Verdict::Sweep);
    for ignored in &kept.ignored {
        draft.because(Reason::ApprovalsIgnored(ignored.clone()));
    }
    match needs::document(facts)? {
        LiveDocument::Absent => missing(mandate, facts, &kept, &mut draft)?,
        LiveDocument::Present(live) if live.document_type != "Session" => {
            let notes = Notes::read(needs::notes(facts)?, mandate);
            draft.because(Reason::WrongType {
                found: live.document_type.clone(),
            });
            draft.replace(mandate, &kept, needs::shared_with(facts)?);
            draft.note_revert(&notes, facts.now);
        }
        LiveDocument::Present(live) => present(mandate, facts, live, &kept, &mut draft)?,
    }
    draft.alert_once(mandate, facts)?;
    Ok(draft)
}

fn missing(mandate: &Mandate, facts: &Facts, standing: &Standing, draft: &mut Draft) -> Needs<()> {
    let notes = Notes::read(needs::notes(facts)?, mandate);
    if notes.awaits_replacement(facts.now) {
        draft.because(Reason::AwaitsReplacement);
    } else {
        draft.because(Reason::Missing);
        draft.create(mandate, standing);
        draft.note_revert(&notes, facts.now);
    }
    Ok(())
}

fn present(
    mandate: &Mandate,
    facts: &Facts,
    live: &Described,
    kept: &Standing,
    draft: &mut Draft,
) -> Needs<()> {
    if is_in_order(live, kept) {
        draft.because(Reason::HoldsApproved {
            version: live.latest,
        });
        keep_approvals(mandate, kept, None, kept.settled.clone(), draft);
        draft.unshare(needs::shared_with(facts)?);
        return Ok(());
    }
    // The list of versions comes before the contents: who reads the list once more afterwards, and finds the same,
    // knows that every content read in between is that of the version listed.
    let inquiry = Inquiry::make(mandate, facts, live, kept)?;
    let mut contents = vec![Question::Content(live.latest)];
    if live.default != live.latest {
        contents.push(Question::Content(live.default));
    }
    needs::all(facts, contents)?;
    if let Some(why) = inquiry.failure() {
        draft.because(Reason::TrailFailed {
            why: why.to_owned(),
        });
    }
    let approved = approval::approve(mandate, facts, &inquiry, kept, draft)?;
    let standing = approved.as_ref().unwrap_or(kept);
    let latest = stand(mandate, facts, live.latest, &standing.content)?;
    let settled = inquiry.settled(live).map(|settled| Settled {
        holds: (matches!(latest, Stand::Approved) && settled.is_latest(live))
            .then(|| standing.content.meaning_hash()),
        ..settled
    });
    keep_approvals(mandate, kept, approved.as_ref(), settled, draft);
    draft.unshare(needs::shared_with(facts)?);
    Comparison {
        mandate,
        facts,
        live,
        standing,
        formerly: &kept.content,
        inquiry: &inquiry,
    }
    .judge(draft)
}

/// Whether the latest version, which is the default one too, was found before to hold what is approved now.
fn is_in_order(live: &Described, kept: &Standing) -> bool {
    kept.settled.as_ref().is_some_and(|settled| {
        live.default == live.latest
            && settled.is_latest(live)
            && settled.holds.as_deref() == Some(kept.content.meaning_hash().as_str())
    })
}

/// Writes the parameter if it would say something new, or must be our own again.
fn keep_approvals(
    mandate: &Mandate,
    kept: &Standing,
    approved: Option<&Standing>,
    settled: Option<Settled>,
    draft: &mut Draft,
) {
    // That the latest version holds what is approved only spares a call; it is no reason to write.
    let is_known = settled.as_ref().is_none_or(|settled| {
        let kept = kept.settled.as_ref();
        kept.is_some_and(|kept| settled.names_the_same_as(kept))
    });
    if approved.is_none() && is_known && kept.ignored.is_empty() {
        return;
    }
    let source = approved.map_or(&kept.source, |standing| &standing.source);
    let approvals = Approvals {
        baseline: mandate.baseline_hash().to_owned(),
        approved: match source {
            Source::Baseline => None,
            Source::Editor(approved) => Some((**approved).clone()),
        },
        settled: settled.or_else(|| kept.settled.clone()),
    };
    // What is approved was found to fit; the rest is small.
    if let Ok(value) = approvals.encode() {
        draft.step(Step::KeepApprovals {
            value,
            read: kept.parameter_version,
        });
    }
}

/// The live versions against what is approved now.
struct Comparison<'a> {
    mandate: &'a Mandate,
    facts: &'a Facts,
    live: &'a Described,
    standing: &'a Standing,
    /// What was approved until now.
    formerly: &'a Preferences,
    inquiry: &'a Inquiry,
}

impl Comparison<'_> {
    fn judge(&self, draft: &mut Draft) -> Needs<()> {
        let live = self.live;
        let latest = stand(
            self.mandate,
            self.facts,
            live.latest,
            &self.standing.content,
        )?;
        if let Some(content) = latest.content() {
            draft.found(&self.standing.content, content);
        }
        if !self.is_tolerable(live.latest, &latest, draft)? {
            let notes = Notes::read(needs::notes(self.facts)?, self.mandate);
            draft.update(self.standing, live, self.facts)?;
            draft.note_revert(&notes, self.facts.now);
            return Ok(());
        }
        if live.default == live.latest {
            return Ok(());
        }
        let default = stand(
            self.mandate,
            self.facts,
            live.default,
            &self.standing.content,
        )?;
        let kept = latest.content().unwrap_or(&self.standing.content);
        if self.was_approved(&default) {
            draft.follow(live, kept);
            return Ok(());
        }
        if !self.is_tolerable(live.default, &default, draft)? {
            let notes = Notes::read(needs::notes(self.facts)?, self.mandate);
            draft.move_default(live, kept);
            draft.note_revert(&notes, self.facts.now);
        }
        Ok(())
    }

    /// Whether a live version may stay: it holds the approved content, or is newer and still open.
    fn is_tolerable(&self, version: Version, stand: &Stand, draft: &mut Draft) -> Needs<bool> {
        if let Some(reason) = stand.intolerable(version) {
            draft.because(reason);
            return Ok(false);
        }
        if matches!(stand, Stand::Approved) {
            draft.because(Reason::HoldsApproved { version });
            return Ok(true);
        }
        let mut reason =
            self.inquiry
                .explain(self.mandate, version, self.hash_of(version), self.standing);
        if matches!(reason, Reason::OwnButWrong { .. }) && self.was_approved(stand) {
            reason = Reason::Outdated { version };
        }
        if matches!(reason, Reason::Waiting { .. })
            && let Some(by) = self.accused_author(version)?
        {
            reason = Reason::StrangersVersion { version, by };
        }
        let is_open = matches!(reason, Reason::Waiting { .. });
        // Of a version that was just refused enough is said.
        if !draft.has_refused(version) {
            draft.because(reason);
        }
        Ok(is_open)
    }

    /// By whom a version is that a revert war left to this sweep: to revert, the event's word is enough here too.
    fn accused_author(&self, version: Version) -> Needs<Option<String>> {
        let notes = Notes::read(needs::notes(self.facts)?, self.mandate);
        let author = notes.accused_author(version, self.hash_of(version));
        Ok(author.map(str::to_owned))
    }

    /// Whether a version holds what was approved until this sweep approved something else: our own reverts do.
    fn was_approved(&self, stand: &Stand) -> bool {
        stand
            .content()
            .is_some_and(|content| content.means_the_same_as(self.formerly))
    }

    fn hash_of(&self, version: Version) -> Option<&str> {
        needs::hash(self.facts, version).ok().flatten()
    }
}
