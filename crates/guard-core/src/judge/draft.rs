//! A decision in the making.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::approvals::{Source, Standing};
use crate::charter::Mode;
use crate::facts::{Described, Facts};
use crate::mandate::Mandate;
use crate::names::Version;
use crate::notes::Notes;
use crate::plan::{Plan, Step};
use crate::preferences::{Drift, Preferences, drift, hex};

use super::needs::{self, Needs};
use super::reason::Reason;
use super::{Decision, Held, Verdict};

/// How many old versions make room at a time.
const VERSIONS_DROPPED: usize = 10;

/// How long the same finding of a sweep that may not act is not alerted again.
const ALERT_AGAIN: SignedDuration = SignedDuration::from_hours(6);

pub(super) struct Draft {
    pub(super) verdict: Verdict,
    pub(super) reasons: Vec<Reason>,
    drift: Vec<Drift>,
    steps: Vec<Step>,
    goal: Option<Preferences>,
    is_quiet: bool,
}

impl Draft {
    pub(super) fn new(verdict: Verdict) -> Self {
        Self {
            verdict,
            reasons: Vec::new(),
            drift: Vec::new(),
            steps: Vec::new(),
            goal: None,
            is_quiet: false,
        }
    }

    pub(super) fn because(&mut self, reason: Reason) {
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
    }

    pub(super) fn has_refused(&self, version: Version) -> bool {
        self.reasons.iter().any(
            |reason| matches!(reason, Reason::Refused { version: refused, .. } if *refused == version),
        )
    }

    pub(super) fn found(&mut self, approved: &Preferences, live: &Preferences) {
        if self.drift.is_empty() {
            self.drift = drift(approved, live);
        }
    }

    pub(super) fn step(&mut self, step: Step) {
        self.steps.push(step);
    }

    /// Takes the document off everybody it is shared with.
    pub(super) fn unshare(&mut self, with: &[String]) {
        if !with.is_empty() {
            self.because(Reason::Shared {
                with: with.to_vec(),
            });
            self.step(Step::Unshare {
                accounts: with.to_vec(),
            });
        }
    }

    /// Creates the document with the approved content.
    pub(super) fn create(&mut self, mandate: &Mandate, standing: &Standing) {
        self.goal = Some(standing.content.clone());
        self.step(Step::Create {
            content: standing.content.to_json(),
            tags: mandate.charter().tags().clone(),
        });
    }

    /// Creates the document anew, since a document's type cannot be changed.
    pub(super) fn replace(&mut self, mandate: &Mandate, standing: &Standing, with: &[String]) {
        self.unshare(with);
        self.step(Step::Delete);
        self.create(mandate, standing);
    }

    /// Brings latest and default to the approved content.
    pub(super) fn update(
        &mut self,
        standing: &Standing,
        live: &Described,
        facts: &Facts,
    ) -> Needs<()> {
        if facts.version_limit_reached {
            let versions = droppable(facts, live, standing)?;
            self.because(Reason::VersionLimit);
            self.step(Step::DropVersions { versions });
        }
        let content = &standing.content;
        let description = format!("{} (reverted {:.3})", content.description(), facts.now);
        self.goal = Some(content.clone());
        self.step(Step::Update {
            read: live.latest,
            content: content.to_json(),
            if_duplicate: content.with_description(&description).to_json(),
        });
        Ok(())
    }

    /// Makes the latest version, whose content is tolerable, the default one.
    pub(super) fn move_default(&mut self, live: &Described, latest_holds: &Preferences) {
        self.because(Reason::DefaultMoved {
            default: live.default,
            latest: live.latest,
        });
        self.goal = Some(latest_holds.clone());
        self.step(Step::MoveDefault { to: live.latest });
    }

    /// Makes the latest version the default one, since the default one holds what was approved before it.
    pub(super) fn follow(&mut self, live: &Described, latest_holds: &Preferences) {
        self.because(Reason::DefaultLags {
            default: live.default,
            latest: live.latest,
        });
        self.goal = Some(latest_holds.clone());
        self.step(Step::MoveDefault { to: live.latest });
    }

    /// Notes the revert, once the document has been put right.
    pub(super) fn note_revert(&mut self, notes: &Notes, now: Timestamp) {
        self.step(Step::KeepNotes {
            value: notes.with_revert(now).encode(),
        });
    }

    /// What may only be reported is not alerted at every sweep anew.
    pub(super) fn alert_once(&mut self, mandate: &Mandate, facts: &Facts) -> Needs<()> {
        let changes_document = self.steps.iter().any(Step::changes_document);
        if held(mandate, facts.now).is_none() || !changes_document {
            return Ok(());
        }
        let notes = Notes::read(needs::notes(facts)?, mandate);
        let key = finding(&self.reasons, &self.drift);
        self.steps
            .retain(|step| !matches!(step, Step::KeepNotes { .. }));
        if notes.was_alerted(&key, facts.now, ALERT_AGAIN) {
            self.is_quiet = true;
        } else {
            self.step(Step::KeepNotes {
                value: notes.with_alert(&key, facts.now).encode(),
            });
        }
        Ok(())
    }

    pub(super) fn decide(self, mandate: &Mandate, now: Timestamp) -> Decision {
        let is_alert = !self.is_quiet && self.reasons.iter().any(Reason::is_alarming);
        let mut plan = Plan {
            steps: self.steps,
            goal: self.goal,
        };
        let held = held(mandate, now).filter(|_| plan.changes_document());
        if held.is_some() && self.verdict != Verdict::Sweep {
            // What is not reverted is not to be noted as reverted.
            plan.steps
                .retain(|step| !matches!(step, Step::KeepNotes { .. }));
        }
        Decision {
            verdict: self.verdict,
            reasons: self.reasons,
            drift: self.drift,
            plan,
            held,
            is_alert,
        }
    }
}

/// Why the document may not be touched at all now.
pub(super) fn held(mandate: &Mandate, now: Timestamp) -> Option<Held> {
    if let Some(suspension) = mandate.suspension_at(now) {
        return Some(Held::Suspended {
            until: suspension.until,
            reason: suspension.reason.clone(),
        });
    }
    match mandate.charter().mode() {
        Mode::Report => Some(Held::ReportMode),
        Mode::Revert => None,
    }
}

/// The same for the same reasons, whatever order or number of sweeps.
fn finding(reasons: &[Reason], drift: &[Drift]) -> String {
    let hash = Sha256::digest(format!("{reasons:?}{drift:?}").as_bytes());
    hex(hash.get(..8).unwrap_or_default())
}

/// The oldest versions that neither are live nor hold the approved change.
fn droppable(facts: &Facts, live: &Described, standing: &Standing) -> Needs<Vec<Version>> {
    let approved = match &standing.source {
        Source::Baseline => None,
        Source::Editor(approved) => Some(approved.version),
    };
    let mut versions: Vec<_> = needs::versions(facts)?
        .iter()
        .filter(|listed| listed.version != live.latest && listed.version != live.default)
        .filter(|listed| Some(listed.version) != approved)
        .map(|listed| (listed.created, listed.version))
        .collect();
    versions.sort_unstable();
    Ok(versions
        .into_iter()
        .take(VERSIONS_DROPPED)
        .map(|(_, version)| version)
        .collect())
}
