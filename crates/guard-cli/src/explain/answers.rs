//! The judgement's questions, answered from files.

use std::collections::{BTreeMap, BTreeSet};

use guard_core::change::{Change, Operation};
use guard_core::envelope::Arrival;
use guard_core::facts::{Content, Described, Facts, ListedVersion, LiveDocument, Question, Trail};
use guard_core::judge::{Decision, Judgement, Trigger, judge};
use guard_core::mandate::Mandate;
use guard_core::names::Version;
use jiff::Timestamp;
use serde_json::Value;

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
            premise: premise(&event.arrival),
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
                        assumed.extend(self.answer(question, &mut facts));
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
    fn answer(&self, question: Question, facts: &mut Facts) -> Option<&'static str> {
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
                let content = self.contents.get(&version);
                facts
                    .contents
                    .insert(version, content.cloned().unwrap_or(Content::Gone));
                None
            }
            Question::Hash(version) => {
                facts.hashes.insert(version, None);
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

/// Whether the event alone says enough: the call changed nothing, or left nothing.
fn needs_no_document(change: &Change) -> bool {
    let left_nothing = match &change.operation {
        Operation::Deleted => true,
        Operation::Wrote { .. }
        | Operation::MovedDefault { .. }
        | Operation::DeletedVersion
        | Operation::ChangedSharing => false,
    };
    change.failure.is_some() || left_nothing
}

fn plain_document(at: Timestamp) -> Described {
    Described {
        latest: Version(1),
        default: Version(1),
        hash: String::new(),
        document_type: "Session".to_owned(),
        created: Some(at),
    }
}

/// The document as it stands after a change that was not followed by others.
fn described(change: &Change, record: &Value) -> Described {
    let mut document = plain_document(change.at);
    let told_type = record
        .pointer("/responseElements/documentDescription/documentType")
        .or_else(|| record.pointer("/requestParameters/documentType"));
    if let Some(told) = told_type.and_then(Value::as_str) {
        told.clone_into(&mut document.document_type);
    }
    match &change.operation {
        Operation::Wrote {
            written: Some(written),
        } => {
            document.latest = written.version;
            document.default = written.version;
            document.hash.clone_from(&written.hash);
        }
        Operation::MovedDefault { to } => {
            document.default = to.unwrap_or(Version(1));
            document.latest = Version(document.default.0.saturating_add(1));
        }
        Operation::Wrote { written: None }
        | Operation::Deleted
        | Operation::DeletedVersion
        | Operation::ChangedSharing => {}
    }
    document
}

fn premise(arrival: &Arrival) -> Option<&'static str> {
    let one_version = "the latest version is the default one and holds what --live says";
    match arrival {
        Arrival::Sweep | Arrival::NotOurs(_) => Some(one_version),
        Arrival::Change(change) => match &change.operation {
            Operation::Wrote { written: Some(_) } => {
                Some("nothing has changed since the event, and the new version is the default one")
            }
            Operation::MovedDefault { .. } => Some(
                "the default version holds what --live says, and a newer one the approved content",
            ),
            Operation::Wrote { written: None }
            | Operation::Deleted
            | Operation::DeletedVersion
            | Operation::ChangedSharing => Some(one_version),
        },
    }
}

/// Whom a call that changed the sharing added.
fn shared_with(record: &Value) -> Vec<String> {
    let accounts = |pointer| {
        let listed = record.pointer(pointer).and_then(Value::as_array);
        listed.into_iter().flatten().filter_map(Value::as_str)
    };
    let removed: Vec<_> = accounts("/requestParameters/accountIdsToRemove").collect();
    accounts("/requestParameters/accountIdsToAdd")
        .filter(|account| !removed.contains(account))
        .map(str::to_owned)
        .collect()
}
