//! An account in which a history is played, with the guard in it.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::LazyLock;
use std::time::Duration;

use guard_core::change::Operation;
use guard_core::mandate::Mandate;
use guard_reconcile::error::ReconcileError;
use guard_reconcile::{Outcome, Trigger, reconcile};
use guard_testkit::charter::MandateBuilder;
use guard_testkit::generate::{self, Sample, above_floor, below_floor};
use guard_testkit::turns::{interleave, run};
use guard_testkit::{Call, Crashed, Event, FakeAccount, Person, What};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::history::{Cause, History, Step};
use crate::model::{Entry, ends};

type End = Result<Result<Outcome, ReconcileError>, Crashed>;

/// How long an editor's deletion is waited out.
const REPLACEMENT_TIME: SignedDuration = SignedDuration::from_mins(2);

/// Everything that people write.
static SAMPLES: LazyLock<Vec<Sample>> = LazyLock::new(|| [above_floor(), below_floor()].concat());

pub(crate) struct World {
    pub(crate) account: FakeAccount,
    mandate: Mandate,
    waiting: Vec<Event>,
    all_events: Vec<Event>,
    log: Vec<Entry>,
    n_deeds: usize,
    lookups_fail: bool,
    is_a_record_never_known: bool,
    /// The newest deletion by an editor of which the guard was told, truly or not.
    told_of_deletion: Option<Timestamp>,
}

impl World {
    pub(crate) fn beginning(history: &History) -> Self {
        let account = FakeAccount::new();
        account.set_rules(history.rules);
        // Versions' times are told to the millisecond, and no two calls are done within one.
        account.set_call_time(Duration::from_millis(1));
        if let Some(sample) = &history.start {
            account
                .as_principal(&Person::root())
                .create(&sample.text)
                .unwrap();
        }
        let packed_at = account.time() - SignedDuration::from_hours(1);
        let mut world = Self {
            mandate: MandateBuilder::new().packed_at(packed_at).build(),
            account,
            waiting: Vec::new(),
            all_events: Vec::new(),
            log: vec![Entry::Packed {
                at: packed_at,
                baseline: generate::baseline(),
            }],
            n_deeds: 0,
            lookups_fail: false,
            is_a_record_never_known: false,
            told_of_deletion: None,
        };
        world.notice();
        world
    }

    /// Takes over the events and deeds that are new.
    fn notice(&mut self) {
        let events = self.account.take_events();
        self.waiting.extend(events.iter().cloned());
        self.all_events.extend(events);
        let deeds = self.account.deeds_since(self.n_deeds);
        self.n_deeds += deeds.len();
        self.log.extend(deeds.into_iter().map(Entry::Did));
    }

    pub(crate) fn play(&mut self, step: &Step) {
        match step {
            Step::Acts(person, action) => action.done_by(person, &self.account),
            Step::Meddles(meddling) => meddling.done_by(&Person::stranger(), &self.account),
            Step::Passes(time) => self.account.advance(*time),
            Step::Runs(cause) => {
                if let Some(trigger) = self.trigger(cause) {
                    self.run_undisturbed(&trigger);
                }
            }
            Step::ArrivesAgain(nth) => {
                if let Some(event) = nth_of(&self.all_events, *nth).cloned() {
                    self.run_undisturbed(&Trigger::Change(Box::new(event.change())));
                }
            }
            Step::IsLost(nth) => drop(self.take_waiting(*nth)),
            Step::IsForged(nth, person) => {
                if let Some(event) = nth_of(&self.all_events, *nth).cloned() {
                    self.run_undisturbed(&Trigger::Change(Box::new(
                        event.forged_as(person).change(),
                    )));
                }
            }
            Step::Together(one, other, turns) => self.run_together(one, other, turns),
            Step::Interrupted(cause, call, person, action) => {
                let (person, action) = (person.clone(), action.clone());
                self.account
                    .before_call(*call, move |account| action.done_by(&person, account));
                self.run_disturbed(cause);
            }
            Step::Fails(cause, call, fault, moment) => {
                self.account.fail_call(*call, *fault, *moment);
                self.run_disturbed(cause);
            }
            Step::LookupsFail(fail) => self.let_lookups_fail(*fail),
            Step::LagsBy(time) => self.account.set_lookup_lag(*time),
            Step::IsNeverKnown(nth) => {
                if let Some(event) = nth_of(&self.all_events, *nth) {
                    self.account.forget_record(event.id());
                    self.is_a_record_never_known = true;
                }
            }
            Step::Deploys(baseline) => self.deploy(baseline),
        }
        self.notice();
    }

    fn let_lookups_fail(&mut self, fail: bool) {
        self.lookups_fail = fail;
        self.account.fail_lookups(fail.then_some("throttled"));
    }

    /// A deployment with the same baseline changes nothing; one with another makes what was approved void.
    fn deploy(&mut self, baseline: &Sample) {
        let at = self.account.time();
        let deployed = MandateBuilder::new()
            .with_baseline(&baseline.text)
            .packed_at(at)
            .build();
        if deployed.baseline_hash() != self.mandate.baseline_hash() {
            self.mandate = deployed;
            self.log.push(Entry::Packed {
                at,
                baseline: baseline.clone(),
            });
        }
    }

