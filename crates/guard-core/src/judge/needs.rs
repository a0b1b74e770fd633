//! Facts taken, or asked for when they are not there yet.

use crate::facts::{
    Content, Facts, ListedVersion, LiveDocument, Question, StoredParameter, Trail, Window,
};
use crate::names::Version;

/// What a judgement lacks.
#[derive(Debug)]
pub(super) enum Lack {
    /// These facts.
    Facts(Vec<Question>),
    /// Facts that fit together.
    Sense,
}

pub(super) type Needs<T> = Result<T, Lack>;

/// Asks in one go for those of the questions that have no answer yet.
pub(super) fn all(facts: &Facts, questions: Vec<Question>) -> Needs<()> {
    let open: Vec<_> = questions
        .into_iter()
        .filter(|question| !is_answered(facts, question))
        .collect();
    if open.is_empty() {
        Ok(())
    } else {
        Err(Lack::Facts(open))
    }
}

fn is_answered(facts: &Facts, question: &Question) -> bool {
    match question {
        Question::Document => facts.document.is_some(),
        Question::SharedWith => facts.shared_with.is_some(),
        Question::Content(version) => facts.contents.contains_key(version),
        Question::Hash(version) => facts.hashes.contains_key(version),
        Question::Versions => facts.versions.is_some(),
        Question::Approvals => facts.approvals.is_some(),
        Question::Notes => facts.notes.is_some(),
        Question::Trail(_) => facts.trail.is_some(),
    }
}

fn ask(question: Question) -> Lack {
    Lack::Facts(vec![question])
}

pub(super) fn document(facts: &Facts) -> Needs<&LiveDocument> {
    facts
        .document
        .as_ref()
        .ok_or_else(|| ask(Question::Document))
}

pub(super) fn shared_with(facts: &Facts) -> Needs<&[String]> {
    facts
        .shared_with
        .as_deref()
        .ok_or_else(|| ask(Question::SharedWith))
}

pub(super) fn content(facts: &Facts, version: Version) -> Needs<&Content> {
    facts
        .contents
        .get(&version)
        .ok_or_else(|| ask(Question::Content(version)))
}

pub(super) fn hash(facts: &Facts, version: Version) -> Needs<Option<&str>> {
    if let Some(LiveDocument::Present(described)) = &facts.document
        && described.latest == version
    {
        return Ok(Some(&described.hash));
    }
    facts
        .hashes
        .get(&version)
        .map(Option::as_deref)
        .ok_or_else(|| ask(Question::Hash(version)))
}

pub(super) fn versions(facts: &Facts) -> Needs<&[ListedVersion]> {
    facts
        .versions
        .as_deref()
        .ok_or_else(|| ask(Question::Versions))
}

pub(super) fn approvals(facts: &Facts) -> Needs<&[StoredParameter]> {
    facts
        .approvals
        .as_deref()
        .ok_or_else(|| ask(Question::Approvals))
}

pub(super) fn notes(facts: &Facts) -> Needs<&[StoredParameter]> {
    facts.notes.as_deref().ok_or_else(|| ask(Question::Notes))
}

pub(super) fn trail(facts: &Facts, window: Window) -> Needs<&Trail> {
    facts
        .trail
        .as_ref()
        .ok_or_else(|| ask(Question::Trail(window)))
}
