//! A role, user or group as questions about its policies are asked.

use super::wording;
use super::{Certainty, Finding, FindingCode, Place, Terms};
use crate::access::statement::is_about;
use crate::access::{Attached, Layer, Policies, StatementRef};
use crate::inventory::{Bearer, BearerKind, Carried, Document};
use crate::names::Scope;
use crate::policy::{Effect, Statement};
use crate::reach::{Answer, Domain, Keys, Open, Presence, Question, Set, reach, reach_by};

/// A bearer, its policies in the order in which an evaluation takes them, and what is known of its requests.
#[derive(Debug)]
pub(super) struct Standing<'a> {
    pub(super) bearer: &'a Bearer,
    pub(super) terms: &'a Terms<'a>,
    policies: Policies<'a>,
    identity: Vec<&'a Carried>,
    keys: Keys,
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
            keys: keys(bearer, terms.scope),
        }
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
                (certainty(code, &witness.assumed), example)
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

/// How sure a finding is for which there is a request that rests on these keys.
fn certainty(code: FindingCode, assumed: &[String]) -> Certainty {
    if code == FindingCode::DocumentNotNamed {
        let why = "AWS does not say whether it asks for one all the same".to_owned();
        return Certainty::Unknown { why };
    }
    if assumed.is_empty() {
        return Certainty::Certain;
    }
    let on = assumed.to_vec();
    Certainty::Conditional { on }
}

/// What is known of the context of the bearer's requests (IAM user guide, "AWS global condition context keys" and
/// "IAM policy elements: Variables and tags", where a table says which principals have which keys).
fn keys(bearer: &Bearer, scope: &Scope) -> Keys {
    let fixed = |value: &str| Domain::Fixed(vec![value.to_owned()]);
    let keys = Keys::with_twins("ssm:resourceTag/", "aws:ResourceTag/")
        .with("aws:PrincipalAccount", fixed(scope.account.as_str()))
        .with("aws:PrincipalIsAWSService", fixed("false"));
    match bearer.kind {
        BearerKind::Role => keys
            .with("aws:PrincipalArn", fixed(&bearer.arn))
            .with("aws:PrincipalType", fixed("AssumedRole"))
            .with("aws:username", Domain::Absent)
            .with("aws:userid", one_of(&[format!("{}:?*", bearer.id)])),
        BearerKind::User => keys
            .with("aws:PrincipalArn", fixed(&bearer.arn))
            .with("aws:PrincipalType", fixed("User"))
            .with("aws:username", fixed(&bearer.name))
            .with("aws:userid", fixed(&bearer.id)),
        // A group acts through its members, of whom the question names none.
        BearerKind::Group => {
            let Scope {
                partition, account, ..
            } = scope;
            keys.with(
                "aws:PrincipalArn",
                one_of(&[format!("arn:{partition}:iam::{account}:user/?*")]),
            )
            .with("aws:PrincipalType", fixed("User"))
            .with("aws:username", one_of(&[]))
            .with("aws:userid", one_of(&["AIDA?*".to_owned()]))
        }
    }
    .with_tags(bearer)
}

fn one_of(patterns: &[String]) -> Domain {
    Domain::Open(Open {
        presence: Presence::Required,
        inside: patterns.to_vec(),
        outside: Vec::new(),
    })
}

trait WithTags {
    fn with_tags(self, bearer: &Bearer) -> Self;
}

impl WithTags for Keys {
    /// The principal's tags, where nobody but IAM can say them: a user's. A role's session may carry tags of its own,
    /// which overrule the role's (IAM user guide, "Pass session tags in AWS STS"), unless its trust policy keeps that
    /// from everybody.
    fn with_tags(self, bearer: &Bearer) -> Self {
        let Some(tags) = bearer.tags.as_ref().filter(|_| !takes_session_tags(bearer)) else {
            return self;
        };
        let keys = self.with_prefix("aws:PrincipalTag/", Domain::Absent);
        tags.iter().fold(keys, |keys, (key, value)| {
            let key = format!("aws:PrincipalTag/{key}");
            keys.with(&key, Domain::Fixed(vec![value.clone()]))
        })
    }
}

fn takes_session_tags(bearer: &Bearer) -> bool {
    match bearer.kind {
        BearerKind::User => false,
        BearerKind::Group => true,
        BearerKind::Role => match bearer.trust.as_ref().and_then(Document::known) {
            None => true,
            Some(trust) => trust.statements.iter().any(|statement| {
                statement.effect == Effect::Allow && is_about(&statement.action, "sts:TagSession")
            }),
        },
    }
}
