//! Puts back what a migration did to somebody, by its record.

use guard_core::migration::{Back, Course, Deed, Mark, Obstacle, Outstanding, Standing};
use guard_core::roles::BearerName;

use super::migrate::Book;
use super::write::{PAUSE, attempt, shown};
use crate::error::{AttachError, PoliciesError, PortError};
use crate::patience::patiently;
use crate::ports::{AttachmentPorts, KeepRecord};

/// More rounds than any record takes; somebody who does the same the other way round is for people to talk to.
const MOST_ROUNDS: usize = 60;

/// What was put back.
#[derive(Debug, Default)]
pub struct Undone {
    /// Every write, as a sentence.
    pub done: Vec<String>,
    /// The policy that a person has to attach; then another run finishes.
    pub by_hand: Option<String>,
    /// Why the rest was not put back.
    pub stop: Option<Barred>,
}

/// Why something was not put back.
#[derive(Debug)]
pub enum Barred {
    /// Something is not as the record has it; another run would find the same.
    By(Obstacle),
    /// A call failed, or IAM does not show what was done; another run may finish.
    Failed(PoliciesError),
}

impl<E: Into<PoliciesError>> From<E> for Barred {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Puts back what stands: first the forbidden policy, then what came in its place leaves.
pub async fn undo<P: AttachmentPorts, R: KeepRecord + Sync>(
    outstanding: Outstanding,
    record: &R,
    ports: &P,
) -> Undone {
    let mut run = Run {
        outstanding,
        record,
        ports,
        shown: None,
        undone: Undone::default(),
    };
    run.undone.stop = run.finish().await.err();
    run.undone
}

struct Run<'a, P, R> {
    outstanding: Outstanding,
    record: &'a R,
    ports: &'a P,
    /// What is attached, once IAM has shown what was done.
    shown: Option<Vec<String>>,
    undone: Undone,
}

impl<P: AttachmentPorts, R: KeepRecord + Sync> Run<'_, P, R> {
    async fn finish(&mut self) -> Result<(), Barred> {
        for _ in 0..MOST_ROUNDS {
            match self.next().await? {
                Back::Done => return Ok(()),
                Back::Stop(obstacle) => return Err(Barred::By(obstacle)),
                Back::ByHand { policy } => {
                    self.undone.by_hand = Some(policy);
                    return Ok(());
                }
                Back::Settled { deed, policy } => self.settle(deed, &policy)?,
                Back::Call { deed, policy } => self.write(deed, &policy).await?,
            }
        }
        Err(self.unsettled())
    }

    /// Read again before every step, since only the id tells a role from one that was made anew under its name.
    async fn next(&self) -> Result<Back, PortError> {
        let whom = &self.outstanding.whom;
        let ports = self.ports;
        let entity = patiently(ports, async || ports.entity(whom.kind, &whom.name).await).await?;
        let standing = entity.as_ref().map(|entity| Standing {
            id: entity.id(),
            attached: self.shown.as_deref().unwrap_or(entity.attached()),
        });
        Ok(self.outstanding.next(standing))
    }

    fn settle(&mut self, deed: Deed, policy: &str) -> Result<(), PortError> {
        self.book()
            .note(Mark::Done, deed, policy, self.ports.now())?;
        self.outstanding.settle_first();
        Ok(())
    }

    async fn write(&mut self, deed: Deed, policy: &str) -> Result<(), Barred> {
        match self.call(deed, policy).await {
            Ok(()) => {
                self.undone.done.push(format!("{} `{policy}`", deed.done()));
                self.read_back(deed, policy).await
            }
            Err(AttachError::Conflict) => {
                self.shown = None;
                self.ports.pause(PAUSE).await;
                Ok(())
            }
            Err(AttachError::Gone) => Err(Barred::By(match self.attached().await? {
                None => Obstacle::Gone,
                Some(_) => Obstacle::PolicyGone,
            })),
            Err(AttachError::Quota) => Err(Barred::By(Obstacle::AtQuota)),
            Err(AttachError::Immutable) => Err(Barred::By(Obstacle::Immutable)),
            Err(AttachError::Port(error)) => Err(error.into()),
        }
    }

    async fn call(&self, deed: Deed, policy: &str) -> Result<(), AttachError> {
        let bearer = self.bearer();
        let call = async || {
            let now = || self.ports.now();
            self.book().note(Mark::Begins, deed, policy, now())?;
            attempt(self.ports, deed, &bearer, policy).await
        };
        patiently(self.ports, call).await?
    }

    /// What was put back counts once IAM shows it.
    async fn read_back(&mut self, deed: Deed, policy: &str) -> Result<(), Barred> {
        match shown(self.ports, deed, &self.bearer(), policy).await? {
            None => Err(Barred::By(Obstacle::Gone)),
            Some(attached) => {
                self.shown = Some(attached);
                Ok(self.settle(deed, policy)?)
            }
        }
    }

    async fn attached(&self) -> Result<Option<Vec<String>>, PortError> {
        let whom = &self.outstanding.whom;
        let ports = self.ports;
        patiently(ports, async || ports.attached(whom.kind, &whom.name).await).await
    }

    fn unsettled(&self) -> Barred {
        let on = self.outstanding.whom.name.clone();
        PoliciesError::Unsettled { on }.into()
    }

    fn bearer(&self) -> BearerName {
        let whom = &self.outstanding.whom;
        BearerName {
            kind: whom.kind,
            name: whom.name.clone(),
        }
    }

    fn book(&self) -> Book<'_, R> {
        Book {
            record: self.record,
            course: Course::Undo,
            whom: &self.outstanding.whom,
            forbidden: &self.outstanding.forbidden,
        }
    }
}
