//! Telling AWS Config.

use std::collections::BTreeSet;
use std::time::Duration;

use guard_core::rule_event::RuleEvent;
use guard_core::rules::{Evaluation, Resource};
use jiff::SignedDuration;

use super::{EvaluateError, is_scheduled};
use crate::error::PortError;
use crate::patience::{all_pages, may_pass, patiently};
use crate::ports::{Answer, AnswerConfig, Clock, MOST_EVALUATIONS, Reported};

/// What was refused once is told again, and once more: AWS Config gives no reason, and some pass.
const MOST_ATTEMPTS: u32 = 3;

/// Before what was refused is told again.
const PAUSE: Duration = Duration::from_secs(1);

/// Whoever was reported less than so long ago may be there and not in IAM's lists yet: these are eventually consistent,
/// within minutes (IAM user guide, "Changes that I make are not always immediately visible"). Who is gone indeed is
/// cleaned away by the next run.
const YOUNG: SignedDuration = SignedDuration::from_hours(1);

/// The resources of which AWS Config has kept a result for a while, when everything is looked at anew.
#[derive(Default)]
pub(super) struct Before {
    reported: BTreeSet<Resource>,
    /// Why that is not known. It keeps nobody from being judged: what is wrong is told all the same.
    pub(super) failure: Option<PortError>,
}

pub(super) async fn reported_before<P: AnswerConfig + Clock>(
    event: &RuleEvent,
    ports: &P,
) -> Result<Before, PortError> {
    if !is_scheduled(event) {
        return Ok(Before::default());
    }
    let rule = event.rule_name.as_str();
    let now = ports.now();
    let is_old = |it: &Reported| now.duration_since(it.recorded) >= YOUNG;
    let reported = all_pages(ports, async |after| ports.reported(rule, after).await).await;
    match reported {
        Ok(reported) => Ok(Before {
            reported: reported
                .into_iter()
                .filter(is_old)
                .map(|it| it.resource)
                .collect(),
            failure: None,
        }),
        // Patience is at its end; the event comes again, and then there is time for all of it.
        Err(error) if may_pass(error.class) => Err(error),
        Err(error) => Ok(Before {
            reported: BTreeSet::new(),
            failure: Some(error),
        }),
    }
}

/// Adds that what was reported before, and is not there any more, is none of the rule's business.
pub(super) fn add_gone(evaluations: &mut Vec<Evaluation>, before: &Before) {
    let mut before = before.reported.clone();
    for evaluation in evaluations.iter() {
        before.remove(&evaluation.resource);
    }
    let gone = before.into_iter();
    evaluations.extend(gone.map(|it| Evaluation::not_applicable(it, "it is not there any more")));
}

/// Answers the event.
pub(super) async fn answer<P: AnswerConfig + Clock>(
    event: &RuleEvent,
    evaluations: &[Evaluation],
    ports: &P,
) -> Result<(), EvaluateError> {
    let mut refused: Vec<Resource> = Vec::new();
    let mut failure: Option<PortError> = None;
    for batch in evaluations.chunks(MOST_EVALUATIONS) {
        match tell(event, batch.to_vec(), ports).await {
            Ok(more) => refused.extend(more),
            // The others would wait as long in vain; the whole event comes again.
            Err(error) if may_pass(error.class) => return Err(error.into()),
            Err(error) => {
                failure.get_or_insert(error);
            }
        }
    }
    if let Some(error) = failure {
        return Err(error.into());
    }
    let number = refused.len();
    match refused.into_iter().next() {
        None => Ok(()),
        Some(first) => Err(EvaluateError::NotTaken {
            refused: number,
            of: evaluations.len(),
            attempts: MOST_ATTEMPTS,
            first,
        }),
    }
}

/// Gives one part of the answer, and again what of it was refused; says what was refused to the end.
async fn tell<P: AnswerConfig + Clock>(
    event: &RuleEvent,
    mut evaluations: Vec<Evaluation>,
    ports: &P,
) -> Result<Vec<Resource>, PortError> {
    let mut unknown: Vec<Resource> = Vec::new();
    for attempt in 1.. {
        let put = async || {
            ports
                .put_evaluations(Answer {
                    token: &event.token,
                    at: event.time(),
                    evaluations: &evaluations,
                })
                .await
        };
        let refused: BTreeSet<Resource> = patiently(ports, put).await?.into_iter().collect();
        evaluations.retain(|evaluation| refused.contains(&evaluation.resource));
        // A refusal of what nobody told is of something that was told under this name, or so AWS Config thinks.
        let is_told = |it: &Resource| evaluations.iter().any(|told| told.resource == *it);
        unknown = refused.into_iter().filter(|it| !is_told(it)).collect();
        if evaluations.is_empty() || attempt == MOST_ATTEMPTS {
            break;
        }
        tracing::debug!(
            refused = evaluations.len(),
            "telling again what AWS Config did not take"
        );
        ports.pause(PAUSE * attempt).await;
    }
    let refused = evaluations
        .into_iter()
        .map(|evaluation| evaluation.resource);
    Ok(refused.chain(unknown).collect())
}
