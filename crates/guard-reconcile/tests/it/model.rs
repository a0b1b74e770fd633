//! What the document should say in the end: slow, obvious, and without a line of the engine.
//!
//! *The newest surviving editor's version that keeps the floor, else the baseline*, where
//!
//! - an **editor's version** is one that an editor wrote, by the service's own account of who called, into a document
//!   of the type `Session`, at a second later than the packing of the function;
//! - it **keeps the floor** if its content does, and can be kept at all if it fits the parameter;
//! - it **survives** if a sweep that ran undisturbed could read it at a time when CloudTrail knew its record: from then
//!   on the guard keeps it itself. A version deleted earlier, alone or with the whole document, is lost; so is one
//!   whose record CloudTrail never knows;
//! - **newest** is by the record's time in whole seconds, then by the version's number; two that agree in both, which
//!   takes a deletion between them, count as equally new;
//! - a new deployment with another baseline makes all earlier versions old, and whoever deletes the guard's parameter
//!   (or writes it until none of the guard's own versions is kept) makes it forget: then only versions survive that
//!   can still be read.
//!
//! In a sweep that was disturbed (a call failed, others acted or ran meanwhile) a version *may* have survived, and so
//! may one that agrees with another in number and content within a minute. Such histories have more than one right
//! end, and the model names all of them.

use std::collections::BTreeSet;

use guard_core::names::Version;
use guard_reconcile::ports::Parameter;
use guard_testkit::generate::Sample;
use guard_testkit::{Deed, Person, What};
use jiff::{SignedDuration, Timestamp};

/// As many versions of a parameter are kept.
const KEPT: usize = 100;
/// Records this near in time to a version, of the same number and content, cannot be told from its own.
const LOOK_ALIKE: SignedDuration = SignedDuration::from_secs(60);

/// One thing that happened, in its order.
#[derive(Debug, Clone)]
pub(crate) enum Entry {
    /// The function was deployed with this baseline.
    Packed { at: Timestamp, baseline: Sample },
    /// Somebody, the guard too, did something.
    Did(Deed),
    /// A sweep began; these records were known.
    SweepBegan { known: BTreeSet<String> },
    /// It ended, undisturbed or not; these records were known by then.
    SweepEnded {
        known: BTreeSet<String>,
        was_undisturbed: bool,
    },
}

/// The place of a version in time.
type Age = (Timestamp, Version);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Author {
    Editor,
    Stranger,
}

#[derive(Debug, Clone)]
struct Written {
    version: Version,
    created: Timestamp,
    content: String,
    by: Author,
    is_session: bool,
    event_id: String,
    is_alive: bool,
    was_alive_in_sweep: bool,
}

impl Written {
    fn age(&self) -> Age {
        (whole_second(self.created), self.version)
    }

    fn looks_like(&self, other: &Self) -> bool {
        let distance = whole_second(other.created)
            .duration_since(self.created)
            .abs();
        self.version == other.version && self.content == other.content && distance <= LOOK_ALIKE
    }
}

/// A version that has survived.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Survivor {
    age: Age,
    content: String,
}

struct Model<'a> {
    samples: &'a [Sample],
    editors: &'a [Person],
    packed_at: Timestamp,
    baseline: String,
    written: Vec<Written>,
    surely: Vec<Survivor>,
    perhaps: Vec<Survivor>,
    sweep_began: Option<(usize, BTreeSet<String>)>,
    foreign_puts: usize,
}

/// The contents, as they were sent, at which the history may rightly end.
pub(crate) fn ends(history: &[Entry], samples: &[Sample], editors: &[Person]) -> Vec<String> {
    let mut model = Model {
        samples,
        editors,
        packed_at: Timestamp::UNIX_EPOCH,
        baseline: String::new(),
        written: Vec::new(),
        surely: Vec::new(),
        perhaps: Vec::new(),
        sweep_began: None,
        foreign_puts: 0,
    };
    for entry in history {
        model.take(entry);
    }
    model.ends()
}