    fn take_waiting(&mut self, nth: usize) -> Option<Event> {
        if self.waiting.is_empty() {
            None
        } else {
            Some(self.waiting.remove(nth % self.waiting.len()))
        }
    }

    fn trigger(&mut self, cause: &Cause) -> Option<Trigger> {
        match cause {
            Cause::Sweep => Some(Trigger::Sweep),
            Cause::Arrival(nth) => {
                let event = self.take_waiting(*nth)?;
                Some(Trigger::Change(Box::new(event.change())))
            }
        }
    }

    fn sweep_begins(&mut self) {
        self.notice();
        self.log.push(Entry::SweepBegan {
            known: self.known(),
        });
    }

    fn sweep_ends(&mut self, was_undisturbed: bool) {
        self.notice();
        let known = self.known();
        self.log.push(Entry::SweepEnded {
            known,
            was_undisturbed,
        });
    }

    fn known(&self) -> BTreeSet<String> {
        if self.lookups_fail {
            BTreeSet::new()
        } else {
            self.account.known_records()
        }
    }

    fn hear(&mut self, trigger: &Trigger) {
        let Trigger::Change(change) = trigger else {
            return;
        };
        let is_editors = self
            .mandate
            .charter()
            .editor(&change.principal, change.at)
            .is_editor();
        if is_editors && matches!(change.operation, Operation::Deleted) {
            self.told_of_deletion = self.told_of_deletion.max(Some(change.at));
        }
    }

    fn run_undisturbed(&mut self, trigger: &Trigger) {
        self.hear(trigger);
        let is_sweep = matches!(trigger, Trigger::Sweep);
        if is_sweep {
            self.sweep_begins();
        }
        let end = run(
            &self.account,
            reconcile(&self.mandate, trigger, &self.account),
        );
        if is_sweep {
            self.sweep_ends(true);
        }
        let outcome = end.unwrap_or_else(|Crashed| panic!("nothing was to crash"));
        let outcome =
            outcome.unwrap_or_else(|error| panic!("an undisturbed run failed: {error:?}"));
        self.check_after(trigger, &outcome);
    }

    /// What holds after every run that nobody disturbed.
    fn check_after(&self, trigger: &Trigger, outcome: &Outcome) {
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

    fn run_disturbed(&mut self, cause: &Cause) {
        if let Some(trigger) = self.trigger(cause) {
            self.hear(&trigger);
            let is_sweep = matches!(trigger, Trigger::Sweep);
            if is_sweep {
                self.sweep_begins();
            }
            // It may fail, crash, or end well.
            drop(run(
                &self.account,
                reconcile(&self.mandate, &trigger, &self.account),
            ));
            if is_sweep {
                self.sweep_ends(false);
            }
        }
        self.heal();
    }

    fn run_together(&mut self, one: &Cause, other: &Cause, turns: &[bool]) {
        let (Some(one), Some(other)) = (self.trigger(one), self.trigger(other)) else {
            return;
        };
        self.hear(&one);
        self.hear(&other);
        let is_sweep = matches!(one, Trigger::Sweep) || matches!(other, Trigger::Sweep);
        if is_sweep {
            self.sweep_begins();
        }
        let first = reconcile(&self.mandate, &one, &self.account);
        let second = reconcile(&self.mandate, &other, &self.account);
        let (first, second): (End, End) = interleave(&self.account, first, second, turns);
        if is_sweep {
            self.sweep_ends(false);
        }
        for end in [first, second] {
            let end = end.unwrap_or_else(|Crashed| panic!("nothing was to crash"));
            assert!(
                end.is_ok(),
                "two runs cannot keep each other from their ends: {end:?}"
            );
        }
    }

    /// Drops planned faults that were not met, but not the failing of lookups.
    fn heal(&mut self) {
        self.account.heal();
        self.let_lookups_fail(self.lookups_fail);
    }

    /// All events arrive, CloudTrail knows everything, two sweeps run; then nothing is left to do.
    pub(crate) fn come_to_rest(&mut self) {
        self.let_lookups_fail(false);
        while let Some(event) = self.take_waiting(0) {
            self.run_undisturbed(&Trigger::Change(Box::new(event.change())));
            self.notice();
        }
        self.account.let_cloudtrail_catch_up();
        // What CloudTrail never knows is a stranger's only after half an hour.
        let minutes = if self.is_a_record_never_known { 31 } else { 5 };
        for _ in 0..2 {
            self.account.advance(Duration::from_mins(minutes));
            self.run_undisturbed(&Trigger::Sweep);
            self.account.let_cloudtrail_catch_up();
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
            assert_eq!(
                self.account.writes(),
                [],
                "event {} was delivered again\n{}",
                event.id(),
                self.story()
            );
        }
        self.run_undisturbed(&Trigger::Sweep);
        assert_eq!(self.account.writes(), [], "a third sweep\n{}", self.story());
        assert_eq!(self.account.n_calls_of(Call::Update), 0);
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

fn nth_of<T>(list: &[T], nth: usize) -> Option<&T> {
    if list.is_empty() {
        None
    } else {
        list.get(nth % list.len())
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
