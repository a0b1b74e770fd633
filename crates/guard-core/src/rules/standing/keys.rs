//! What is known of the context of a bearer's requests (IAM user guide, "AWS global condition context keys" and "IAM
//! policy elements: Variables and tags", where a table says which principals have which keys).

use crate::access::statement::is_about;
use crate::inventory::{Bearer, BearerKind, Document};
use crate::names::Scope;
use crate::policy::Effect;
use crate::reach::{Domain, Keys, Open, Presence, Set};

/// Whose tags the session of a federated user carries.
#[derive(Debug, Clone, Copy)]
pub(super) enum Tags {
    /// The user's.
    Own,
    /// Those that the user passes, which overrule its own.
    Chosen,
}

/// Of requests that it makes as itself.
pub(super) fn of(bearer: &Bearer, scope: &Scope) -> Keys {
    let keys = of_anybody(scope);
    let keys = match bearer.kind {
        BearerKind::Role => keys
            .with("aws:PrincipalArn", fixed(&bearer.arn))
            .with("aws:PrincipalType", fixed("AssumedRole"))
            .with("aws:username", Domain::Absent)
            .with("aws:userid", one_of(vec![format!("{}:?*", bearer.id)])),
        BearerKind::User => keys
            .with("aws:PrincipalArn", fixed(&bearer.arn))
            .with("aws:PrincipalType", fixed("User"))
            .with("aws:username", fixed(&bearer.name))
            .with("aws:userid", fixed(&bearer.id)),
        // A group acts through its members, of whom the question names none.
        BearerKind::Group => keys
            .with("aws:PrincipalArn", one_of(vec![users(bearer, scope)]))
            .with("aws:PrincipalType", fixed("User"))
            .with("aws:username", one_of(Vec::new()))
            .with("aws:userid", one_of(vec!["AIDA?*".to_owned()])),
    };
    with_tags(keys, bearer)
}

/// Of requests that it makes as a federated user whose name it chose.
pub(super) fn of_federated(bearer: &Bearer, scope: &Scope, tags: Tags) -> Keys {
    let somebody = federated_users(bearer, scope);
    let arns = somebody.into_iter().flat_map(|set| set.inside).collect();
    let keys = of_anybody(scope)
        // Whether it is the session's ARN or its user's is not said of all conditions: either may be.
        .with("aws:PrincipalArn", one_of(arns))
        .with("aws:PrincipalType", fixed("FederatedUser"))
        .with("aws:username", Domain::Absent)
        .with("aws:userid", one_of(vec![format!("{}:?*", scope.account)]));
    match tags {
        Tags::Own => with_tags(keys, bearer),
        Tags::Chosen => keys,
    }
}

/// What a call that makes a federated user of the bearer may be about: policies name the federated user, the Service
/// Authorization Reference the user.
pub(super) fn federated_users(bearer: &Bearer, scope: &Scope) -> [Set; 2] {
    let Scope {
        partition, account, ..
    } = scope;
    let federated = format!("arn:{partition}:sts::{account}:federated-user/?*");
    [federated, users(bearer, scope)].map(Set::of)
}

/// The user itself, or whoever may be in the group.
fn users(bearer: &Bearer, scope: &Scope) -> String {
    let Scope {
        partition, account, ..
    } = scope;
    match bearer.kind {
        BearerKind::Role | BearerKind::User => bearer.arn.clone(),
        BearerKind::Group => format!("arn:{partition}:iam::{account}:user/?*"),
    }
}

fn of_anybody(scope: &Scope) -> Keys {
    Keys::with_twins("ssm:resourceTag/", "aws:ResourceTag/")
        .with("aws:PrincipalAccount", fixed(scope.account.as_str()))
        .with("aws:PrincipalIsAWSService", fixed("false"))
}

fn fixed(value: &str) -> Domain {
    Domain::Fixed(vec![value.to_owned()])
}

fn one_of(patterns: Vec<String>) -> Domain {
    Domain::Open(Open {
        presence: Presence::Required,
        inside: patterns,
        outside: Vec::new(),
    })
}

/// The principal's tags, where nobody but IAM can say them: a user's. A role's session may carry tags of its own, which
/// overrule the role's (IAM user guide, "Pass session tags in AWS STS"), unless its trust policy keeps that from
/// everybody.
fn with_tags(keys: Keys, bearer: &Bearer) -> Keys {
    let Some(tags) = bearer.tags.as_ref().filter(|_| !takes_session_tags(bearer)) else {
        return keys;
    };
    let keys = keys.with_prefix("aws:PrincipalTag/", Domain::Absent);
    tags.iter().fold(keys, |keys, (key, value)| {
        keys.with(&format!("aws:PrincipalTag/{key}"), fixed(value))
    })
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
