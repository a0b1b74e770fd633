//! Runs of the guard in a world.

use std::collections::BTreeSet;
use std::time::Duration;

use guard_core::change::Operation;
use guard_reconcile::error::ReconcileError;
use guard_reconcile::{Outcome, Trigger, reconcile};
use guard_testkit::Crashed;
use guard_testkit::turns::{interleave, run};

use super::World;
use crate::history::Cause;
use crate::model::Entry;

type End = Result<Result<Outcome, ReconcileError>, Crashed>;

impl World {
    pub(super) fn trigger(&mut self, cause: &Cause) -> Option<Trigger> {
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

    /// One run that nobody disturbs, and the events of what it did, which lead to nothing.
    pub(super) fn run_undisturbed(&mut self, trigger: &Trigger) {
        self.notice();
        let n_before = self.all_events.len();
        self.run_alone(trigger);
        self.notice();
        let own: Vec<_> = self.all_events.iter().skip(n_before).cloned().collect();
        if own.is_empty() {
            return;
        }
        self.account.forget_calls();
        for event in own {
            self.run_alone(&Trigger::Change(Box::new(event.change())));
            self.assert_no_writes(&format!("the guard's own event {} arrived", event.id()));
        }
    }

    fn run_alone(&mut self, trigger: &Trigger) {
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
        let failure = &outcome.failure;
        assert!(failure.is_none(), "an undisturbed run failed: {failure:?}");
        self.check_after(trigger, &outcome);
    }

    pub(super) fn run_disturbed(&mut self, cause: &Cause) {
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

    pub(super) fn run_together(&mut self, one: &Cause, other: &Cause, turns: &[bool]) {
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
            let outcome = end.expect("two runs cannot keep each other from judging");
            let failure = outcome.failure;
            assert!(
                failure.is_none(),
                "two runs cannot keep each other from their ends: {failure:?}"
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
}
