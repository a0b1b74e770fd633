//! Editors' versions that CloudTrail's own record confirms become the approved content.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::approvals::{Approvals, Approved, Source, Standing};
use crate::change::Change;
use crate::facts::{Content, Facts, Question};
use crate::mandate::Mandate;
use crate::names::Version;
use crate::preferences::{FieldPath, Preferences, fields_that_differ};

use super::super::author::{Author, Authorship, Candidate, written};
use super::super::draft::Draft;
use super::super::needs::{self, Needs};
use super::super::reason::{Reason, Refusal};
use super::inquiry::Inquiry;

/// As many different contents as are looked at in one sweep; a tool in a loop writes the same one again and again.
const MOST_EXAMINED: usize = 20;

/// An editor's version with the record that confirms it.
#[derive(Clone, Copy)]
struct Confirmed<'a> {
    candidate: &'a Candidate,
    change: &'a Change,
    /// The hash of its content, as the record says.
    hash: &'a str,
}

impl Confirmed<'_> {
    fn order(&self) -> (Timestamp, Version) {
        (self.change.at, self.candidate.version)
    }
}

/// The newest confirmed version of an editor that can be approved, if it is newer than what is approved.
pub(super) fn approve(
    mandate: &Mandate,
    facts: &Facts,
    inquiry: &Inquiry,
    kept: &Standing,
    draft: &mut Draft,
) -> Needs<Option<Standing>> {
    let newest_first = newest_first(mandate, inquiry, kept);
    for (index, confirmed) in newest_first.iter().enumerate() {
        let by = confirmed.change.principal.label.clone();
        let version = confirmed.candidate.version;
        // Only the hash tells versions of the same number apart when the document was created anew meanwhile.
        if needs::hash(facts, version)? != Some(confirmed.hash) {
            continue;
        }
        match examine(mandate, facts, confirmed, kept)? {
            Err(why) => {
                draft.because(Reason::Refused { version, by, why });
                ask_for_the_rest(facts, newest_first.iter().skip(index + 1))?;
            }
            Ok(standing) => {
                let event_id = confirmed.change.event_id.clone();
                draft.because(Reason::Approved {
                    version,
                    by,
                    event_id,
                });
                let fields = inherited(mandate, facts, inquiry, version, kept)?;
                if !fields.is_empty() {
                    draft.because(Reason::Inherited { version, fields });
                }
                return Ok(Some(standing));
            }
        }
    }
    Ok(None)
}

/// The editors' versions that are newer than what is approved; of those with the same content only the newest.
fn newest_first<'a>(
    mandate: &Mandate,
    inquiry: &'a Inquiry,
    kept: &Standing,
) -> Vec<Confirmed<'a>> {
    let since = kept.since(mandate);
    let candidates = inquiry.candidates.iter();
    let mut confirmed: Vec<_> = candidates
        .filter_map(|candidate| editors(mandate, candidate))
        .filter(|confirmed| confirmed.order() > since)
        .collect();
    confirmed.sort_by_key(|confirmed| std::cmp::Reverse(confirmed.order()));
    let mut seen = BTreeSet::new();
    confirmed.retain(|confirmed| seen.insert(confirmed.hash));
    confirmed.truncate(MOST_EXAMINED);
    confirmed
}

/// In one go, since each could be refused like the one before.
fn ask_for_the_rest<'a>(facts: &Facts, rest: impl Iterator<Item = &'a Confirmed<'a>>) -> Needs<()> {
    let questions = rest.flat_map(|confirmed| {
        let version = confirmed.candidate.version;
        [Question::Hash(version), Question::Content(version)]
    });
    needs::all(facts, questions.collect())
}

/// A candidate whose author is an editor by CloudTrail's record.
fn editors<'a>(mandate: &Mandate, candidate: &'a Candidate) -> Option<Confirmed<'a>> {
    let change = match &candidate.authorship {
        Authorship::Known(changes) => changes.first()?,
        Authorship::NotYet | Authorship::Never | Authorship::Unanswered | Authorship::Buried => {
            return None;
        }
    };
    let hash = written(change)?.hash.as_str();
    match Author::of(mandate, change) {
        Author::Editor { .. } => Some(Confirmed {
            candidate,
            change,
            hash,
        }),
        Author::Guard | Author::Stranger { .. } => None,
    }
}

fn examine(
    mandate: &Mandate,
    facts: &Facts,
    confirmed: &Confirmed<'_>,
    kept: &Standing,
) -> Needs<Result<Standing, Refusal>> {
    let version = confirmed.candidate.version;
    let Content::Text(text) = needs::content(facts, version)? else {
        return Ok(Err(Refusal::Gone));
    };
    let content = match Preferences::parse(text) {
        Ok(content) => content,
        Err(error) => return Ok(Err(Refusal::Unreadable(error))),
    };
    let violations = mandate.charter().floor().violations(&content);
    if !violations.is_empty() {
        return Ok(Err(Refusal::BelowFloor(violations)));
    }
    let approved = Approved {
        content: content.to_json(),
        editor: confirmed.change.principal.clone(),
        version,
        hash: confirmed.hash.to_owned(),
        event_id: confirmed.change.event_id.clone(),
        event_time: confirmed.change.at,
        created: confirmed.candidate.created,
    };
    let record = Approvals {
        baseline: mandate.baseline_hash().to_owned(),
        approved: Some(approved.clone()),
        settled: None,
    };
    if let Err(too_large) = record.fits() {
        return Ok(Err(Refusal::TooLarge {
            bytes: too_large.bytes,
        }));
    }
    Ok(Ok(Standing {
        content,
        source: Source::Editor(Box::new(approved)),
        ..kept.clone()
    }))
}

/// The fields that an approved version took over from content that was never approved, be it through other versions of
/// editors: those in which the last version of anybody else differs from what was approved, and it does not from that.
fn inherited(
    mandate: &Mandate,
    facts: &Facts,
    inquiry: &Inquiry,
    version: Version,
    kept: &Standing,
) -> Needs<Vec<FieldPath>> {
    let candidates = inquiry.candidates.iter();
    let editors: BTreeSet<_> = candidates
        .filter_map(|candidate| editors(mandate, candidate))
        .map(|confirmed| confirmed.candidate.version)
        .collect();
    let listed = needs::versions(facts)?.iter().map(|listed| listed.version);
    let others = listed.filter(|listed| *listed < version && !editors.contains(listed));
    let Some(before) = others.max() else {
        return Ok(Vec::new());
    };
    let (Content::Text(before), Content::Text(after)) = (
        needs::content(facts, before)?,
        needs::content(facts, version)?,
    ) else {
        return Ok(Vec::new());
    };
    let (Ok(before), Ok(after)) = (Preferences::parse(before), Preferences::parse(after)) else {
        return Ok(Vec::new());
    };
    let changed: BTreeSet<_> = fields_that_differ(&before, &after).into_iter().collect();
    let foreign = fields_that_differ(&kept.content, &before);
    Ok(foreign
        .into_iter()
        .filter(|field| !changed.contains(field))
        .collect())
}
