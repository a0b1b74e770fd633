//! What everybody used, as the access advisor tells it: all are asked about, then every answer is waited for.

use std::time::Duration;

use guard_core::migration::{Accessed, Service};
use jiff::Timestamp;

use crate::error::PortError;
use crate::patience::patiently;
use crate::ports::{Advice, AskAdvisor, Clock, Page};

/// An answer takes some seconds, by the examples in the IAM user guide; the one of somebody with many policies longer.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// How long an answer is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// More than a minute: somebody waits for what comes of it.
    Short,
    /// Four minutes.
    Long,
}

impl Wait {
    /// The looks, the last ones [`LONGEST_PAUSE`] apart.
    fn most_looks(self) -> usize {
        match self {
            Self::Short => 12,
            Self::Long => 32,
        }
    }
}

/// Why nobody knows what somebody used.
#[derive(Debug, thiserror::Error)]
pub enum NoAdvice {
    /// A call failed.
    #[error("a call failed")]
    Port(#[from] PortError),
    /// The access advisor failed.
    #[error("it failed: {why}")]
    Failed {
        /// Why, in its own words.
        why: String,
    },
    /// It did not come to an end.
    #[error("it gave no answer in time")]
    Late,
}

/// What each of them used, in the order of the ARNs; `on_step` is called twice for each: once when it was asked about, and
/// again when its answer is known, or never will be.
pub async fn accessed<P: AskAdvisor + Clock>(
    arns: &[&str],
    wait: Wait,
    ports: &P,
    mut on_step: impl FnMut(),
) -> Vec<Result<Accessed, NoAdvice>> {
    let mut jobs = Vec::new();
    for arn in arns {
        jobs.push(patiently(ports, async || ports.ask(arn).await).await);
        on_step();
    }
    let mut answers = Vec::new();
    for job in jobs {
        answers.push(match job {
            Ok(job) => answer(&job, wait, ports).await,
            Err(error) => Err(error.into()),
        });
        on_step();
    }
    answers
}

async fn answer<P: AskAdvisor + Clock>(
    job: &str,
    wait: Wait,
    ports: &P,
) -> Result<Accessed, NoAdvice> {
    let (at, mut page) = first_page(job, wait, ports).await?;
    let mut services: Vec<Service> = page.items;
    while let Some(after) = page.next {
        let more = patiently(ports, async || ports.answer(job, Some(&after)).await).await?;
        page = match more {
            Advice::Completed { services, .. } => services,
            Advice::Failed { why } => return Err(NoAdvice::Failed { why }),
            Advice::InProgress => return Err(NoAdvice::Late),
        };
        services.append(&mut page.items);
    }
    Ok(Accessed::told_at(at, services))
}

async fn first_page<P: AskAdvisor + Clock>(
    job: &str,
    wait: Wait,
    ports: &P,
) -> Result<(Timestamp, Page<Service>), NoAdvice> {
    let mut pause = Duration::ZERO;
    for _ in 0..wait.most_looks() {
        if !pause.is_zero() {
            ports.pause(pause).await;
        }
        match patiently(ports, async || ports.answer(job, None).await).await? {
            Advice::Completed { at, services } => return Ok((at, services)),
            Advice::Failed { why } => return Err(NoAdvice::Failed { why }),
            Advice::InProgress => {}
        }
        pause = (pause * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE);
    }
    Err(NoAdvice::Late)
}
