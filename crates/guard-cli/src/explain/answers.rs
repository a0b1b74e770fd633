//! The judgement's questions, answered from files.

use std::collections::{BTreeMap, BTreeSet};

use guard_core::envelope::Arrival;
use guard_core::facts::{Content, Facts, ListedVersion, LiveDocument, Question, Trail};
use guard_core::judge::{Decision, Judgement, Trigger, judge};
use guard_core::mandate::Mandate;
use guard_core::names::Version;
use jiff::Timestamp;

use super::aftermath::{described, needs_no_document, plain_document, premise, shared_with};
use super::event::Event;

/// As many rounds of questions as a judgement needs at the most.
const MOST_ROUNDS: usize = 20;

/// What is assumed where no approved content is given.
pub(super) const NO_APPROVAL: &str =
    "no editor's change has been approved since the deployment (--approved gives one)";

/// What the files say of the account.
#[derive(Debug)]
pub(super) struct Answers {
    now: Timestamp,
    document: LiveDocument,
    contents: BTreeMap<Version, Content>,
    shared_with: Vec<String>,
    /// What had to be assumed to bring event and file together.
    premise: Option<&'static str>,
}

/// A decision, and what it rests on besides files.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) decision: Decision,
    pub(super) assumed: BTreeSet<&'static str>,
}

impl Answers {
    /// What is known of the account after `event` when the document says `live`.
    ///
    /// `None` if that does not suffice: nobody knows what the document says. After a deletion it is known to be gone.
    pub(super) fn new(event: &Event, live: Option<&str>, mandate: &Mandate) -> Option<Self> {
        let (live, document) = match (live, &event.arrival) {
            (Some(live), Arrival::Change(change)) => (live, described(change, &event.record)),
            (Some(live), Arrival::Sweep | Arrival::NotOurs(_)) => (live, plain_document(event.at)),
            (None, Arrival::Change(change)) if needs_no_document(change) => {
                return Some(Self::without_document(event.at));
            }
            (None, _) => return None,
        };
        let mut contents = BTreeMap::new();
        let approved = mandate.baseline().to_json();
        contents.insert(document.latest, Content::Text(approved));
        // Where the two differ, the file says what the version holds that the event is about.
        contents.insert(document.default, Content::Text(live.to_owned()));
        Some(Self {
            now: event.at,
            document: LiveDocument::Present(document),
            contents,
            shared_with: shared_with(&event.record),
            premise: Some(premise(&event.arrival)),
        })
    }

    fn without_document(now: Timestamp) -> Self {
        Self {
            now,
            document: LiveDocument::Absent,
            contents: BTreeMap::new(),
            shared_with: Vec::new(),
            premise: None,
        }
    }

    /// The core's own judgement; `None` if it comes to no end.
    pub(super) fn judge(&self, mandate: &Mandate, trigger: &Trigger) -> Option<Outcome> {
        let mut facts = Facts::at(self.now);
        let mut assumed = BTreeSet::from_iter(self.premise);
        for _ in 0..MOST_ROUNDS {
            match judge(mandate, trigger, &facts) {
                Judgement::Ask(questions) => {
                    for question in questions {
                        assumed.extend(self.answer(&question, &mut facts));
                    }
                }
                Judgement::Decided(decision) => {
                    let decision = *decision;
                    return Some(Outcome { decision, assumed });
                }
                Judgement::StartOver => return None,
            }
        }
        None
    }

    /// Answers a question; says what had to be assumed for it.
    fn answer(&self, question: &Question, facts: &mut Facts) -> Option<&'static str> {
        match question {
            Question::Document => {
                facts.document = Some(self.document.clone());
                None
            }
            Question::SharedWith => {
                facts.shared_with = Some(self.shared_with.clone());
                Some("the document is shared with nobody but those whom the event adds")
            }
            Question::Content(version) => {
                let content = self.contents.get(version);
                facts
                    .contents
                    .insert(*version, content.cloned().unwrap_or(Content::Gone));
                None
            }
            Question::Hash(version) => {
                facts.hashes.insert(*version, None);
                Some("other versions than the latest are gone")
            }
            Question::Versions => {
                facts.versions = Some(self.versions());
                Some("the document has no other versions")
            }
            Question::Approvals => {
                facts.approvals = Some(Vec::new());
                Some(NO_APPROVAL)
            }
            Question::Notes => {
                facts.notes = Some(Vec::new());
                Some("the guard has noted nothing lately: no reverts, no deletion by an editor")
            }
            Question::Trail(window) => {
                facts.trail = Some(Trail::Answered {
                    changes: Vec::new(),
                    complete_from: window.from,
                });
                Some("CloudTrail's event history knows no change")
            }
        }
    }

    fn versions(&self) -> Vec<ListedVersion> {
        let created = self.now;
        self.contents
            .keys()
            .map(|version| ListedVersion {
                version: *version,
                created,
            })
            .collect()
    }
}
