//! What a remediation does about one forbidden policy of one role, user or group: a plan that nobody reviews, made
//! only where no service that is used is left with nothing.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::entry::Review;
use super::{Entry, Facts, concerns};
use crate::charter::Forbidden;
use crate::explain::plain;
use crate::inventory::Bearer;
use crate::report::Done;
use crate::roles::{Mandate, Plan, Reason};

/// What comes of a remediation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remedy {
    /// Nothing: it does not carry the policy.
    Settled,
    /// Nothing, for the reasons of the entry: the policy stays.
    Stays(Box<Entry>),
    /// The policy leaves by this plan.
    Leaves {
        /// What is done.
        plan: Plan,
        /// What it means.
        entry: Box<Entry>,
    },
}

/// Rules on one forbidden policy of somebody, as [`super::plan`] does, and by what the charter lets be done without a
/// person: nothing while its mode is `report` or a suspension lasts.
pub fn remedy(
    mandate: &Mandate,
    forbidden: &Forbidden,
    facts: Facts<'_>,
    now: Timestamp,
) -> Remedy {
    if !concerns(facts.observed.bearer, forbidden) {
        return Remedy::Settled;
    }
    let mut entry = Box::new(Entry::of(mandate, forbidden, facts, Review::Missing, now));
    match entry.plan.clone() {
        Some(plan) if mandate.acts_at(now) => Remedy::Leaves { plan, entry },
        Some(_) => {
            entry.plan = None;
            let still = Reason::HoldsStill;
            entry
                .reasons
                .push(format!("{still}; `session-guard migrate` asks a person"));
            Remedy::Stays(entry)
        }
        None => Remedy::Stays(entry),
    }
}

/// What became of a forbidden policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was not there.
    Settled,
    /// It stays, as ruled.
    Stays,
    /// It was to leave and is still there, as far as anybody knows.
    StillAttached,
    /// It is off.
    Migrated,
}

impl Outcome {
    /// Its name for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Settled => "settled",
            Self::Stays => "stays",
            Self::StillAttached => "still-attached",
            Self::Migrated => "migrated",
        }
    }
}

/// What is told of a remediation.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// Whom it was about.
    pub bearer: &'a Bearer,
    /// The forbidden policy.
    pub forbidden: &'a Forbidden,
    /// What came of it.
    pub remedy: &'a Remedy,
    /// Why the plan was not carried out to its end although no call failed.
    pub stopped: &'a [Reason],
    /// What was done.
    pub done: Done<'a>,
}

impl Told<'_> {
    /// One body for logs, for events and for whoever waits for the answer.
    pub fn report(&self, mandate: &Mandate) -> Value {
        let (scope, done) = (mandate.scope(), self.done);
        let texts = |texts: &[String]| -> Vec<Value> {
            let texts = texts.iter();
            texts
                .map(|text| json!({ "text": plain(text, 700) }))
                .collect()
        };
        let entry = self.entry();
        let stopped: Vec<String> = self.stopped.iter().map(ToString::to_string).collect();
        json!({
            "account": scope.account,
            "region": scope.region,
            "bearer": {
                "kind": self.bearer.kind,
                "name": plain(&self.bearer.name, 128),
                "id": self.bearer.id,
            },
            "policy": self.forbidden.policy,
            "verdict": self.outcome().as_str(),
            "headline": self.headline(),
            "reasons": texts(entry.map(|it| it.reasons.as_slice()).unwrap_or_default()),
            "lookAt": texts(entry.map(|it| it.surprises.as_slice()).unwrap_or_default()),
            "loses": entry.map(|it| it.lost().map(|loss| loss.action.as_str()).collect::<Vec<_>>()),
            "narrower": entry.map(|it| it.narrower().map(|loss| loss.action.as_str()).collect::<Vec<_>>()),
            "attach": self.plan().map(|plan| plan.attach.as_slice()),
            "stopped": texts(&stopped),
            "done": done.steps,
            "failed": done.failed.map(|text| plain(text, 700)),
            "durationMs": i64::try_from(done.ended.duration_since(done.began).as_millis()).unwrap_or(i64::MAX),
        })
    }

    /// One sentence without a full stop: whom it was about, and what became of the policy.
    pub fn headline(&self) -> String {
        let policy = self.forbidden.name();
        let whom = format!("{} `{}`", self.bearer.kind, plain(&self.bearer.name, 128));
        match self.outcome() {
            Outcome::Settled => format!("{whom} does not carry `{policy}`"),
            Outcome::Stays => format!("`{policy}` stays with {whom}"),
            Outcome::StillAttached => format!("`{policy}` could not be taken off {whom}"),
            Outcome::Migrated => format!("`{policy}` was taken off {whom}"),
        }
    }

    /// Why the policy is still there: `None` when it is not.
    pub fn problem(&self) -> Option<String> {
        let why: Vec<String> = match self.outcome() {
            Outcome::Settled | Outcome::Migrated => return None,
            Outcome::Stays => self
                .entry()
                .map(|it| it.reasons.clone())
                .unwrap_or_default(),
            Outcome::StillAttached => {
                let stopped = self.stopped.iter().map(ToString::to_string);
                stopped.chain(self.done.failed.map(str::to_owned)).collect()
            }
        };
        let why = plain(&why.join("; "), 2_000);
        Some(format!("{}: {why}", self.headline()))
    }

    /// What became of the policy.
    pub fn outcome(&self) -> Outcome {
        match self.remedy {
            Remedy::Settled => Outcome::Settled,
            Remedy::Stays(_) => Outcome::Stays,
            Remedy::Leaves { .. } if self.done.failed.is_some() || !self.stopped.is_empty() => {
                Outcome::StillAttached
            }
            Remedy::Leaves { .. } => Outcome::Migrated,
        }
    }

    fn entry(&self) -> Option<&Entry> {
        match self.remedy {
            Remedy::Settled => None,
            Remedy::Stays(entry) | Remedy::Leaves { entry, .. } => Some(entry),
        }
    }

    fn plan(&self) -> Option<&Plan> {
        match self.remedy {
            Remedy::Settled | Remedy::Stays(_) => None,
            Remedy::Leaves { plan, .. } => Some(plan),
        }
    }
}
