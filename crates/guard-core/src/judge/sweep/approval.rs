//! Editors' versions that CloudTrail's own record confirms become the approved content.

use std::collections::BTreeSet;

use crate::approvals::{Approvals, Approved, Source, Standing};
use crate::change::Change;
use crate::facts::{Content, Facts};
use crate::mandate::Mandate;
use crate::names::Version;
use crate::preferences::{FieldPath, Preferences, fields_that_differ};

use super::super::author::{Author, Authorship, Candidate, written};
use super::super::draft::Draft;
use super::super::needs::{self, Needs};
use super::super::reason::{Reason, Refusal};
use super::inquiry::Inquiry;

/// An editor's version with the record that confirms it.
struct Confirmed<'a> {
    candidate: &'a Candidate,
    change: &'a Change,
}

/// The newest confirmed version of an editor that can be approved, if it is newer than what is approved.
pub(super) fn approve(
    mandate: &Mandate,
    facts: &Facts,
    inquiry: &Inquiry,
    kept: &Standing,
    draft: &mut Draft,
) -> Needs<Option<Standing>> {
    let since = kept.since(mandate);
    let mut confirmed = Vec::new();
    for candidate in &inquiry.candidates {
        if let Some(change) = editors_record(mandate, facts, candidate)?
            && (change.at, candidate.version) > since
        {
            confirmed.push(Confirmed { candidate, change });
        }
    }
    confirmed.sort_by_key(|confirmed| (confirmed.change.at, confirmed.candidate.version));
    for confirmed in confirmed.iter().rev() {
        let by = confirmed.change.principal.label.clone();
        let version = confirmed.candidate.version;
        match examine(mandate, facts, confirmed, kept)? {
            Err(why) => draft.because(Reason::Refused { version, by, why }),
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

/// CloudTrail's record of a candidate, if its author is an editor and its hash is the version's.
fn editors_record<'a>(
    mandate: &Mandate,
    facts: &Facts,
    candidate: &'a Candidate,
) -> Needs<Option<&'a Change>> {
    let Authorship::Known(changes) = &candidate.authorship else {
        return Ok(None);
    };
    let is_editors = |change: &Change| matches!(Author::of(mandate, change), Author::Editor { .. });
    if !changes.iter().any(is_editors) {
        return Ok(None);
    }
    // Only the hash tells versions of the same number apart when the document was created anew meanwhile.
    let Some(hash) = needs::hash(facts, candidate.version)? else {
        return Ok(None);
    };
    let fits = |change: &&Change| written(change).is_some_and(|written| written.hash == hash);
    Ok(changes
        .iter()
        .find(fits)
        .filter(|change| is_editors(change)))
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
    let Some(hash) = needs::hash(facts, version)? else {
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
        hash: hash.to_owned(),
        event_id: confirmed.change.event_id.clone(),
        event_time: confirmed.change.at,
        created: confirmed.candidate.created,
    };
    let record = Approvals {
        baseline: mandate.baseline_hash().to_owned(),
        approved: Some(approved.clone()),
        settled: kept.settled.clone(),
    };
    if let Err(too_large) = record.encode() {
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

/// The fields that an approved version took over from a predecessor that was never approved.
fn inherited(
    mandate: &Mandate,
    facts: &Facts,
    inquiry: &Inquiry,
    version: Version,
    kept: &Standing,
) -> Needs<Vec<FieldPath>> {
    let predecessor = inquiry
        .candidates
        .iter()
        .find(|candidate| candidate.version.0 + 1 == version.0);
    let Some(predecessor) = predecessor else {
        return Ok(Vec::new());
    };
    if editors_record(mandate, facts, predecessor)?.is_some() {
        return Ok(Vec::new());
    }
    let (Content::Text(before), Content::Text(after)) = (
        needs::content(facts, predecessor.version)?,
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
