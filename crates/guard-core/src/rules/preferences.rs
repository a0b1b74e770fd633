//! `preferences`: whether the Region's preferences document is what its owners decided.
//!
//! The document is judged as a sweep of the guard judges it, and nothing is done about it: wrong is what a sweep would
//! change. Three cases need a decision of their own:
//!
//! - *The document is missing and an editor's tool may be about to create it again.* A sweep waits two minutes for that;
//!   sessions run unrecorded meanwhile, so the rule does not wait.
//! - *The default version still holds what was approved before the latest one.* The next sweep moves it along; an editor's
//!   change must not look like a fault meanwhile. Where the guard may not move it, it is one.
//! - *CloudTrail's event history does not answer.* A sweep leaves a newer version that keeps the floor alone until the
//!   history answers, and an alarm tells people that it does not. This rule has no such alarm beside it, and may not claim
//!   without end what it does not know: as long as the history may be late anyway, the version is waited for like any
//!   other; then its author counts as unknown, and the document as not compliant.

use jiff::Timestamp;

use super::{Certainty, Evaluation, Finding, FindingCode, PreferencesFault, Resource};
use crate::approvals::Ignored;
use crate::explain;
use crate::facts::{Facts, LiveDocument};
use crate::judge::{Decision, Held, Reason, TRAIL_PATIENCE};
use crate::names::{Scope, Version};

/// What the judgement of a sweep comes to: one row for the document, and one for the account, in which it may be missing.
///
/// AWS Config wants to hear of a document that is deleted that the rule does not apply to it. That there is none is
/// therefore told of the account.
pub fn evaluations(decision: &Decision, facts: &Facts, scope: &Scope) -> Vec<Evaluation> {
    let findings = findings(decision, facts);
    let account = Resource::account(&scope.account);
    if let Some(LiveDocument::Absent) = &facts.document {
        return vec![
            Evaluation::not_applicable(Resource::preferences(), "there is no such document now"),
            Evaluation::new(account, findings),
        ];
    }
    vec![
        Evaluation::new(Resource::preferences(), findings),
        Evaluation::not_applicable(account, "the document is there and has a row of its own"),
    ]
}

fn findings(decision: &Decision, facts: &Facts) -> Vec<Finding> {
    let case = Case { decision, facts };
    let mut findings: Vec<Finding> = Vec::new();
    for reason in &decision.reasons {
        let Some((fault, certainty)) = case.fault(reason) else {
            continue;
        };
        findings.push(Finding {
            code: FindingCode::Preferences(fault),
            certainty,
            place: None,
            example: None,
            what: case.what(fault, reason),
            advice: case.advice(fault),
        });
    }
    findings
}

struct Case<'a> {
    decision: &'a Decision,
    facts: &'a Facts,
}

