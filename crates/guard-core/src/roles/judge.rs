//! The ruling on one role, user or group that carries a forbidden policy.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::change::Change;
use super::copies::copied;
use super::hindrance::hindrance;
use super::keep::lost;
use super::mandate::Mandate;
use super::plan::Plan;
use super::reason::Reason;
use super::successor::{document, leaves};
use crate::charter::{Enforcement, Forbidden, Purpose, Successor};
use crate::inventory::{Bearer, BearerKind, Document, Source};
use crate::policy::{Effect, PolicyDocument};
use crate::trust::{Assumable, by_instances};

/// What IAM says now.
#[derive(Debug, Clone, Copy)]
pub struct Observed<'a> {
    /// The role, user or group with everything that it carries.
    pub bearer: &'a Bearer,
    /// What successors say that are the account's own, by their ARNs; what is not here is not known.
    pub successors: &'a BTreeMap<String, Document>,
}

/// What comes of it, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Ruling {
    /// What comes of it.
    pub conclusion: Conclusion,
    /// Why, the facts first.
    pub reasons: Vec<Reason>,
}

/// What comes of a forbidden policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conclusion {
    /// It is not there: nothing is left to do or to tell.
    Settled,
    /// It is told.
    Report {
        /// What would be done, were it to be done.
        would: Option<Plan>,
    },
    /// It is done.
    Act(Plan),
}

impl Ruling {
    /// The ruling on a call that failed, and so changed nothing: it is told, whatever it was about.
    pub fn of_failed(change: &Change) -> Self {
        let code = change.failure.as_ref().map(|failure| failure.code.clone());
        let code = code.unwrap_or_default();
        Self {
            conclusion: Conclusion::Report { would: None },
            reasons: vec![Reason::CallFailed { code }],
        }
    }

    /// Whether there is anything to tell.
    pub fn is_news(&self) -> bool {
        self.conclusion != Conclusion::Settled
    }

    /// Whether people are to be alerted.
    pub fn is_alert(&self) -> bool {
        match self.conclusion {
            Conclusion::Settled => false,
            Conclusion::Act(_) => true,
            Conclusion::Report { .. } => !self.reasons.iter().any(Reason::calms),
        }
    }

    /// The ruling on what is over by now, and why it is.
    pub fn overtaken(why: Reason) -> Self {
        Self {
            conclusion: Conclusion::Report { would: None },
            reasons: vec![Reason::Overtaken, why],
        }
    }

    /// The ruling on what is nobody's business.
    pub fn settled(why: Reason) -> Self {
        Self {
            conclusion: Conclusion::Settled,
            reasons: vec![why],
        }
    }
}

/// Judges what `observed` carries of the forbidden policy.
pub fn judge(
    mandate: &Mandate,
    entry: &Forbidden,
    observed: Observed<'_>,
    now: Timestamp,
) -> Ruling {
    let how = How {
        enforcement: entry.enforcement,
        is_used: &|_| true,
    };
    judge_as(mandate, entry, how, observed, now)
}

/// How a policy is to leave.
#[derive(Clone, Copy)]
pub(crate) struct How<'a> {
    /// In place of the charter's own enforcement.
    pub(crate) enforcement: Enforcement,
    /// Which successors serve anything.
    pub(crate) is_used: &'a dyn Fn(&Successor) -> bool,
}

/// The same in another way than the charter's own.
pub(crate) fn judge_as(
    mandate: &Mandate,
    entry: &Forbidden,
    how: How<'_>,
    observed: Observed<'_>,
    now: Timestamp,
) -> Ruling {
    let bearer = observed.bearer;
    let mut reasons = Vec::new();
    if let Some(policy) = boundary(bearer, entry) {
        reasons.push(Reason::IsBoundary {
            policy: policy.to_owned(),
        });
    }
    let Some(policy) = attached(bearer, entry) else {
        let conclusion = if reasons.is_empty() {
            Conclusion::Settled
        } else {
            Conclusion::Report { would: None }
        };
        reasons.push(Reason::NotAttached);
        return Ruling {
            conclusion,
            reasons,
        };
    };
    reasons.push(Reason::Attached {
        policy: policy.to_owned(),
    });
    if let Some(hindrance) = hindrance(mandate, bearer, now) {
        reasons.push(hindrance);
        let conclusion = Conclusion::Report { would: None };
        return Ruling {
            conclusion,
            reasons,
        };
    }
    let plan = match plan(mandate, entry, how, observed) {
        Ok((plan, more)) => {
            reasons.extend(more);
            Some(plan)
        }
        Err(more) => {
            reasons.extend(more);
            None
        }
    };
    let holds_still = match how.enforcement {
        Enforcement::Report => Some(Reason::OnlyReported),
        Enforcement::Detach | Enforcement::Replace => {
            (!mandate.acts_at(now)).then_some(Reason::HoldsStill)
        }
    };
    let is_still = holds_still.is_some();
    reasons.extend(holds_still);
    let conclusion = match plan {
        Some(plan) if !is_still => Conclusion::Act(plan),
        would @ (Some(_) | None) => Conclusion::Report { would },
    };
    Ruling {
        conclusion,
        reasons,
    }
}

/// Judges the text of a policy of the account's own, which is told of and never changed.
pub fn judge_text(mandate: &Mandate, document: &Document) -> Ruling {
    let reason = match document {
        Document::Unknown(why) => Reason::Unreadable {
            why: why.to_string(),
        },
        Document::Known(document) => {
            let is_forbidden = mandate
                .charter()
                .forbidden()
                .iter()
                .any(Forbidden::is_deprecated);
            match copied(document, mandate.scope()).filter(|_| is_forbidden) {
                Some(copied) => Reason::Copied {
                    statement: copied.statement,
                    on: copied.on,
                },
                None => {
                    return Ruling {
                        conclusion: Conclusion::Settled,
                        reasons: vec![Reason::NotCopied],
                    };
                }
            }
        }
    };
    Ruling {
        conclusion: Conclusion::Report { would: None },
        reasons: vec![reason],
    }
}

