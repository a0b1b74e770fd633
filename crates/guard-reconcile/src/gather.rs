//! Answers the core's questions.

use guard_core::facts::{Content, Facts, LiveDocument, Question};
use guard_core::judge::{Decision, Judgement, Trigger, judge};
use guard_core::mandate::Mandate;
use guard_core::plan::Step;

use crate::error::PortError;
use crate::ports::{Parameter, Ports};

/// As many rounds of questions as a judgement needs at the most; more would be an endless one.
const MOST_ROUNDS: usize = 20;

/// A judgement on facts read just now; `None` when they do not fit together.
pub(crate) async fn judged<P: Ports>(
    mandate: &Mandate,
    trigger: &Trigger,
    ports: &P,
    version_limit_reached: bool,
) -> Result<Option<Box<Decision>>, PortError> {
    let mut facts = Facts::at(ports.now());
    facts.version_limit_reached = version_limit_reached;
    for _ in 0..MOST_ROUNDS {
        match judge(mandate, trigger, &facts) {
            Judgement::Decided(decision) => {
                let holds = is_still_so(&decision, &facts, ports).await?;
                return Ok(holds.then_some(decision));
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
async fn is_still_so<P: Ports>(
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

async fn answer<P: Ports>(
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
