//! One run: gather, judge, act, tell.

use std::time::Duration;

use guard_core::judge::{Decision, Trigger};
use guard_core::mandate::Mandate;
use guard_core::report::{Done, Report, report};
use jiff::Timestamp;

use crate::apply::{Contested, Setback, carry_out};
use crate::error::{PortError, ReconcileError};
use crate::gather::judged;
use crate::ports::Ports;

/// Each attempt starts from a fresh look; somebody who changes the document faster is for the next event or sweep.
const MOST_ATTEMPTS: u32 = 5;

/// Before the second attempt, twice that before the third, and so on: time for the other writer to finish.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// What one run came to.
#[derive(Debug)]
pub struct Outcome {
    /// The decision that was carried out, or the last one when there was nothing to do.
    pub decision: Decision,
    /// What was told, or was to be.
    pub report: Report,
    /// Why people or programs could not be told, although everything was done.
    pub untold: Option<PortError>,
}

/// Brings the preferences document to what it should say, as far as `trigger` and what is read allow.
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
    let mut pause = FIRST_PAUSE;
    for attempt in 1..=MOST_ATTEMPTS {
        if attempt == MOST_ATTEMPTS {
            run.contested = Contested::GoOn;
        }
        if run.attempt(mandate, trigger, ports).await? {
            return run.tell(mandate, trigger, ports, began).await;
        }
        ports.pause(pause).await;
        pause *= 2;
    }
    Err(ReconcileError::Unsettled {
        attempts: MOST_ATTEMPTS,
    })
}

/// What the attempts have come to so far.
struct Run {
    /// Everything that was done.
    done: Vec<String>,
    /// The decision to tell of: the first one of which anything was done.
    told: Option<Box<Decision>>,
    version_limit_reached: bool,
    contested: Contested,
}

impl Run {
    /// One look, one judgement, its plan; answers whether the run is over.
    async fn attempt<P: Ports>(
        &mut self,
        mandate: &Mandate,
        trigger: &Trigger,
        ports: &P,
    ) -> Result<bool, ReconcileError> {
        let Some(decision) = judged(mandate, trigger, ports, self.version_limit_reached).await?
        else {
            return Ok(false);
        };
        let n_done = self.done.len();
        let carried = carry_out(&decision, ports, self.contested, &mut self.done).await;
        if self.told.is_none() && (carried.is_ok() || self.done.len() > n_done) {
            self.told = Some(decision);
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

    async fn tell<P: Ports>(
        self,
        mandate: &Mandate,
        trigger: &Trigger,
        ports: &P,
        began: Timestamp,
    ) -> Result<Outcome, ReconcileError> {
        let Some(decision) = self.told else {
            return Err(ReconcileError::Unsettled { attempts: 0 });
        };
        let done = Done {
            steps: &self.done,
            began,
            ended: ports.now(),
        };
        let report = report(mandate, trigger, &decision, done);
        let published = publish(ports, &report).await;
        let alerted = alert(ports, &report).await;
        // Both were tried, and a run that fails is repeated: the first failure is the one to tell.
        let untold = published.and(alerted).err();
        Ok(Outcome {
            decision: *decision,
            report,
            untold,
        })
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
