//! One run: gather, judge, act, tell.

use guard_core::judge::{Decision, Trigger};
use guard_core::mandate::Mandate;
use guard_core::report::{Done, Report, report};

use crate::apply::{Contested, Setback, carry_out};
use crate::error::{PortError, ReconcileError};
use crate::gather::{FIRST_PAUSE, Judged, MOST_ATTEMPTS, judged};
use crate::ports::Ports;

/// What one run came to.
#[derive(Debug)]
pub struct Outcome {
    /// What was decided, of all attempts of which anything was done.
    pub decision: Decision,
    /// What was told, or was to be.
    pub report: Report,
    /// Why the run is to be repeated although something was decided.
    pub failure: Option<ReconcileError>,
}

/// Brings the preferences document to what it should say, as far as `trigger` and what is read allow.
///
/// An error means that nothing could be decided. A run that decided and could not do all of it tells so like any
/// other: whoever makes our calls fail must not stay unnamed by that.
pub async fn reconcile<P: Ports>(
    mandate: &Mandate,
    trigger: &Trigger,
    ports: &P,
) -> Result<Outcome, ReconcileError> {
    let began = ports.now();
    let mut run = Run {
        done: Vec::new(),
        told: None,
        version_limit_reached: false,
        contested: Contested::JudgeAgain,
    };
    let failure = run.attempts(mandate, trigger, ports).await.err();
    let Some(decision) = run.told else {
        return Err(failure.unwrap_or(ReconcileError::Unsettled {
            attempts: MOST_ATTEMPTS,
        }));
    };
    let failed = failure.as_ref().map(|error| match error {
        ReconcileError::Port(cause) | ReconcileError::Untold(cause) => cause.to_string(),
        ReconcileError::Unsettled { .. } => error.to_string(),
    });
    let done = Done {
        steps: &run.done,
        failed: failed.as_deref(),
        began,
        ended: ports.now(),
    };
    let report = report(mandate, trigger, &decision, done);
    let published = publish(ports, &report).await;
    let alerted = alert(ports, &report).await;
    // Both were tried, and a run that fails is repeated: the first failure is the one to tell.
    let untold = published.and(alerted).err().map(ReconcileError::Untold);
    Ok(Outcome {
        decision: *decision,
        report,
        failure: failure.or(untold),
    })
}

/// What the attempts have come to so far.
struct Run {
    /// Everything that was done.
    done: Vec<String>,
    /// What to tell of: every decision of which anything was done, or else the last one.
    told: Option<Box<Decision>>,
    version_limit_reached: bool,
    contested: Contested,
}

impl Run {
    async fn attempts<P: Ports>(
        &mut self,
        mandate: &Mandate,
        trigger: &Trigger,
        ports: &P,
    ) -> Result<(), ReconcileError> {
        let mut pause = FIRST_PAUSE;
        for attempt in 1..=MOST_ATTEMPTS {
            if attempt == MOST_ATTEMPTS {
                self.contested = Contested::GoOn;
            }
            if self.attempt(mandate, trigger, ports).await? {
                return Ok(());
            }
            ports.pause(pause).await;
            pause *= 2;
        }
        Err(ReconcileError::Unsettled {
            attempts: MOST_ATTEMPTS,
        })
    }

    /// One look, one judgement, its plan; answers whether the run is over.
    async fn attempt<P: Ports>(
        &mut self,
        mandate: &Mandate,
        trigger: &Trigger,
        ports: &P,
    ) -> Result<bool, ReconcileError> {
        let judged = judged(mandate, trigger, ports, self.version_limit_reached).await?;
        let Some(Judged { decision, .. }) = judged else {
            return Ok(false);
        };
        let has_done = !self.done.is_empty();
        let carried = carry_out(&decision, ports, self.contested, &mut self.done).await;
        match &mut self.told {
            Some(told) if has_done => told.absorb(*decision),
            Some(_) | None => self.told = Some(decision),
        }
        match carried {
            Ok(()) => Ok(true),
            Err(Setback::Conflict) => Ok(false),
            Err(Setback::VersionLimit) => {
                self.version_limit_reached = true;
                Ok(false)
            }
            Err(Setback::Failed(error)) => Err(error.into()),
        }
    }
}

async fn publish<P: Ports>(ports: &P, report: &Report) -> Result<(), PortError> {
    if report.is_news {
        ports.publish(&report.body).await
    } else {
        Ok(())
    }
}

async fn alert<P: Ports>(ports: &P, report: &Report) -> Result<(), PortError> {
    match &report.alert {
        Some(alert) => ports.alert(&alert.subject, &alert.text).await,
        None => Ok(()),
    }
}
