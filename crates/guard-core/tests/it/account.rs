//! Accounts of every kind, at the moment of a judgement.

mod cast;
mod draw;

use std::collections::BTreeMap;
use std::rc::Rc;

use guard_core::change::Operation;
use guard_core::facts::{
    Content, Described, Facts, ListedVersion, LiveDocument, Question, StoredParameter, Trail,
};
use guard_core::judge::Trigger;
use guard_core::mandate::Mandate;
use guard_core::names::Version;
use jiff::Timestamp;
use proptest::strategy::Strategy;

use crate::stage::Stage;
use cast::Cast;
use draw::draw;

/// What can be read of one account, and why it is read.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) mandate: Mandate,
    pub(crate) now: Timestamp,
    pub(crate) trigger: Trigger,
    pub(crate) version_limit_reached: bool,
    document: LiveDocument,
    shared_with: Vec<String>,
    versions: Vec<ListedVersion>,
    texts: BTreeMap<Version, String>,
    approvals: Vec<StoredParameter>,
    notes: Vec<StoredParameter>,
    trail: Trail,
}

impl Account {
    pub(crate) fn live(&self) -> Option<&Described> {
        match &self.document {
            LiveDocument::Absent => None,
            LiveDocument::Present(live) => Some(live),
        }
    }

    pub(crate) fn text(&self, version: Version) -> Option<&str> {
        self.texts.get(&version).map(String::as_str)
    }

    /// As if the document had been created anew: the record of this number tells of another content.
    pub(crate) fn record_another_content_of(&mut self, version: Version) {
        let Trail::Answered { changes, .. } = &mut self.trail else {
            return;
        };
        for change in changes {
            if let Operation::Wrote {
                written: Some(written),
            } = &mut change.operation
                && written.version == version
            {
                written.hash.push_str("-of-another");
            }
        }
    }

    pub(crate) fn answer(&self, question: &Question, facts: &mut Facts) {
        match question {
            Question::Document => facts.document = Some(self.document.clone()),
            Question::SharedWith => facts.shared_with = Some(self.shared_with.clone()),
            Question::Content(version) => {
                let text = self
                    .text(*version)
                    .map(|text| Content::Text(text.to_owned()));
                facts
                    .contents
                    .insert(*version, text.unwrap_or(Content::Gone));
            }
            Question::Hash(version) => {
                let hash = self.text(*version).map(crate::content::hash);
                facts.hashes.insert(*version, hash);
            }
            Question::Versions => facts.versions = Some(self.versions.clone()),
            Question::Approvals => facts.approvals = Some(self.approvals.clone()),
            Question::Notes => facts.notes = Some(self.notes.clone()),
            Question::Trail(_) => facts.trail = Some(self.trail.clone()),
        }
    }
}

/// An account whose document one person wrote once a second until a quarter of an hour ago, at a sweep.
pub(crate) fn written_one_a_second(stage: Stage, by: &str, texts: Vec<String>) -> Account {
    let principal = stage.people.principal(by);
    Cast::of(stage).written_one_a_second(&principal, texts)
}

/// Any account on this stage.
pub(crate) fn accounts(stage: Stage) -> impl Strategy<Value = Account> {
    let cast = Rc::new(Cast::of(stage));
    draw().prop_map(move |draw| cast.account(&draw))
}
