//! What a test turns: the clock, the service's habits, CloudTrail, faults and interruptions.

use std::time::Duration;

use jiff::Timestamp;

use super::FakeAccount;
use crate::calls::Call;
use crate::document::Rules;
use crate::fault::{Aim, Fault, Moment};
use crate::person::Person;

impl FakeAccount {
    /// The time in the account.
    pub fn time(&self) -> Timestamp {
        self.state().now
    }

    /// Lets time pass.
    pub fn advance(&self, time: Duration) {
        let mut state = self.state();
        state.now = state.now.checked_add(time).unwrap_or(Timestamp::MAX);
    }

    /// Lets every call on the document, by anybody, take so long; nothing at first.
    pub fn set_call_time(&self, time: Duration) {
        self.state().call_time = time;
    }

    /// Changes the service's habits.
    pub fn set_rules(&self, rules: Rules) {
        self.state().rules = rules;
    }

    /// The service's habits.
    pub fn rules(&self) -> Rules {
        self.state().rules
    }

    /// Makes the guard call under another identity, such as its role outside the function.
    pub fn set_guard(&self, guard: Person) {
        self.state().guard = guard;
    }

    /// Ends all `Creating` and `Updating`.
    pub fn become_active(&self) {
        if let Some(document) = &mut self.state().document {
            document.become_active();
        }
    }

    /// How long after a call `LookupEvents` knows it; holds for calls from now on.
    pub fn set_lookup_lag(&self, lag: Duration) {
        self.state().history.set_lag(lag);
    }

    /// Makes `LookupEvents` fail until told otherwise.
    pub fn fail_lookups(&self, why: Option<&str>) {
        self.state().history.set_failing(why);
    }

    /// Makes `LookupEvents` give the newest `limit` events only, as a reader does that stops after some pages.
    pub fn limit_lookups(&self, limit: Option<usize>) {
        self.state().history.set_page_limit(limit);
    }

    /// Lets `LookupEvents` know all calls made so far, except the forgotten ones.
    pub fn let_cloudtrail_catch_up(&self) {
        let mut state = self.state();
        let now = state.now;
        state.history.know_everything(now);
    }

    /// Takes one record out of `LookupEvents`' sight for good.
    pub fn forget_record(&self, event_id: &str) {
        self.state().history.forget(event_id);
    }

    /// Lets the guard's call after `n` others go wrong; 0 is its next.
    pub fn fail_call(&self, n: usize, fault: Fault, moment: Moment) {
        let mut state = self.state();
        let number = state.n_calls + n;
        state.plans.add_fault(Aim::Number(number), fault, moment);
    }

    /// Lets the guard's next call of a kind go wrong.
    pub fn fail_next(&self, call: Call, fault: Fault, moment: Moment) {
        self.state().plans.add_fault(Aim::Next(call), fault, moment);
    }

    /// Lets all the guard's calls of a kind go wrong, until [`FakeAccount::heal`].
    pub fn fail_every(&self, call: Call, fault: Fault, moment: Moment) {
        self.state()
            .plans
            .add_fault(Aim::Every(call), fault, moment);
    }

    /// Lets somebody act right before the effect of the guard's call after `n` others; 0 is its next.
    pub fn before_call(&self, n: usize, action: impl FnOnce(&Self) + Send + 'static) {
        let mut state = self.state();
        let number = state.n_calls + n;
        state
            .plans
            .add_interruption(Aim::Number(number), Box::new(action));
    }

    /// Lets somebody act right before the effect of the guard's next call of a kind.
    pub fn before_next(&self, call: Call, action: impl FnOnce(&Self) + Send + 'static) {
        self.state()
            .plans
            .add_interruption(Aim::Next(call), Box::new(action));
    }

    /// Drops all faults and interruptions that have not happened, and lets `LookupEvents` answer again.
    pub fn heal(&self) {
        let mut state = self.state();
        state.plans.clear();
        state.history.set_failing(None);
    }

    /// Whether a crash has happened since this was asked last.
    pub(crate) fn has_just_crashed(&self) -> bool {
        std::mem::take(&mut self.state().has_crashed)
    }
}
