//! A remediation: one role, user or group rid of the forbidden policies that it carries, by a plan that is made and
//! carried out at once.

use guard_core::charter::{Enforcement, Forbidden};
use guard_core::migration::{BearerId, Facts, Remedy, Surroundings, Told, remedy};
use guard_core::report::Done;
use guard_core::roles::{BearerName, Mandate, Reason};
use serde_json::Value;

use super::look::{Depth, Look, look};
use super::migrate::migrate;
use super::{Carried, Stop};
use crate::advisor::{self, Wait};
use crate::error::{PoliciesError, PortError};
use crate::patience::{all_pages, patiently};
use crate::ports::{KeepRecord, RemediationPorts};

/// What came of one forbidden policy.
#[derive(Debug)]
pub struct Remedied {
    /// What was ruled.
    pub remedy: Remedy,
    /// What was told, or was to be.
    pub report: Value,
    /// Why the policy is still there; `None` when it is not.
    pub problem: Option<String>,
    /// Why another run may come further.
    pub failure: Option<PoliciesError>,
}

/// Takes every forbidden policy off whoever has this id, where the charter and what they use let it be; a second run
/// finishes what one began, and then nothing is left to do. Nobody of that id, or one without such a policy, is no
/// failure: AWS Config repeats what it asked for.
///
/// An error means that nothing could be decided about a policy; of those before it everything is done and told.
pub async fn remediate<P: RemediationPorts, R: KeepRecord + Sync>(
    mandate: &Mandate,
    id: &BearerId,
    record: &R,
    ports: &P,
) -> Result<Vec<Remedied>, PoliciesError> {
    let mut all = Vec::new();
    for forbidden in mandate.charter().forbidden() {
        let Some(bearer) = holder(forbidden, id, ports).await? else {
            continue;
        };
        let case = Case {
            mandate,
            forbidden,
            ports,
        };
        all.extend(case.remedied(&bearer, id, record).await?);
    }
    Ok(all)
}

/// Whoever has the id and carries the policy: IAM finds nobody by an id, but tells the ids of those who carry a policy.
async fn holder<P: RemediationPorts>(
    forbidden: &Forbidden,
    id: &BearerId,
    ports: &P,
) -> Result<Option<BearerName>, PortError> {
    let call = async |after: Option<&str>| ports.holders(&forbidden.policy, after).await;
    let holders = all_pages(ports, call).await?;
    let found = holders.into_iter().find(|holder| holder.id == id.as_str());
    Ok(found.map(|holder| holder.bearer))
}

/// One forbidden policy.
struct Case<'a, P> {
    mandate: &'a Mandate,
    forbidden: &'a Forbidden,
    ports: &'a P,
}

impl<P: RemediationPorts> Case<'_, P> {
    /// `None` when whoever was found is gone by now.
    async fn remedied<R: KeepRecord + Sync>(
        &self,
        bearer: &BearerName,
        id: &BearerId,
        record: &R,
    ) -> Result<Option<Remedied>, PoliciesError> {
        let began = self.ports.now();
        // What a person may have migrated gets its successors, whatever becomes of the policy where it arrives.
        let replaced = Forbidden {
            enforcement: Enforcement::Replace,
            ..self.forbidden.clone()
        };
        let (mandate, ports) = (self.mandate, self.ports);
        let seen = look(mandate, &replaced, bearer, Depth::Everything, ports).await?;
        let Some(seen) = seen.filter(|look| look.observed().bearer.id == id.as_str()) else {
            return Ok(None);
        };
        let remedy = self.remedy(&seen).await;
        let carried = match &remedy {
            Remedy::Settled | Remedy::Stays(_) => Carried::default(),
            Remedy::Leaves { plan, .. } => {
                migrate(mandate, self.forbidden, plan, record, ports).await
            }
        };
        let Carried { done, stop } = carried;
        let (stopped, failure): (Vec<Reason>, _) = match stop {
            None => (Vec::new(), None),
            Some(Stop::Surprise(reasons)) => (reasons, None),
            Some(Stop::Failed(error)) => (Vec::new(), Some(error)),
        };
        let failed = failure.as_ref().map(PoliciesError::told);
        let told = Told {
            bearer: seen.observed().bearer,
            forbidden: self.forbidden,
            remedy: &remedy,
            stopped: &stopped,
            done: Done {
                steps: &done,
                failed: failed.as_deref(),
                began,
                ended: ports.now(),
            },
        };
        let (report, problem) = (told.report(mandate), told.failure());
        let untold = match &remedy {
            Remedy::Settled => None,
            Remedy::Stays(_) | Remedy::Leaves { .. } => {
                let published = patiently(ports, async || ports.publish(&report).await).await;
                published.err().map(PoliciesError::Untold)
            }
        };
        Ok(Some(Remedied {
            remedy,
            report,
            problem,
            failure: failure.or(untold),
        }))
    }

    async fn remedy(&self, seen: &Look) -> Remedy {
        let observed = seen.observed();
        let arn = observed.bearer.arn.as_str();
        let advice = advisor::accessed(&[arn], Wait::Short, self.ports, || {}).await;
        let advice = advice.into_iter().next();
        let (accessed, silence) = match &advice {
            Some(Ok(accessed)) => (Some(accessed), None),
            Some(Err(why)) => (None, Some(why)),
            None => (None, None),
        };
        let facts = Facts {
            observed,
            accessed,
            surroundings: &Surroundings::default(),
        };
        let mut remedy = remedy(self.mandate, self.forbidden, facts, self.ports.now());
        if let (Some(why), Remedy::Stays(entry) | Remedy::Leaves { entry, .. }) =
            (silence, &mut remedy)
        {
            entry.note_no_advice(&why.to_string());
        }
        remedy
    }
}
