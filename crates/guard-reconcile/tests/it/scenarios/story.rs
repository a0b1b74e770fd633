//! An account with a guard in it, and short words for what tests do with both.

use std::time::Duration;

use guard_core::judge::Reason;
use guard_core::mandate::Mandate;
use guard_core::preferences::Preferences;
use guard_reconcile::error::ReconcileError;
use guard_reconcile::{Outcome, Trigger, reconcile};
use guard_testkit::charter::{MandateBuilder, mandate};
use guard_testkit::{Event, FakeAccount, Person, content, turns};

pub(super) struct Story {
    pub(super) account: FakeAccount,
    pub(super) mandate: Mandate,
}

impl Story {
    /// The document holds the baseline, a sweep has settled it, and the list of calls is empty.
    pub(super) fn new() -> Self {
        Self::under(&MandateBuilder::new())
    }

    pub(super) fn under(builder: &MandateBuilder) -> Self {
        let story = Self {
            account: FakeAccount::holding(&content::baseline()),
            mandate: builder.build(),
        };
        story.account.set_call_time(Duration::from_millis(20));
        story.pass(60);
        story.sweep();
        story.account.forget_calls();
        story
    }

    pub(super) fn pass(&self, seconds: u64) {
        self.account.advance(Duration::from_secs(seconds));
    }

    /// What the event of the newest call leads to.
    pub(super) fn event_of_last_call(&self) -> Outcome {
        self.arrival(&self.account.last_event().unwrap())
    }

    pub(super) fn arrival(&self, event: &Event) -> Outcome {
        self.run(&Trigger::Change(Box::new(event.change())))
    }

    pub(super) fn sweep(&self) -> Outcome {
        self.run(&Trigger::Sweep)
    }

    /// A run that does everything it decided.
    pub(super) fn run(&self, trigger: &Trigger) -> Outcome {
        let outcome = self.end_of_run(trigger).unwrap();
        assert!(outcome.failure.is_none(), "{:?}", outcome.failure);
        outcome
    }

    /// A run that cannot do everything, and why.
    pub(super) fn failure_of_run(&self, trigger: &Trigger) -> ReconcileError {
        match self.end_of_run(trigger) {
            Ok(outcome) => outcome.failure.expect("a run that fails"),
            Err(error) => error,
        }
    }

    fn end_of_run(&self, trigger: &Trigger) -> Result<Outcome, ReconcileError> {
        turns::run(
            &self.account,
            reconcile(&self.mandate, trigger, &self.account),
        )
        .unwrap()
    }

    /// Somebody writes; answers the event.
    pub(super) fn writes(&self, person: &Person, content: &str) -> Event {
        self.account.as_principal(person).update(content).unwrap();
        self.account.last_event().unwrap()
    }

    /// An editor's version, known to CloudTrail and approved.
    pub(super) fn approves(&self, content: &str) {
        self.writes(&Person::editor(), content);
        self.pass(300);
        let outcome = self.sweep();
        assert!(
            codes(&outcome).contains(&"approved"),
            "{:?}",
            outcome.decision.reasons
        );
        self.pass(300);
        self.account.forget_calls();
    }

    /// Latest and default say this, and it is nobody else's business.
    #[track_caller]
    pub(super) fn assert_says(&self, content: &str) {
        let expected = Preferences::parse(content).unwrap();
        for live in [
            self.account.latest_content(),
            self.account.default_content(),
        ] {
            let live = live.expect("a document");
            let means = Preferences::parse(&live)
                .unwrap()
                .means_the_same_as(&expected);
            assert!(means, "the document says {live}");
        }
        assert_eq!(self.account.document_type().as_deref(), Some("Session"));
        assert!(self.account.share_list().is_empty());
    }

    /// Nothing was written since the list of calls was emptied.
    #[track_caller]
    pub(super) fn assert_no_writes(&self) {
        assert_eq!(self.account.writes(), []);
    }
}

pub(super) fn codes(outcome: &Outcome) -> Vec<&'static str> {
    outcome.decision.reasons.iter().map(Reason::code).collect()
}

pub(super) fn usual() -> Mandate {
    mandate()
}
