//! A role, user or group as questions about its policies are asked.

mod keys;

use super::wording;
use super::{Certainty, Finding, FindingCode, Place, Terms};
use crate::access::statement::is_about;
use crate::access::{Attached, Layer, Policies, StatementRef};
use crate::inventory::{Bearer, BearerKind, Carried};
use crate::policy::{Effect, Statement};
use crate::reach::{Answer, Keys, Question, Set, reach, reach_by};
use keys::Tags;

/// The call by which a user makes a session of a federated user.
const FEDERATE: &str = "sts:GetFederationToken";

/// A bearer, its policies in the order in which an evaluation takes them, and what is known of its requests.
#[derive(Debug)]
pub(super) struct Standing<'a> {
    pub(super) bearer: &'a Bearer,
    pub(super) terms: &'a Terms<'a>,
    policies: Policies<'a>,
    identity: Vec<&'a Carried>,
    keys: Keys,
    guise: Guise,
}

/// As whom a bearer makes its requests.
#[derive(Debug, Clone, Copy)]
enum Guise {
    /// As itself: a role by its sessions, a group by its members.
    Own,
    /// As a federated user.
    Federated,
}

impl<'a> Standing<'a> {
    pub(super) fn of(bearer: &'a Bearer, terms: &'a Terms<'a>) -> Self {
        let known =
            |carried: &'a Carried| carried.document.known().map(|document| (carried, document));
        let attached = |carried: &'a Carried| {
            known(carried).map(|(carried, document)| Attached {
                name: carried.source.name(),
                document,
            })
        };
        Self {
            bearer,
            terms,
            policies: Policies {
                identity: bearer.policies.iter().filter_map(attached).collect(),
                // An unknown boundary may forbid, and may not: it is not counted as forbidding anything.
                boundary: bearer
                    .boundary
                    .as_ref()
                    .and_then(attached)
                    .map(|boundary| vec![boundary]),
                session: None,
                scp: Vec::new(),
                resource: None,
            },
            identity: bearer
                .policies
                .iter()
                .filter(|carried| known(carried).is_some())
                .collect(),
            keys: keys::of(bearer, terms.scope),
            guise: Guise::Own,
        }
    }

    /// The same bearer as a federated user, where its policies let it make itself one: it keeps what they allow, and
    /// sheds its name, its id and, if it may pass tags, its tags (IAM user guide, "Permissions for
    /// `GetFederationToken`" and "Pass session tags in AWS STS"). What session policy such a session has, the bearer
    /// chooses.
    ///
    /// Which names and tags a policy lets it take is not followed: it may take any.
    pub(super) fn federated(&self) -> Option<Self> {
        match self.bearer.kind {
            // Only the long-term keys of a user make the call.
            BearerKind::Role => return None,
            BearerKind::User | BearerKind::Group => {}
        }
        let somebody = keys::federated_users(self.bearer, self.terms.scope);
        let may = |action| !matches!(self.reach(action, &somebody, &self.keys), Answer::Cannot(_));
        if !may(FEDERATE) {
            return None;
        }
        let tags = if may("sts:TagSession") {
            Tags::Chosen
        } else {
            Tags::Own
        };
        Some(Self {
            keys: keys::of_federated(self.bearer, self.terms.scope, tags),
            guise: Guise::Federated,
            ..Self::of(self.bearer, self.terms)
        })
    }

    /// What is known of every request of the bearer.
    pub(super) fn keys(&self) -> Keys {
        self.keys.clone()
    }

    /// Whether the bearer can make such a request by whatever statement.
    pub(super) fn reach(&self, action: &str, resources: &[Set], keys: &Keys) -> Answer {
        reach(&self.policies, &self.question(action, resources, keys))
    }

    /// Whether the statement alone, among those of the bearer's own that allow, lets it make such a request.
    pub(super) fn reach_by(
        &self,
        at: StatementRef,
        action: &str,
        resources: &[Set],
        keys: &Keys,
    ) -> Answer {
        reach_by(&self.policies, &self.question(action, resources, keys), at)
    }

    fn question<'q>(&self, action: &'q str, resources: &'q [Set], keys: &'q Keys) -> Question<'q>
    where
        'a: 'q,
    {
        Question {
            action,
            principal: Some(&self.bearer.arn),
            resources,
            keys,
        }
    }

    /// The statements of the bearer's own policies that allow the action on something.
    pub(super) fn grants(&self, action: &str) -> Vec<(StatementRef, &'a Statement)> {
        let policies = self.policies.identity.iter().enumerate();
        let statements = policies.flat_map(|(policy, attached)| {
            let statements = attached.document.statements.iter().enumerate();
            statements.map(move |(index, statement)| {
                let at = StatementRef {
                    layer: Layer::Identity,
                    policy,
                    statement: index,
                };
                (at, statement)
            })
        });
        statements
            .filter(|(_, statement)| {
                statement.effect == Effect::Allow && is_about(&statement.action, action)
            })
            .collect()
    }

    /// The finding that an answer gives, unless nothing can be done.
    pub(super) fn finding(
        &self,
        code: FindingCode,
        at: StatementRef,
        action: &str,
        answer: &Answer,
    ) -> Option<Finding> {
        self.finding_of_many(code, at, &[(action, answer.clone())])
    }

    /// The same for several calls that one statement allows; the first that can be made tells how sure it is.
    pub(super) fn finding_of_many(
        &self,
        code: FindingCode,
        at: StatementRef,
        answers: &[(&str, Answer)],
    ) -> Option<Finding> {
        let can = |answer: &Answer| !matches!(answer, Answer::Cannot(_));
        let answers: Vec<_> = answers.iter().filter(|(_, answer)| can(answer)).collect();
        let actions: Vec<&str> = answers.iter().map(|(action, _)| *action).collect();
        let (certainty, example) = match &answers.first()?.1 {
            Answer::Cannot(_) => return None,
            Answer::Can(witness) => {
                let example = Some(witness.resource.clone());
                (certainty(code, self.given(&witness.assumed)), example)
            }
            Answer::Unknown => {
                let why = "too entangled to be searched through".to_owned();
                (Certainty::Unknown { why }, None)
            }
        };
        let what = wording::what(code, self.terms, &actions, example.as_deref());
        let advice = wording::advice(code, self.terms);
        Some(Finding {
            code,
            certainty,
            place: self.place(at),
            example,
            what,
            advice,
        })
    }

    /// The finding of a statement that cannot do what it was written for.
    pub(super) fn flaw(&self, code: FindingCode, at: StatementRef) -> Finding {
        let what = wording::what(code, self.terms, &[], None);
        let advice = wording::advice(code, self.terms);
        Finding {
            code,
            certainty: Certainty::Certain,
            place: self.place(at),
            example: None,
            what,
            advice,
        }
    }

    /// One finding for each policy of which nothing is known; a boundary is not among them, since it gives nothing.
    pub(super) fn findings_of_unknown(&self) -> Vec<Finding> {
        let carried = self.bearer.policies.iter();
        carried.filter_map(wording::unknown).collect()
    }

    /// What the caller has to bring about: these keys, and first of all whom he is.
    fn given(&self, assumed: &[String]) -> Vec<String> {
        let guise = match self.guise {
            Guise::Own => None,
            Guise::Federated => Some(FEDERATE.to_owned()),
        };
        guise.into_iter().chain(assumed.iter().cloned()).collect()
    }

    fn place(&self, at: StatementRef) -> Option<Place> {
        let carried = match at.layer {
            Layer::Identity => self.identity.get(at.policy)?,
            Layer::Boundary | Layer::Session | Layer::Scp { .. } | Layer::Resource => return None,
        };
        let statements = carried.document.known()?.statements.as_slice();
        Some(Place {
            policy: wording::policy(&carried.source),
            statement: at.statement,
            sid: statements
                .get(at.statement)
                .and_then(|statement| statement.sid.clone()),
        })
    }
}

/// How sure a finding is for which there is a request, if this is given.
fn certainty(code: FindingCode, on: Vec<String>) -> Certainty {
    if code == FindingCode::DocumentNotNamed {
        let why = "AWS does not say whether it asks for one all the same".to_owned();
        return Certainty::Unknown { why };
    }
    if on.is_empty() {
        Certainty::Certain
    } else {
        Certainty::Conditional { on }
    }
}

/// Adds what is found of the bearer as a federated user, less what it can do as itself.
pub(super) fn add_new(findings: &mut Vec<Finding>, federated: Vec<Finding>) {
    for finding in federated {
        let is_same = |it: &Finding| it.code == finding.code && it.place == finding.place;
        if !findings.iter().any(is_same) {
            findings.push(finding);
        }
    }
}
