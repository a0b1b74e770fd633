//! The search for a request that the policies allow.
//!
//! It starts with any request of the set and looks what stands in the way: a statement that denies it, or a layer in
//! which no statement allows it. Each way to remove that obstacle becomes a constraint, with which the next request is
//! made. Every constraint cuts off the request that led to it, so the search ends; what it finds is given to `decide`,
//! so that a witness never rests on the search alone.

use super::clause::{Clause, Layers};
use super::language::Effort;
use super::model::{Model, Unmet};
use super::pattern;
use super::{Answer, Obstacle, Question, Set, Witness};
use crate::access::{Outcome, Policies, Request, decide};
use crate::policy::{Condition, Effect, Sense};

/// How many requests are made before the search is given up. A policy with twenty statements of its own under a service
/// control policy with ten needs about a hundred.
const MAX_REQUESTS: usize = 2_000;
/// How many obstacles are told at the most.
const MAX_OBSTACLES: usize = 8;

/// Something that the request to be found must satisfy.
#[derive(Debug, Clone, Copy)]
pub(super) enum Constraint<'a> {
    /// The resource matches this pattern of the clause.
    Inside(&'a Clause<'a>, &'a str),
    /// The resource does not match it.
    Outside(&'a Clause<'a>, &'a str),
    /// The condition of the clause holds.
    Holds(&'a Clause<'a>, &'a Condition),
    /// It does not.
    Fails(&'a Clause<'a>, &'a Condition),
}

pub(super) struct Search<'a> {
    policies: &'a Policies<'a>,
    question: &'a Question<'a>,
    layers: &'a Layers<'a>,
    n_requests: usize,
    effort: Effort,
    is_given_up: bool,
    obstacles: Vec<Obstacle>,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        policies: &'a Policies<'a>,
        question: &'a Question<'a>,
        layers: &'a Layers<'a>,
    ) -> Self {
        Self {
            policies,
            question,
            layers,
            n_requests: 0,
            effort: Effort::default(),
            is_given_up: false,
            obstacles: Vec::new(),
        }
    }

    pub(super) fn run(mut self) -> Answer {
        let grants = self.layers.grants().flat_map(Clause::ways_in);
        let ways: Vec<_> = grants.collect();
        let is_open = |set: &Set| ways.iter().any(|way| !is_apart(way, set));
        if self.question.resources.iter().any(is_open) {
            let models = Model::all(self.question, self.layers, &mut self.effort);
            self.is_given_up |= models.is_cut;
            for set in self.question.resources {
                let ways = ways.iter().filter(|way| !is_apart(way, set));
                for (way, model) in
                    ways.flat_map(|way| models.models.iter().map(move |model| (way, model)))
                {
                    if let Some(witness) = self.descend(model, set, way) {
                        return Answer::Can(Box::new(witness));
                    }
                }
            }
        }
        if self.is_given_up {
            return Answer::Unknown;
        }
        if self.obstacles.is_empty() {
            self.obstacles.push(Obstacle::NoStatement);
        }
        Answer::Cannot(self.obstacles)
    }

    fn descend(
        &mut self,
        model: &Model<'a>,
        set: &Set,
        constraints: &[Constraint<'a>],
    ) -> Option<Witness> {
        self.n_requests += 1;
        if self.n_requests > MAX_REQUESTS {
            self.is_given_up = true;
            return None;
        }
        let made = match model.request(set, constraints, &mut self.effort) {
            Ok(made) => made,
            Err(unmet) => {
                self.note(unmet, constraints);
                return None;
            }
        };
        let request = Request {
            action: self.question.action,
            resource: &made.resource,
            principal: self.question.principal,
            context: &made.context,
        };
        if let Some(deny) = self.layers.denying(&request) {
            return self.evade(model, set, constraints, deny);
        }
        if let Some(layer) = self.layers.not_allowing(&request) {
            let allows = layer
                .iter()
                .filter(|clause| clause.effect() == Effect::Allow);
            return allows
                .flat_map(Clause::ways_in)
                .find_map(|way| self.descend(model, set, &[constraints, &way].concat()));
        }
        let decision = decide(self.policies, &request);
        match decision.outcome {
            Outcome::Allowed => {
                let (resource, assumed) = (made.resource, made.assumed);
                let context = model.completed(made.context, &mut self.effort);
                let by = decision.because;
                Some(Witness {
                    resource,
                    context,
                    by,
                    assumed,
                })
            }
            // The search and the decision differ in what they think of the request: nothing is known then.
            Outcome::ExplicitlyDenied | Outcome::ImplicitlyDenied | Outcome::Conditional => {
                self.is_given_up = true;
                None
            }
        }
    }

    /// Looks for a request that a denying statement does not apply to.
    fn evade(
        &mut self,
        model: &Model<'a>,
        set: &Set,
        constraints: &[Constraint<'a>],
        deny: &'a Clause<'a>,
    ) -> Option<Witness> {
        let found = deny
            .ways_out()
            .into_iter()
            .find_map(|way| self.descend(model, set, &[constraints, &way].concat()));
        if found.is_none() {
            self.tell(Obstacle::Denied { by: deny.at });
        }
        found
    }

    fn note(&mut self, unmet: Unmet, constraints: &[Constraint<'a>]) {
        match unmet {
            Unmet::TooMuch => self.is_given_up = true,
            Unmet::Nothing => {}
            Unmet::Key(key) => {
                for constraint in constraints {
                    if let Constraint::Holds(clause, condition) = constraint
                        && clause.effect() == Effect::Allow
                        && self.question.keys.canonical(condition.key()) == key
                    {
                        self.tell(Obstacle::Condition {
                            at: clause.at,
                            key: condition.key().to_owned(),
                        });
                    }
                }
            }
        }
    }

    fn tell(&mut self, obstacle: Obstacle) {
        if self.obstacles.len() < MAX_OBSTACLES && !self.obstacles.contains(&obstacle) {
            self.obstacles.push(obstacle);
        }
    }
}

/// Whether no resource of the set can be one that the way leads to: told at a glance, since most statements are about
/// something else.
fn is_apart(way: &[Constraint<'_>], set: &Set) -> bool {
    way.iter().any(|constraint| match constraint {
        Constraint::Inside(_, text) => set
            .inside
            .iter()
            .any(|inside| pattern::are_apart(text, inside)),
        Constraint::Outside(..) | Constraint::Holds(..) | Constraint::Fails(..) => false,
    })
}

impl<'a> Clause<'a> {
    /// The ways in which a request can be made one that the statement applies to.
    fn ways_in(&'a self) -> Vec<Vec<Constraint<'a>>> {
        let conditions = self
            .statement
            .conditions
            .iter()
            .map(|condition| Constraint::Holds(self, condition));
        let conditions: Vec<_> = conditions.collect();
        let with = |places: Vec<Constraint<'a>>| [places, conditions.clone()].concat();
        match self.patterns() {
            None => vec![with(Vec::new())],
            Some((Sense::Listed, patterns)) => patterns
                .map(|pattern| with(vec![Constraint::Inside(self, pattern)]))
                .collect(),
            Some((Sense::NotListed, patterns)) => {
                vec![with(
                    patterns
                        .map(|pattern| Constraint::Outside(self, pattern))
                        .collect(),
                )]
            }
        }
    }

    /// The ways in which a request can be made one that the statement does not apply to.
    fn ways_out(&'a self) -> Vec<Vec<Constraint<'a>>> {
        let conditions = self.statement.conditions.iter();
        let mut ways: Vec<_> = conditions
            .map(|condition| vec![Constraint::Fails(self, condition)])
            .collect();
        match self.patterns() {
            None => {}
            Some((Sense::Listed, patterns)) => {
                ways.push(
                    patterns
                        .map(|pattern| Constraint::Outside(self, pattern))
                        .collect(),
                );
            }
            Some((Sense::NotListed, patterns)) => {
                ways.extend(patterns.map(|pattern| vec![Constraint::Inside(self, pattern)]));
            }
        }
        ways
    }
}
