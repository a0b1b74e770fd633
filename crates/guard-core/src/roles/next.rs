//! What to do next on the way of a plan: asked anew after every step, of what IAM says then.
//!
//! Whoever repeats, crashes, comes late or runs beside somebody else comes to the same end: each answer rests on the
//! role as it is and on nothing that was done before.

use jiff::Timestamp;

use super::hindrance::hindrance;
use super::judge::{Observed, attached, carries, denies};
use super::keep::lost;
use super::mandate::Mandate;
use super::plan::Plan;
use super::reason::Reason;
use super::successor::{document, leaves};
use crate::charter::{Forbidden, Purpose, is_same};
use crate::inventory::{Bearer, BearerKind};
use crate::migration::lost_services;
use crate::trust::{Assumable, by_instances};

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// Attach this successor, and read again.
    Attach(String),
    /// Take the forbidden policy off, and read again.
    Detach(String),
    /// Nothing: the forbidden policy is off.
    Done,
    /// Nothing, and something is not as the plan has it: the forbidden policy stays where it is.
    Stop(Vec<Reason>),
}

/// What to do next about `plan`, in view of what is `observed` now; `None` when whoever carried the policy is gone.
pub fn next(
    mandate: &Mandate,
    entry: &Forbidden,
    plan: &Plan,
    observed: Option<Observed<'_>>,
    now: Timestamp,
) -> Next {
    let Some(observed) = observed else {
        return Next::Stop(vec![Reason::Gone]);
    };
    let bearer = observed.bearer;
    if bearer.id != plan.id || bearer.kind != plan.kind || bearer.arn != plan.arn {
        return Next::Stop(vec![Reason::AnotherBearer]);
    }
    if attached(bearer, entry).is_none() {
        return Next::Done;
    }
    if denies(bearer, entry) {
        return Next::Stop(vec![Reason::Denies]);
    }
    if let Some(hindrance) = hindrance(mandate, bearer, now) {
        return Next::Stop(vec![hindrance]);
    }
    let is_of_instances = match bearer.kind {
        BearerKind::User | BearerKind::Group => false,
        BearerKind::Role => {
            match by_instances(
                bearer.trust.as_ref(),
                mandate.scope(),
                mandate.charter().regions(),
            ) {
                Assumable::Yes => true,
                Assumable::No => false,
                Assumable::Unknown { why } => {
                    return Next::Stop(vec![Reason::TrustUnknown { why }]);
                }
            }
        }
    };
    if !is_of_instances {
        if !plan.attach.is_empty() {
            return Next::Stop(vec![Reason::NotOfInstances]);
        }
        return detach(mandate, entry, plan, bearer);
    }
    let missing = plan
        .attach
        .iter()
        .find(|planned| !carries(bearer, |arn| is_same(arn, planned)));
    if let Some(planned) = missing {
        return attach(mandate, entry, planned, observed);
    }
    let lost = lost(bearer, mandate.needs(), &leaves(mandate), &[]);
    if lost.is_empty() {
        detach(mandate, entry, plan, bearer)
    } else {
        Next::Stop(vec![Reason::LogLost { lost }])
    }
}

/// What was used when the plan was made has to be granted by what is there now.
fn detach(mandate: &Mandate, entry: &Forbidden, plan: &Plan, bearer: &Bearer) -> Next {
    let lost = lost_services(bearer, entry, &leaves(mandate), &plan.keeps);
    if lost.is_empty() {
        return match attached(bearer, entry) {
            Some(forbidden) => Next::Detach(forbidden.to_owned()),
            None => Next::Done,
        };
    }
    let lost = lost.into_iter();
    Next::Stop(
        lost.map(|service| Reason::ServiceLost { service })
            .collect(),
    )
}

/// A plan is a file that somebody may have changed: nothing is attached that the charter does not name and pin.
fn attach(mandate: &Mandate, entry: &Forbidden, planned: &str, observed: Observed<'_>) -> Next {
    let Some(successor) = entry.successors.iter().find(|it| it.policy == planned) else {
        let (policy, why) = (
            planned.to_owned(),
            "the charter does not name it".to_owned(),
        );
        return Next::Stop(vec![Reason::SuccessorUnfit { policy, why }]);
    };
    if !successor.is_used(&entry.agent_uses) {
        let purpose: Purpose = successor.purpose;
        let why = format!("the charter does not say that {purpose} is used");
        let policy = planned.to_owned();
        return Next::Stop(vec![Reason::SuccessorUnfit { policy, why }]);
    }
    match document(mandate, successor, observed) {
        Ok(_) => Next::Attach(planned.to_owned()),
        Err(reasons) => Next::Stop(reasons),
    }
}
