//! One run of a rule of AWS Config: look, judge, answer.

mod answer;
mod bearers;
mod error;
mod judge;
mod lookup;

use guard_core::charter::Charter;
use guard_core::judge::{Decision, Trigger};
use guard_core::mandate::Mandate;
use guard_core::names::Scope;
use guard_core::roles;
use guard_core::rule_event::{Occasion, RuleEvent};
use guard_core::rules::{CarrierRule, DocumentTask, Evaluation, JudgeBearer, RuleId, preferences};

use crate::gather::settled;
use crate::ports::{AnswerConfig, Clock, ReadItems, ReadPrincipals, Sight};

pub use error::EvaluateError;

/// What a run came to.
#[derive(Debug)]
pub struct Evaluated {
    /// What was told, or was to be, in that order.
    pub evaluations: Vec<Evaluation>,
    /// How the guard would judge the preferences, where they were looked at.
    pub decision: Option<Decision>,
    /// Why the run is to be repeated, after everything else was done.
    pub failure: Option<EvaluateError>,
}

/// Everything that the rule on the preferences needs.
pub trait PreferencesPorts: Sight + AnswerConfig {}

impl<P> PreferencesPorts for P where P: Sight + AnswerConfig {}

/// Everything that a rule on roles, users and groups needs.
pub trait BearersPorts: ReadPrincipals + ReadItems + AnswerConfig + Clock + Sync {}

impl<P> BearersPorts for P where P: ReadPrincipals + ReadItems + AnswerConfig + Clock + Sync {}

/// A rule on roles, users and groups, with the grounds on which it judges them.
#[derive(Debug, Clone)]
pub struct BearersRule {
    /// Its name.
    pub id: RuleId,
    /// By what it judges them.
    pub grounds: Grounds,
}

/// By what a rule judges roles, users and groups.
#[derive(Debug, Clone)]
pub enum Grounds {
    /// By what the charter says of sessions.
    Charter {
        /// How one of them is judged.
        judge: JudgeBearer,
        /// The charter, filled in for the scope.
        charter: Box<Charter>,
        /// The account, and the Region in which it is judged.
        scope: Scope,
    },
    /// By what the charter says of policies, and by where sessions are recorded.
    Mandate {
        /// How one of them is judged.
        rule: CarrierRule,
        /// The charter and the baseline, for every Region.
        mandate: Box<roles::Mandate>,
    },
}

impl BearersRule {
    /// The account, and the Region in which it is judged.
    pub fn scope(&self) -> &Scope {
        match &self.grounds {
            Grounds::Charter { scope, .. } => scope,
            Grounds::Mandate { mandate, .. } => mandate.scope(),
        }
    }
}

/// Answers an event about the preferences document. It is judged as the guard judges it, and nothing is done about it.
pub async fn evaluate_preferences<P: PreferencesPorts>(
    mandate: &Mandate,
    event: &RuleEvent,
    ports: &P,
) -> Result<Evaluated, EvaluateError> {
    let before = answer::reported_before(event, ports).await?;
    let (mut evaluations, decision) = match DocumentTask::of(event, mandate.scope()) {
        DocumentTask::Answer(evaluation) => (vec![evaluation], None),
        DocumentTask::Look => {
            let judged = settled(mandate, &Trigger::Sweep, ports).await?;
            let judged = judged.ok_or(EvaluateError::Unsettled)?;
            let rows = preferences::evaluations(&judged.decision, &judged.facts, mandate.scope());
            (rows, Some(*judged.decision))
        }
    };
    answer::add_gone(&mut evaluations, &before);
    let told = answer::answer(event, &evaluations, ports).await.err();
    Ok(Evaluated {
        evaluations,
        decision,
        failure: told.or(before.failure.map(Into::into)),
    })
}

/// Answers an event about roles, users, groups or their policies.
pub async fn evaluate_bearers<P: BearersPorts>(
    rule: &BearersRule,
    event: &RuleEvent,
    ports: &P,
) -> Result<Evaluated, EvaluateError> {
    let judge = judge::Judge::new(rule, ports.now()).ok_or(EvaluateError::NoTerms)?;
    // What was reported is read before what there is: whatever is reported meanwhile is then not taken for gone.
    let before = answer::reported_before(event, ports).await?;
    let bench = bearers::Bench::new(judge, ports);
    let found = bench.work(event).await?;
    let mut evaluations = found.evaluations;
    if found.failure.is_none() {
        answer::add_gone(&mut evaluations, &before);
    }
    let told = answer::answer(event, &evaluations, ports).await.err();
    Ok(Evaluated {
        evaluations,
        decision: None,
        failure: found.failure.or(told).or(before.failure.map(Into::into)),
    })
}

/// Whether everything is looked at.
fn is_scheduled(event: &RuleEvent) -> bool {
    match event.occasion {
        Occasion::Scheduled { .. } => true,
        Occasion::Change { .. } => false,
    }
}
