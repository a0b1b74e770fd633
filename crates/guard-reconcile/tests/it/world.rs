//! An account in which a history is played, with the guard in it.

mod checks;
mod runs;

use std::time::Duration;

use guard_core::mandate::Mandate;
use guard_reconcile::Trigger;
use guard_testkit::charter::MandateBuilder;
use guard_testkit::generate::{self, Sample};
use guard_testkit::{Event, FakeAccount, Person};
use jiff::{SignedDuration, Timestamp};

use crate::history::{History, Step};
use crate::model::Entry;

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
            Step::MeddledWith(cause, call, meddling) => {
                let meddling = *meddling;
                self.account.before_call(*call, move |account| {
                    meddling.done_by(&Person::stranger(), account);
                });
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
}

fn nth_of<T>(list: &[T], nth: usize) -> Option<&T> {
    if list.is_empty() {
        None
    } else {
        list.get(nth % list.len())
    }
}
