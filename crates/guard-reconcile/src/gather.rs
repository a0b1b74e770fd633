//! Answers the core's questions.

use std::time::Duration;

use guard_core::facts::{Content, Facts, LiveDocument, Question};
use guard_core::judge::{Decision, Judgement, Trigger, judge};
use guard_core::mandate::Mandate;
use guard_core::plan::Step;

use crate::error::PortError;
use crate::ports::{Parameter, Sight};

/// As many rounds of questions as a judgement needs at the most; more would be an endless one.
const MOST_ROUNDS: usize = 20;

/// Each attempt starts from a fresh look; somebody who changes the document faster is for the next event or sweep.
pub(crate) const MOST_ATTEMPTS: u32 = 5;

/// Before the second attempt, twice that before the third, and so on: time for the other writer to finish.
pub(crate) const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// A judgement, and the facts that it rests on.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) decision: Box<Decision>,
    pub(crate) facts: Facts,
}

/// A judgement for which nothing is done, so that it may be made as often as facts take to fit together; `None` when they
/// never do.
pub(crate) async fn settled<P: Sight>(
    mandate: &Mandate,
    trigger: &Trigger,
    ports: &P,
) -> Result<Option<Judged>, PortError> {
    let mut pause = FIRST_PAUSE;
    for _ in 0..MOST_ATTEMPTS {
        if let Some(judged) = judged(mandate, trigger, ports, false).await? {
            return Ok(Some(judged));
        }
        ports.pause(pause).await;
        pause *= 2;
    }
    Ok(None)
}

/// A judgement on facts read just now; `None` when they do not fit together.
pub(crate) async fn judged<P: Sight>(
    mandate: &Mandate,
    trigger: &Trigger,
    ports: &P,
    version_limit_reached: bool,
) -> Result<Option<Judged>, PortError> {
    let mut facts = Facts::at(ports.now());
    facts.version_limit_reached = version_limit_reached;
    for _ in 0..MOST_ROUNDS {
        match judge(mandate, trigger, &facts) {
            Judgement::Decided(decision) => {
                let holds = is_still_so(&decision, &facts, ports).await?;
                return Ok(holds.then_some(Judged { decision, facts }));
            }
            Judgement::StartOver => return Ok(None),
            Judgement::Ask(questions) => {
                for question in questions {
                    answer(ports, question, &mut facts).await?;
                }
            }
        }
    }
    Ok(None)
}

/// Whether what is to be kept was judged on one state of the document, and not on two.
///
/// Versions are counted from 1 again when the document is created anew, so somebody who replaces it between two reads
/// could have their content approved under the number and hash of an editor's. A version never changes, and one
/// created anew has another time: with the same description and list before and after, all in between belongs together.
async fn is_still_so<P: Sight>(
    decision: &Decision,
    facts: &Facts,
    ports: &P,
) -> Result<bool, PortError> {
    let keeps = |step: &Step| matches!(step, Step::KeepApprovals { .. });
    let (true, Some(LiveDocument::Present(described)), Some(listed)) = (
        decision.plan.steps.iter().any(keeps),
        &facts.document,
        &facts.versions,
    ) else {
        return Ok(true);
    };
    Ok(ports.describe().await?.as_ref() == Some(described) && ports.versions().await? == *listed)
}

async fn answer<P: Sight>(
    ports: &P,
    question: Question,
    facts: &mut Facts,
) -> Result<(), PortError> {
    match question {
        Question::Document => {
            let document = ports.describe().await?;
            facts.document = Some(document.map_or(LiveDocument::Absent, LiveDocument::Present));
        }
        Question::SharedWith => facts.shared_with = Some(ports.shared_with().await?),
        Question::Content(version) => {
            let content = ports
                .content(version)
                .await?
                .map_or(Content::Gone, Content::Text);
            facts.contents.insert(version, content);
        }
        Question::Hash(version) => {
            facts.hashes.insert(version, ports.hash(version).await?);
        }
        Question::Versions => facts.versions = Some(ports.versions().await?),
        Question::Approvals => facts.approvals = Some(ports.history(Parameter::Approvals).await?),
        Question::Notes => facts.notes = Some(ports.history(Parameter::Notes).await?),
        Question::Trail(window) => facts.trail = Some(ports.look_up(window).await),
    }
    Ok(())
}