impl Model<'_> {
    fn ends(&self) -> Vec<String> {
        let newest = self.surely.iter().map(|survivor| survivor.age).max();
        let all = self.surely.iter().chain(&self.perhaps);
        let right = all
            .filter(|survivor| Some(survivor.age) >= newest)
            .map(|survivor| survivor.content.clone());
        let mut right: Vec<_> = right.collect();
        if newest.is_none() {
            right.push(self.baseline.clone());
        }
        right
    }

    fn take(&mut self, entry: &Entry) {
        match entry {
            Entry::Packed { at, baseline } => {
                self.packed_at = *at;
                self.baseline.clone_from(&baseline.text);
                self.surely.clear();
                self.perhaps.clear();
            }
            Entry::Did(deed) => self.did(deed),
            Entry::SweepBegan { known } => {
                self.sweep_began = Some((self.written.len(), known.clone()));
                for written in &mut self.written {
                    written.was_alive_in_sweep = written.is_alive;
                }
            }
            Entry::SweepEnded {
                known,
                was_undisturbed,
            } => self.sweep_ended(known, *was_undisturbed),
        }
    }

    fn did(&mut self, deed: &Deed) {
        match &deed.what {
            What::Wrote {
                version,
                content,
                document_type,
            } => self.written.push(Written {
                version: *version,
                created: deed.at,
                content: content.clone(),
                is_session: document_type == "Session",
                by: if self.editors.contains(&deed.person) {
                    Author::Editor
                } else {
                    Author::Stranger
                },
                event_id: deed.event_id.clone(),
                is_alive: true,
                was_alive_in_sweep: true,
            }),
            What::Deleted => self
                .written
                .iter_mut()
                .for_each(|written| written.is_alive = false),
            What::DeletedVersion(version) => {
                let deleted = self
                    .written
                    .iter_mut()
                    .filter(|written| written.version == *version);
                deleted.for_each(|written| written.is_alive = false);
            }
            What::PutParameter(Parameter::Approvals) if deed.person == Person::guard() => {
                self.foreign_puts = 0;
            }
            What::PutParameter(Parameter::Approvals) => {
                self.foreign_puts += 1;
                if self.foreign_puts >= KEPT {
                    self.forget();
                }
            }
            What::DeletedParameter(Parameter::Approvals) => self.forget(),
            What::PutParameter(Parameter::Notes)
            | What::DeletedParameter(Parameter::Notes)
            | What::MovedDefault(_)
            | What::Shared => {}
        }
    }

    fn forget(&mut self) {
        let surely = std::mem::take(&mut self.surely);
        if self.sweep_began.is_some() {
            // The sweep may have read the parameter before, and be about to write it again.
            self.perhaps.extend(surely);
        } else {
            self.perhaps.clear();
        }
    }

    fn sweep_ended(&mut self, known: &BTreeSet<String>, was_undisturbed: bool) {
        let Some((n_before, known_before)) = self.sweep_began.take() else {
            return;
        };
        let (mut surely, mut perhaps) = (Vec::new(), Vec::new());
        for (place, version) in self.written.iter().enumerate() {
            let seen = version.was_alive_in_sweep || place >= n_before;
            if !seen || !version.is_session || !self.can_be_kept(&version.content) {
                continue;
            }
            let alike: Vec<_> = self
                .written
                .iter()
                .filter(|other| version.looks_like(other))
                .collect();
            let was_there =
                place < n_before && version.is_alive && known_before.contains(&version.event_id);
            if alike.len() == 1 && was_undisturbed && was_there && self.is_fit(version) {
                surely.push(survivor(version, version));
                continue;
            }
            let editors = alike
                .into_iter()
                .filter(|other| self.is_fit(other) && known.contains(&other.event_id));
            perhaps.extend(editors.map(|other| survivor(version, other)));
        }
        self.surely.extend(surely);
        self.perhaps.extend(perhaps);
    }

    fn is_fit(&self, version: &Written) -> bool {
        version.by == Author::Editor && whole_second(version.created) > self.packed_at
    }

    fn can_be_kept(&self, content: &str) -> bool {
        self.samples
            .iter()
            .any(|sample| sample.text == content && sample.keeps_floor && sample.fits)
    }
}

fn survivor(version: &Written, record: &Written) -> Survivor {
    Survivor {
        age: record.age(),
        content: version.content.clone(),
    }
}

fn whole_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap()
}
