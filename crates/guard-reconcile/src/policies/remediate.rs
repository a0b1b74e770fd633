//! A remediation: one role, user or group rid of the forbidden policies that it carries, by a plan that is made and
//! carried out at once.

use guard_core::charter::{Enforcement, Forbidden};
use guard_core::migration::{
    Accessed, BearerId, Facts, Outcome, Remedy, Surroundings, Told, remedy,
};
use guard_core::report::Done;
use guard_core::roles::{BearerName, Mandate, Reason};
use serde_json::Value;

use super::look::{Depth, Look, look};
use super::migrate::migrate;
use super::{Carried, Stop};
use crate::advisor::{self, NoAdvice, Wait};
use crate::error::{PoliciesError, PortError};
use crate::patience::{all_pages, patiently};
use crate::ports::{KeepRecord, RemediationPorts};

/// What came of one forbidden policy.
#[derive(Debug)]
pub struct Remedied {
    /// What became of it.
    pub outcome: Outcome,
    /// What was told, or was to be.
    pub report: Value,
    /// Why the policy is still there; `None` when it is not.
    pub problem: Option<String>,
    /// The call that failed on the way; of one that only told what was done, the next run tells nothing.
    pub failure: Option<PoliciesError>,
}

/// What came of everything that somebody carries.
#[derive(Debug, Default)]
pub struct Remediation {
    /// Of each forbidden policy that was found.
    pub policies: Vec<Remedied>,
    /// Why nothing could be decided about the others: the first failure.
    pub failure: Option<PoliciesError>,
}

/// Takes every forbidden policy off whoever has this id, where the charter and what they use let it be; a second run
/// finishes what one began, and then nothing is left to do. Nobody of that id, or one without such a policy, is no
/// failure: AWS Config repeats what it asked for. A policy that cannot be looked for keeps nobody from being rid of the
/// others.
pub async fn remediate<P: RemediationPorts, R: KeepRecord + Sync>(
    mandate: &Mandate,
    id: &BearerId,
    record: &R,
    ports: &P,
) -> Remediation {
    let mut run = Run {
        mandate,
        id,
        record,
        ports,
        advice: None,
    };
    let mut all = Remediation::default();
    for forbidden in mandate.charter().forbidden() {
        match run.about(forbidden).await {
            Ok(remedied) => all.policies.extend(remedied),
            Err(error) => {
                all.failure.get_or_insert(error);
            }
        }
    }
    all
}

/// A remediation on its way.
struct Run<'a, P, R> {
    mandate: &'a Mandate,
    id: &'a BearerId,
    record: &'a R,
    ports: &'a P,
    /// What was used, once it was asked: the answer takes its time, and is the same for every policy.
    advice: Option<Result<Accessed, NoAdvice>>,
}

impl<P: RemediationPorts, R: KeepRecord + Sync> Run<'_, P, R> {
    /// `None` when nobody of the id carries the policy, or is there any more.
    async fn about(&mut self, forbidden: &Forbidden) -> Result<Option<Remedied>, PoliciesError> {
        let began = self.ports.now();
        let Some(bearer) = self.holder(forbidden).await? else {
            return Ok(None);
        };
        // What a person may have migrated gets its successors, whatever becomes of the policy where it arrives.
        let replaced = Forbidden {
            enforcement: Enforcement::Replace,
            ..forbidden.clone()
        };
        let (mandate, ports) = (self.mandate, self.ports);
        let seen = look(mandate, &replaced, &bearer, Depth::Everything, ports).await?;
        let Some(seen) = seen.filter(|look| look.observed().bearer.id == self.id.as_str()) else {
            return Ok(None);
        };
        let remedy = self.remedy(forbidden, &seen).await;
        let carried = match &remedy {
            Remedy::Settled | Remedy::Stays(_) => Carried::default(),
            Remedy::Leaves { plan, .. } => {
                migrate(mandate, forbidden, plan, self.record, ports).await
            }
        };
        let (stopped, failure): (Vec<Reason>, _) = match carried.stop {
            None => (Vec::new(), None),
            Some(Stop::Surprise(reasons)) => (reasons, None),
            Some(Stop::Failed(error)) => (Vec::new(), Some(error)),
        };
        let failed = failure.as_ref().map(PoliciesError::told);
        let told = Told {
            bearer: seen.observed().bearer,
            forbidden,
            remedy: &remedy,
            stopped: &stopped,
            done: Done {
                steps: &carried.done,
                failed: failed.as_deref(),
                began,
                ended: ports.now(),
            },
        };
        let report = told.report(mandate);
        let untold = self.publish(told.outcome(), &report).await;
        Ok(Some(Remedied {
            outcome: told.outcome(),
            problem: told.problem(),
            report,
            failure: failure.or(untold),
        }))
    }

    /// Whoever has the id and carries the policy: IAM finds nobody by an id, but tells the ids of those who carry a
    /// policy.
    async fn holder(&self, forbidden: &Forbidden) -> Result<Option<BearerName>, PortError> {
        let call = async |after: Option<&str>| self.ports.holders(&forbidden.policy, after).await;
        let holders = all_pages(self.ports, call).await?;
        let mut holders = holders.into_iter();
        let found = holders.find(|holder| holder.id == self.id.as_str());
        Ok(found.map(|holder| holder.bearer))
    }

    async fn remedy(&mut self, forbidden: &Forbidden, seen: &Look) -> Remedy {
        let observed = seen.observed();
        if self.advice.is_none() {
            let arn = observed.bearer.arn.as_str();
            let advice = advisor::accessed(&[arn], Wait::Short, self.ports, || {}).await;
            self.advice = advice.into_iter().next();
        }
        let (accessed, silence) = match &self.advice {
            Some(Ok(accessed)) => (Some(accessed), None),
            Some(Err(why)) => (None, Some(why)),
            None => (None, None),
        };
        let facts = Facts {
            observed,
            accessed,
            surroundings: &Surroundings::default(),
            user_data: &[],
        };
        let mut remedy = remedy(self.mandate, forbidden, facts, self.ports.now());
        if let (Some(why), Remedy::Stays(entry) | Remedy::Leaves { entry, .. }) =
            (silence, &mut remedy)
        {
            entry.note_no_advice(&why.to_string());
        }
        remedy
    }

    async fn publish(&self, outcome: Outcome, report: &Value) -> Option<PoliciesError> {
        match outcome {
            Outcome::Settled => None,
            Outcome::Stays | Outcome::StillAttached | Outcome::Migrated => {
                let call = async || self.ports.publish(report).await;
                let published = patiently(self.ports, call).await;
                published.err().map(PoliciesError::Untold)
            }
        }
    }
}
