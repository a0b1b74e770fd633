//! Forbidden policies where they arrive: look, rule, act, tell.

mod carry_out;
mod look;
mod migrate;
mod remediate;
mod undo;
mod write;

use guard_core::charter::Forbidden;
use guard_core::inventory::Document;
use guard_core::report::{Done, Report};
use guard_core::roles::{
    BearerName, Change, Conclusion, Mandate, Operation, PolicyName, Reason, Ruling, judge,
    judge_text, report,
};

use crate::error::{PoliciesError, PortError};
use crate::patience::patiently;
use crate::ports::PolicyPorts;

pub use carry_out::{Carried, Stop, carry_out};
pub use look::{Depth, Look, look};
pub use migrate::migrate;
pub use remediate::{Remediation, Remedied, remediate};
pub use undo::{Barred, Undone, undo};

/// What one run came to.
#[derive(Debug)]
pub struct Outcome {
    /// What was ruled.
    pub ruling: Ruling,
    /// Why the plan was not carried out to its end although no call failed.
    pub stopped: Vec<Reason>,
    /// What was told, or was to be.
    pub report: Report,
    /// Why the run is to be repeated although something was decided.
    pub failure: Option<PoliciesError>,
}

/// Deals with what `change` brought to somebody, as far as the charter wants it and what is read allows it.
///
/// An error means that nothing could be decided. A run that decided and could not do all of it tells so like any other.
pub async fn mind<P: PolicyPorts>(
    mandate: &Mandate,
    change: &Change,
    ports: &P,
) -> Result<Outcome, PoliciesError> {
    let began = ports.now();
    let ruled = rule(mandate, change, ports).await?;
    let Ruled { ruling, look } = ruled;
    let mut carried = Carried::default();
    if let (Conclusion::Act(plan), Some((entry, look))) = (&ruling.conclusion, look) {
        carried = carry_out(mandate, entry, plan, look, ports).await;
    }
    let Carried { done, stop } = carried;
    let (stopped, failure) = match stop {
        None => (Vec::new(), None),
        Some(Stop::Surprise(reasons)) => (reasons, None),
        Some(Stop::Failed(error)) => (Vec::new(), Some(error)),
    };
    let failed = failure.as_ref().map(PoliciesError::told);
    let all = Done {
        steps: &done,
        failed: failed.as_deref(),
        began,
        ended: ports.now(),
    };
    let report = report(mandate, change, &ruling, &stopped, all);
    let untold = tell(ports, &report).await.err().map(PoliciesError::Untold);
    Ok(Outcome {
        ruling,
        stopped,
        report,
        failure: failure.or(untold),
    })
}

/// Both ways are tried: a run that fails is repeated, and the first failure is the one to tell.
async fn tell<P: PolicyPorts>(ports: &P, report: &Report) -> Result<(), PortError> {
    let published = if report.is_news {
        patiently(ports, async || ports.publish(&report.body).await).await
    } else {
        Ok(())
    };
    let alerted = match &report.alert {
        Some(alert) => {
            let call = async || ports.alert(&alert.subject, &alert.text).await;
            patiently(ports, call).await
        }
        None => Ok(()),
    };
    published.and(alerted)
}

/// A ruling, and what it rests on where it may have to be carried out.
struct Ruled<'a> {
    ruling: Ruling,
    look: Option<(&'a Forbidden, Look)>,
}

impl From<Ruling> for Ruled<'_> {
    fn from(ruling: Ruling) -> Self {
        Self { ruling, look: None }
    }
}

async fn rule<'a, P: PolicyPorts>(
    mandate: &'a Mandate,
    change: &Change,
    ports: &P,
) -> Result<Ruled<'a>, PoliciesError> {
    match &change.operation {
        Operation::Attached { .. } | Operation::Bounded { .. } if change.failure.is_some() => {
            Ok(Ruling::of_failed(change).into())
        }
        Operation::Attached { bearer, policy } | Operation::Bounded { bearer, policy } => {
            on_bearer(mandate, change, bearer, policy, ports).await
        }
        Operation::Wrote { policy, text } => {
            let document = match (text, &change.failure) {
                (Some(text), _) => Some(Document::read(text)),
                // It says nowhere what would have been written.
                (None, Some(_)) => None,
                (None, None) => text_of(policy, ports).await?,
            };
            let Some(document) = document else {
                return Ok(Ruling::settled(Reason::Gone).into());
            };
            let ruling = judge_text(mandate, &document);
            let ruling = match &change.failure {
                _ if !ruling.is_news() => ruling,
                Some(_) => Ruling::of_failed(change),
                None => about(mandate, policy, ruling, ports).await,
            };
            Ok(ruling.into())
        }
    }
}

async fn on_bearer<'a, P: PolicyPorts>(
    mandate: &'a Mandate,
    change: &Change,
    bearer: &BearerName,
    policy: &str,
    ports: &P,
) -> Result<Ruled<'a>, PoliciesError> {
    let Some(entry) = mandate.charter().forbids(policy) else {
        return Ok(Ruling::settled(Reason::NotAttached).into());
    };
    let is_attached = match change.operation {
        Operation::Attached { .. } => true,
        Operation::Bounded { .. } | Operation::Wrote { .. } => false,
    };
    let mut seen = look(mandate, entry, bearer, Depth::Ruling, ports).await?;
    for pause in look::pauses(change, ports.now()) {
        let is_there = seen
            .as_ref()
            .is_some_and(|look| !is_attached || look.carries(entry));
        if is_there {
            break;
        }
        ports.pause(pause).await;
        if look::is_shown(entry, bearer, ports).await? {
            seen = look(mandate, entry, bearer, Depth::Ruling, ports).await?;
        }
    }
    let Some(look) = seen else {
        return Ok(Ruling::overtaken(Reason::Gone).into());
    };
    let ruling = judge(mandate, entry, look.observed(), ports.now());
    // Whoever took it off again has had it meanwhile, and that is worth telling.
    if !ruling.is_news() {
        return Ok(Ruling::overtaken(Reason::NotAttached).into());
    }
    let look = Some((entry, look));
    Ok(Ruled { ruling, look })
}

/// The ruling on a text, which the charter may exempt whoever it was put into from. Whom nobody can read is not exempt.
async fn about<P: PolicyPorts>(
    mandate: &Mandate,
    policy: &PolicyName,
    ruling: Ruling,
    ports: &P,
) -> Ruling {
    let BearerName { kind, name } = match policy {
        PolicyName::Inline { bearer, .. } => bearer,
        PolicyName::Managed { .. } => return ruling,
    };
    match patiently(ports, async || ports.entity(*kind, name).await).await {
        Ok(Some(entity)) => ruling.about(&entity, mandate, ports.now()),
        Ok(None) | Err(_) => ruling,
    }
}

/// What a policy says of which the record did not hold the text; `None` when it is gone.
async fn text_of<P: PolicyPorts>(
    policy: &PolicyName,
    ports: &P,
) -> Result<Option<Document>, PoliciesError> {
    match policy {
        PolicyName::Managed { arn, version } => {
            let call = async || match version {
                Some(version) => ports.version(arn, version).await,
                None => ports.policy(arn).await,
            };
            Ok(patiently(ports, call).await?)
        }
        PolicyName::Inline { bearer, name } => {
            let BearerName { kind, name: whose } = bearer;
            let entity = patiently(ports, async || ports.entity(*kind, whose).await).await?;
            Ok(entity.and_then(|entity| entity.inline(name).cloned()))
        }
    }
}
