//! What holds after every run, in the end, and from then on.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::LazyLock;

use guard_reconcile::{Outcome, Trigger};
use guard_testkit::What;
use guard_testkit::generate::{self, Sample, above_floor, below_floor};
use jiff::SignedDuration;
use serde_json::Value;

use super::World;
use crate::model::{Entry, ends};

/// How long an editor's deletion is waited out.
const REPLACEMENT_TIME: SignedDuration = SignedDuration::from_mins(2);

/// Everything that people write.
static SAMPLES: LazyLock<Vec<Sample>> = LazyLock::new(|| [above_floor(), below_floor()].concat());

impl World {
    /// What holds after every run that nobody disturbed.
    pub(super) fn check_after(&self, trigger: &Trigger, outcome: &Outcome) {
        if let Trigger::Change(change) = trigger
            && change.failure.is_some()
        {
            return;
        }
        for live in [
            self.account.latest_content(),
            self.account.default_content(),
        ]
        .into_iter()
        .flatten()
        {
            let below = SAMPLES
                .iter()
                .find(|sample| sample.text == live && !sample.keeps_floor);
            assert!(
                below.is_none(),
                "{below:?} outlived a run: {:?}",
                outcome.decision.reasons
            );
        }
        if let Some(document_type) = self.account.document_type() {
            assert_eq!(document_type, "Session", "another type outlived a run");
        }
        if matches!(trigger, Trigger::Sweep) {
            assert_eq!(
                self.account.share_list(),
                BTreeSet::new(),
                "sharing outlived a sweep"
            );
            let is_awaited = self
                .told_of_deletion
                .is_some_and(|at| self.account.time().duration_since(at) < REPLACEMENT_TIME);
            assert!(
                self.account.has_document() || is_awaited,
                "a sweep left no document"
            );
        }
    }

    /// The end is one that the model names.
    pub(crate) fn check_end(&self) {
        let right = ends(&self.log, &SAMPLES, &generate::editors());
        let right: Vec<_> = right.iter().map(|text| sample_of(text)).collect();
        let versions = self.account.stored_versions();
        let (latest, default) = (
            self.account.latest_version(),
            self.account.default_version(),
        );
        for version in [latest, default] {
            let stored = version
                .and_then(|version| versions.get(&version))
                .expect("a document");
            let is_right = right
                .iter()
                .any(|sample| same(&sample.json, &stored.as_json()));
            assert!(
                is_right,
                "right would be {right:?}, but {version:?} is {}\n{}",
                stored.content,
                self.story()
            );
        }
        assert_eq!(self.account.document_type().as_deref(), Some("Session"));
        assert_eq!(self.account.share_list(), BTreeSet::new());
    }

    /// One more sweep and one more delivery of every event write nothing.
    pub(crate) fn check_rest(&mut self) {
        self.notice();
        self.account.forget_calls();
        for event in std::mem::take(&mut self.all_events) {
            self.run_undisturbed(&Trigger::Change(Box::new(event.change())));
            self.assert_no_writes(&format!("event {} was delivered again", event.id()));
        }
        self.run_undisturbed(&Trigger::Sweep);
        self.assert_no_writes("a third sweep ran");
    }

    /// Nothing has been written since the list of calls was emptied.
    pub(super) fn assert_no_writes(&self, when: &str) {
        assert_eq!(self.account.writes(), [], "{when}\n{}", self.story());
    }

    /// What has happened, for readers of a failure.
    fn story(&self) -> String {
        let mut story = String::new();
        for entry in &self.log {
            match entry {
                Entry::Packed { at, baseline } => writeln!(story, "{at} packed with {baseline:?}"),
                Entry::Did(deed) => writeln!(
                    story,
                    "{} {} {}",
                    deed.at,
                    deed.person.name(),
                    deed_in_words(&deed.what)
                ),
                Entry::SweepBegan { known } => {
                    writeln!(story, "a sweep begins, {} records known", known.len())
                }
                Entry::SweepEnded {
                    was_undisturbed, ..
                } => {
                    writeln!(
                        story,
                        "the sweep ends{}",
                        if *was_undisturbed { "" } else { ", disturbed" }
                    )
                }
            }
            .unwrap();
        }
        story
    }
}

fn deed_in_words(what: &What) -> String {
    let What::Wrote {
        version,
        content,
        document_type,
    } = what
    else {
        return format!("{what:?}");
    };
    let sample = SAMPLES
        .iter()
        .find(|sample| sample.text == *content || same(&sample.json, content));
    let name = sample.map_or("something else", |sample| &sample.name);
    format!("wrote version {version} of {document_type}: {name}")
}

fn sample_of(text: &str) -> &'static Sample {
    SAMPLES
        .iter()
        .find(|sample| sample.text == text)
        .expect("people write samples only")
}

/// Whether two JSON texts say the same but for the description.
fn same(one: &str, other: &str) -> bool {
    let read = |text: &str| {
        let mut value: Value = serde_json::from_str(text).ok()?;
        value.as_object_mut()?.remove("description");
        Some(value)
    };
    read(one).is_some() && read(one) == read(other)
}
