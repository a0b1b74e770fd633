//! Sessions that are not the bearer's own.
//!
//! A session's id is the name of the user, or of the role session, then a hyphen and letters and digits (seen in public
//! records of 2020 to 2025). The service tags each session with who opened it, `aws:ssmmessages:session-id`, whose value
//! is the `aws:userid` of the principal (Systems Manager user guide, "Additional sample IAM policies for Session
//! Manager", example 4).

use super::Terms;
use crate::inventory::{Bearer, BearerKind};
use crate::reach::{Domain, Keys, Open, Presence, Set};

const OPENED_BY: &str = "aws:ResourceTag/aws:ssmmessages:session-id";

/// Sessions whose ids do not begin like those of the bearer.
pub(super) fn sets(bearer: &Bearer, terms: &Terms<'_>) -> Vec<Set> {
    let mut outside = vec![
        // No session's id holds a colon, as the `aws:userid` of a role session does.
        pattern(terms, "*:*"),
        pattern(terms, "${aws:userid}-*"),
    ];
    match bearer.kind {
        // As a federated user, too, the sessions that it opened as itself are its own.
        BearerKind::User => outside.push(pattern(terms, &format!("{}-*", bearer.name))),
        BearerKind::Group => outside.push(pattern(terms, "${aws:username}-*")),
        // A role session's own ids begin with a name that the caller chose: none that a policy could tell.
        BearerKind::Role => {}
    }
    ["other-user-?????????????????", "?*"]
        .map(|id| Set::of(pattern(terms, id)).without(outside.clone()))
        .to_vec()
}

/// Sessions of people whose names begin with the user's own and a hyphen.
pub(super) fn sets_of_namesakes(terms: &Terms<'_>) -> Vec<Set> {
    vec![Set::of(pattern(
        terms,
        "${aws:username}-namesake-?????????????????",
    ))]
}

/// What is known of requests on them: somebody else opened them, if they say who did. A session whose name has characters
/// that no tag takes says nothing (the same example).
pub(super) fn keys(keys: Keys) -> Keys {
    let opened_by_another = Domain::Open(Open {
        presence: Presence::Optional,
        inside: Vec::new(),
        outside: vec!["${aws:userid}".to_owned()],
    });
    keys.with(OPENED_BY, opened_by_another)
}

fn pattern(terms: &Terms<'_>, id: &str) -> String {
    let (partition, account) = (&terms.scope.partition, &terms.scope.account);
    format!("arn:{partition}:ssm:*:{account}:session/{id}")
}