/// How the policy leaves the bearer, or why it cannot; a report says what replacing would do.
fn plan(
    mandate: &Mandate,
    entry: &Forbidden,
    how: How<'_>,
    observed: Observed<'_>,
) -> Result<(Plan, Vec<Reason>), Vec<Reason>> {
    let bearer = observed.bearer;
    let Some(policy) = attached(bearer, entry) else {
        return Err(vec![Reason::NotAttached]);
    };
    if denies(bearer, entry) {
        return Err(vec![Reason::Denies]);
    }
    let alone = |reasons| Ok((Plan::new(bearer, policy, Vec::new()), reasons));
    match bearer.kind {
        BearerKind::User | BearerKind::Group => return alone(Vec::new()),
        BearerKind::Role => {}
    }
    match by_instances(
        bearer.trust.as_ref(),
        mandate.scope(),
        mandate.charter().regions(),
    ) {
        Assumable::No => return alone(vec![Reason::NotOfInstances]),
        Assumable::Unknown { why } => return Err(vec![Reason::TrustUnknown { why }]),
        Assumable::Yes => {}
    }
    let successors = match how.enforcement {
        Enforcement::Detach => Vec::new(),
        Enforcement::Report | Enforcement::Replace => successors(mandate, entry, how, observed)?,
    };
    let mut documents = Vec::new();
    for successor in &successors {
        let document = document(mandate, successor, observed)?;
        // A role that gets the agent's policy for the agent alone is not to rest its sessions' records on it.
        if successor.purpose != Purpose::CloudwatchAgent {
            documents.push(document);
        }
    }
    let documents: Vec<&PolicyDocument> = documents.iter().collect();
    let lost = lost(bearer, mandate.needs(), &leaves(mandate), &documents);
    if lost.is_empty() {
        let attach = successors.iter().map(|it| it.policy.clone()).collect();
        return Ok((Plan::new(bearer, policy, attach), Vec::new()));
    }
    let mut reasons = vec![Reason::LogLost { lost }];
    if entry
        .successors_for(Purpose::SessionLogging)
        .next()
        .is_none()
    {
        reasons.push(Reason::NoSuccessor {
            purpose: Purpose::SessionLogging,
        });
    }
    Err(reasons)
}

/// The successors that the role lacks, without the one for logging where sessions stay recorded all the same.
fn successors<'a>(
    mandate: &Mandate,
    entry: &'a Forbidden,
    how: How<'_>,
    observed: Observed<'_>,
) -> Result<Vec<&'a Successor>, Vec<Reason>> {
    let lacks = |successor: &&Successor| {
        !carries(observed.bearer, |arn| successor.is(arn))
            && successor.is_used(&entry.agent_uses)
            && (how.is_used)(successor)
    };
    let mut all: Vec<&Successor> = entry.successors.iter().filter(lacks).collect();
    // Last, so that a run that begins again finds no record resting on it.
    all.sort_by_key(|successor| successor.purpose == Purpose::CloudwatchAgent);
    let of_logging = |successor: &&&Successor| successor.purpose == Purpose::SessionLogging;
    let mut documents = Vec::new();
    for successor in all
        .iter()
        .filter(|it| !of_logging(it) && it.purpose != Purpose::CloudwatchAgent)
    {
        documents.push(document(mandate, successor, observed)?);
    }
    let documents: Vec<&PolicyDocument> = documents.iter().collect();
    let lost = lost(
        observed.bearer,
        mandate.needs(),
        &leaves(mandate),
        &documents,
    );
    Ok(all
        .into_iter()
        .filter(|it| !lost.is_empty() || !of_logging(&it))
        .collect())
}

/// The forbidden policy as IAM spells it, where it is attached to the bearer itself.
pub(super) fn attached<'b>(bearer: &'b Bearer, entry: &Forbidden) -> Option<&'b str> {
    own(bearer).find(|arn| entry.is(arn))
}

/// Whether the forbidden policy denies anything, as far as it is known: taken off, it would set its bearer free.
pub(super) fn denies(bearer: &Bearer, entry: &Forbidden) -> bool {
    let mut policies = bearer.policies.iter();
    policies.any(|carried| match (&carried.source, &carried.document) {
        (Source::Managed { arn }, Document::Known(document)) if entry.is(arn) => {
            let mut statements = document.statements.iter();
            statements.any(|statement| statement.effect == Effect::Deny)
        }
        _ => false,
    })
}

fn boundary<'b>(bearer: &'b Bearer, entry: &Forbidden) -> Option<&'b str> {
    match &bearer.boundary.as_ref()?.source {
        Source::Managed { arn } if entry.is(arn) => Some(arn),
        Source::Managed { .. }
        | Source::Inline { .. }
        | Source::GroupInline { .. }
        | Source::GroupManaged { .. }
        | Source::Group { .. } => None,
    }
}

pub(super) fn carries(bearer: &Bearer, is_it: impl Fn(&str) -> bool) -> bool {
    own(bearer).any(is_it)
}

/// The managed policies that are attached to the bearer itself.
fn own(bearer: &Bearer) -> impl Iterator<Item = &str> {
    bearer
        .policies
        .iter()
        .filter_map(|carried| match &carried.source {
            Source::Managed { arn } => Some(arn.as_str()),
            Source::Inline { .. }
            | Source::GroupInline { .. }
            | Source::GroupManaged { .. }
            | Source::Group { .. } => None,
        })
}
