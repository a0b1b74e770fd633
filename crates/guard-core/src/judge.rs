//! The judgement: from facts to a verdict with its reasons, and a plan.
//!
//! To revert, an event's word is enough; to approve, CloudTrail's own record is needed.

mod author;
mod change;
mod document;
mod draft;
mod needs;
mod reason;
mod sweep;

use jiff::Timestamp;

use crate::change::Change;
use crate::facts::{Facts, Question};
use crate::mandate::Mandate;
use crate::plan::Plan;
use crate::preferences::Drift;

pub(crate) use author::TRAIL_PATIENCE;
pub use reason::{Reason, Refusal};

/// Why a judgement is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trigger {
    /// Somebody is said to have made a change.
    Change(Box<Change>),
    /// It is time to look.
    Sweep,
}

/// The answer to facts that may not suffice yet.
#[derive(Debug, Clone, PartialEq)]
pub enum Judgement {
    /// These facts are lacking.
    Ask(Vec<Question>),
    /// The facts do not fit together: the account changed while it was read. Read all of it again.
    StartOver,
    /// The facts suffice.
    Decided(Box<Decision>),
}

/// What was found, why, and what is to be done.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// Whose change it was.
    pub verdict: Verdict,
    /// Everything that led to the decision.
    pub reasons: Vec<Reason>,
    /// How the live document differs from the approved content.
    pub drift: Vec<Drift>,
    /// What is to be done.
    pub plan: Plan,
    /// Why the document is left as it is although the plan would change it.
    pub held: Option<Held>,
    /// Whether people are to be alerted, and not only programs told.
    pub is_alert: bool,
}

impl Decision {
    /// Takes over what a later attempt of the same run decided, after anything of this one was done.
    pub fn absorb(&mut self, later: Self) {
        for reason in later.reasons {
            if !self.reasons.contains(&reason) {
                self.reasons.push(reason);
            }
        }
        if self.drift.is_empty() {
            self.drift = later.drift;
        }
        self.plan.steps.extend(later.plan.steps);
        self.plan.goal = later.plan.goal.or(self.plan.goal.take());
        self.held = later.held.or(self.held.take());
        self.is_alert |= later.is_alert;
    }
}

/// Whose change it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A call that failed and changed nothing.
    FailedCall,
    /// The guard's own.
    OwnWrite,
    /// An editor's, pending until CloudTrail's own record confirms it.
    Editors,
    /// Somebody's who is no editor.
    Strangers,
    /// Nobody's: a look by schedule.
    Sweep,
}

/// Why a plan is not carried out on the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// The charter's mode is `report`.
    ReportMode,
    /// The charter suspends reverting.
    Suspended {
        /// Until then.
        until: Timestamp,
        /// Why.
        reason: String,
    },
}

/// Judges what the facts say, or asks for those that are lacking.
pub fn judge(mandate: &Mandate, trigger: &Trigger, facts: &Facts) -> Judgement {
    let judged = match trigger {
        Trigger::Change(change) => change::judge(mandate, change, facts),
        Trigger::Sweep => sweep::judge(mandate, facts),
    };
    match judged {
        Ok(draft) => Judgement::Decided(Box::new(draft.decide(mandate, facts.now))),
        Err(needs::Lack::Facts(questions)) => Judgement::Ask(questions),
        Err(needs::Lack::Sense) => Judgement::StartOver,
    }
}