impl Case<'_> {
    /// What is wrong by this reason, and how sure that is; `None` where nothing is.
    fn fault(&self, reason: &Reason) -> Option<(PreferencesFault, Certainty)> {
        let fault = match reason {
            Reason::Missing | Reason::AwaitsReplacement => PreferencesFault::Missing,
            Reason::WrongType { .. } => PreferencesFault::WrongType,
            Reason::Unreadable { .. } => PreferencesFault::Unreadable,
            Reason::BelowFloor { .. } => PreferencesFault::BelowFloor,
            Reason::Shared { .. } => PreferencesFault::Shared,
            Reason::StrangersVersion { .. }
            | Reason::OwnButWrong { .. }
            | Reason::NeverKnown { .. }
            | Reason::Buried { .. }
            | Reason::Outdated { .. }
            | Reason::Unapproved { .. } => PreferencesFault::Drifted,
            // Of an older version it only tells why it never became the approved one.
            Reason::Refused { version, .. } if self.is_live(*version) => PreferencesFault::Drifted,
            Reason::DefaultMoved { .. } => PreferencesFault::DefaultMoved,
            Reason::DefaultLags { .. } => match self.decision.held {
                None => PreferencesFault::Waiting,
                Some(Held::ReportMode | Held::Suspended { .. }) => PreferencesFault::DefaultMoved,
            },
            Reason::Waiting { version } => return Some(self.waiting(*version)),
            Reason::ApprovalsIgnored(ignored) => match ignored {
                Ignored::Foreign { .. }
                | Ignored::Unreadable
                | Ignored::EditorNoLonger
                | Ignored::BelowFloor => PreferencesFault::ApprovalsIgnored,
                // A deployment with another baseline was somebody's decision.
                Ignored::OtherBaseline => return None,
            },
            // In order, or told along with another reason; and what no sweep says, which knows no actor and has met no
            // limit yet.
            Reason::HoldsApproved { .. }
            | Reason::Approved { .. }
            | Reason::Refused { .. }
            | Reason::Inherited { .. }
            | Reason::TrailFailed { .. }
            | Reason::CallFailed { .. }
            | Reason::NotAnEditor { .. }
            | Reason::IsEditor { .. }
            | Reason::IsGuard
            | Reason::Pending { .. }
            | Reason::Overtaken { .. }
            | Reason::RevertWar { .. }
            | Reason::VersionLimit => return None,
        };
        Some((fault, Certainty::Certain))
    }

    /// A newer version whose author is not known yet, or not any more to be waited for.
    fn waiting(&self, version: Version) -> (PreferencesFault, Certainty) {
        let failed = self.decision.reasons.iter().find_map(|reason| {
            let Reason::TrailFailed { why } = reason else {
                return None;
            };
            Some(why)
        });
        let fault = match failed {
            Some(_) if self.is_overdue(version) => PreferencesFault::Drifted,
            Some(_) | None => PreferencesFault::Waiting,
        };
        let why = failed.map_or_else(
            || "CloudTrail may take 30 minutes".to_owned(),
            |why| {
                format!(
                    "CloudTrail's event history did not answer: {}",
                    explain::plain(why, 80)
                )
            },
        );
        (fault, Certainty::Unknown { why })
    }

    /// Whether CloudTrail has had all the time that it may take; so it has for a version of which nobody knows the age.
    fn is_overdue(&self, version: Version) -> bool {
        let listed = self.facts.versions.iter().flatten();
        let created: Option<Timestamp> = listed
            .filter(|listed| listed.version == version)
            .map(|listed| listed.created)
            .max();
        created.is_none_or(|created| self.facts.now.duration_since(created) >= TRAIL_PATIENCE)
    }

    fn is_live(&self, version: Version) -> bool {
        match &self.facts.document {
            Some(LiveDocument::Present(live)) => version == live.latest || version == live.default,
            Some(LiveDocument::Absent) | None => false,
        }
    }

    fn what(&self, fault: PreferencesFault, reason: &Reason) -> String {
        let told = explain::reason(reason);
        match fault {
            PreferencesFault::Drifted => format!("{told}{}", self.differences()),
            PreferencesFault::Missing
            | PreferencesFault::WrongType
            | PreferencesFault::Unreadable
            | PreferencesFault::BelowFloor
            | PreferencesFault::Shared
            | PreferencesFault::DefaultMoved
            | PreferencesFault::Waiting
            | PreferencesFault::ApprovalsIgnored => told,
        }
    }

    /// The fields that differ, of which the first says most: they stand in the order of the document.
    fn differences(&self) -> String {
        let Some((first, others)) = self.decision.drift.split_first() else {
            return String::new();
        };
        let field = explain::plain(first.field.as_str(), 60);
        match others.len() {
            0 => format!(", and differs in {field}"),
            more => format!(", and differs in {field} and {more} more"),
        }
    }

    fn advice(&self, fault: PreferencesFault) -> String {
        match fault {
            PreferencesFault::Waiting => {
                "nothing is to be done: the guard's next sweeps settle it".to_owned()
            }
            PreferencesFault::ApprovalsIgnored => {
                "find out who may write the guard's parameters; the guard writes its own again"
                    .to_owned()
            }
            PreferencesFault::Missing
            | PreferencesFault::WrongType
            | PreferencesFault::Unreadable
            | PreferencesFault::BelowFloor
            | PreferencesFault::Shared
            | PreferencesFault::Drifted
            | PreferencesFault::DefaultMoved => self.cure(fault),
        }
    }

    /// What puts it right: the guard, unless it may not.
    fn cure(&self, fault: PreferencesFault) -> String {
        let by_hand = match fault {
            PreferencesFault::Missing => "create the document with the approved content",
            PreferencesFault::WrongType => "delete the document and create it as type Session",
            PreferencesFault::Shared => "stop sharing the document",
            PreferencesFault::DefaultMoved => "make the latest version the default one",
            PreferencesFault::Unreadable
            | PreferencesFault::BelowFloor
            | PreferencesFault::Drifted
            | PreferencesFault::Waiting
            | PreferencesFault::ApprovalsIgnored => "write the approved content back",
        };
        match &self.decision.held {
            None => {
                "the guard reverts it within minutes; if this stays, look at the guard's alarms"
                    .to_owned()
            }
            Some(Held::ReportMode) => {
                format!("{by_hand}, or let the guard do it: mode = \"revert\"")
            }
            Some(Held::Suspended { until, .. }) => {
                format!("{by_hand}: the charter suspends the guard until {until:.0}")
            }
        }
    }
}
