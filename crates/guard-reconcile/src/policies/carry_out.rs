//! Carries a plan out, one write at a time, each read back before the next is decided.

use guard_core::charter::Forbidden;
use guard_core::migration::Deed;
use guard_core::roles::{BearerName, Mandate, Next, Plan, Reason, next};

use super::look::{Depth, Look, look};
use super::write::{PAUSE, attempt, shown};
use crate::error::{AttachError, PoliciesError};
use crate::patience::patiently;
use crate::ports::AttachmentPorts;

/// More writes and looks than any plan takes; somebody who undoes them faster is for the next event.
const MOST_ROUNDS: usize = 30;

/// What was done of a plan.
#[derive(Debug, Default)]
pub struct Carried {
    /// Every write, as a sentence.
    pub done: Vec<String>,
    /// Why the rest was not done.
    pub stop: Option<Stop>,
}

/// Why a plan was not carried out to its end. The forbidden policy is where it was, unless it was detached last.
#[derive(Debug)]
pub enum Stop {
    /// Something is not as the plan has it; a second run would find the same.
    Surprise(Vec<Reason>),
    /// A call failed, or IAM does not show what was done; a second run may finish.
    Failed(PoliciesError),
}

impl<E: Into<PoliciesError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Carries out what is left of `plan`, beginning from `look`.
pub async fn carry_out<P: AttachmentPorts>(
    mandate: &Mandate,
    entry: &Forbidden,
    plan: &Plan,
    look: Look,
    ports: &P,
) -> Carried {
    let mut run = Run {
        mandate,
        entry,
        plan,
        bearer: BearerName {
            kind: plan.kind,
            name: plan.name.clone(),
        },
        depth: look.depth(),
        ports,
        done: Vec::new(),
    };
    let stop = run.finish(look).await.err();
    Carried {
        done: run.done,
        stop,
    }
}

struct Run<'a, P> {
    mandate: &'a Mandate,
    entry: &'a Forbidden,
    plan: &'a Plan,
    bearer: BearerName,
    depth: Depth,
    ports: &'a P,
    done: Vec<String>,
}

impl<P: AttachmentPorts> Run<'_, P> {
    async fn finish(&mut self, look: Look) -> Result<(), Stop> {
        let mut look = Some(look);
        for _ in 0..MOST_ROUNDS {
            let observed = look.as_ref().map(Look::observed);
            let now = self.ports.now();
            let (deed, policy) = match next(self.mandate, self.entry, self.plan, observed, now) {
                Next::Done => return Ok(()),
                Next::Stop(reasons) => return Err(Stop::Surprise(reasons)),
                Next::Attach(policy) => (Deed::Attach, policy),
                Next::Detach(policy) => (Deed::Detach, policy),
            };
            look = match look {
                Some(before) => self.write(deed, &policy, before).await?,
                None => None,
            };
        }
        let on = self.plan.name.clone();
        Err(PoliciesError::Unsettled { on }.into())
    }

    /// One write; answers what IAM shows afterwards.
    async fn write(
        &mut self,
        deed: Deed,
        policy: &str,
        before: Look,
    ) -> Result<Option<Look>, Stop> {
        match self.call(deed, policy).await {
            Ok(()) => {
                self.done.push(format!("{} `{policy}`", deed.done()));
                self.read_back(deed, policy, before).await
            }
            Err(AttachError::Conflict) => {
                self.ports.pause(PAUSE).await;
                self.look().await
            }
            Err(AttachError::Gone) => match self.look().await? {
                None => Ok(None),
                Some(_) => Err(Stop::Surprise(vec![Reason::SuccessorUnfit {
                    policy: policy.to_owned(),
                    why: "IAM does not know it".to_owned(),
                }])),
            },
            Err(AttachError::Quota) => Err(Stop::Surprise(vec![Reason::AtQuota {
                policy: policy.to_owned(),
            }])),
            Err(AttachError::Immutable) => Err(Stop::Surprise(vec![Reason::Immutable])),
            Err(AttachError::Port(error)) => Err(error.into()),
        }
    }

    async fn call(&self, deed: Deed, policy: &str) -> Result<(), AttachError> {
        let call = async || attempt(self.ports, deed, &self.bearer, policy).await;
        patiently(self.ports, call).await?
    }

    /// Whether a role was made anew under the name shows only in a whole look; so where the forbidden policy is gone
    /// without our doing, everything is read again.
    async fn read_back(
        &self,
        deed: Deed,
        policy: &str,
        before: Look,
    ) -> Result<Option<Look>, Stop> {
        let Some(attached) = shown(self.ports, deed, &self.bearer, policy).await? else {
            return Ok(None);
        };
        let look = before.with_attached(&attached, self.mandate, self.entry, self.ports);
        let look = look.await?;
        match deed {
            Deed::Attach if !look.carries(self.entry) => self.look().await,
            Deed::Attach | Deed::Detach => Ok(Some(look)),
        }
    }

    async fn look(&self) -> Result<Option<Look>, Stop> {
        let Self {
            mandate,
            entry,
            bearer,
            depth,
            ports,
            ..
        } = self;
        Ok(look(mandate, entry, bearer, *depth, *ports).await?)
    }
}
