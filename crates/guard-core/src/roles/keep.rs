//! Whether sessions stay recorded as well as they are.

use std::fmt;

use serde::Serialize;

use crate::access::statement::is_about;
use crate::inventory::{Bearer, Carried, Source};
use crate::policy::{Effect, PolicyDocument};
use crate::recording::{Consequence, Grant, Need, Writer};

/// A call that would not go through any more.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Lost {
    /// The call.
    pub action: &'static str,
    /// On what.
    pub place: String,
    /// What would become of sessions.
    pub consequence: Consequence,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} on {} (sessions {})",
            self.action,
            self.place,
            self.consequence.as_str()
        )
    }
}

/// What the bearer could do with the policies that `is_leaving` names, and could not any more without them and with
/// those that come.
///
/// Denials and the boundary stay as they are, so that only what is allowed is compared; a policy that comes may hold
/// denials of its own. A policy that is not known helps with nothing, and one that leaves may have allowed anything.
pub fn lost(
    bearer: &Bearer,
    needs: &[Need],
    is_leaving: &dyn Fn(&str) -> bool,
    coming: &[&PolicyDocument],
) -> Vec<Lost> {
    let leaves = |carried: &&Carried| match &carried.source {
        Source::Managed { arn } => is_leaving(arn),
        Source::Inline { .. }
        | Source::GroupInline { .. }
        | Source::GroupManaged { .. }
        | Source::Group { .. } => false,
    };
    let all = || bearer.policies.iter();
    let is_unknown = all()
        .filter(leaves)
        .any(|carried| carried.document.known().is_none());
    let before = writer(bearer, all(), &[]);
    let leaving = writer(bearer, all().filter(leaves), &[]);
    let after = writer(bearer, all().filter(|it| !leaves(it)), coming);
    let is_kept = |need: &&Need| {
        let is_denied = coming.iter().any(|document| denies(document, need.action));
        let before = if is_unknown {
            Grant::Yes
        } else {
            before.grant(need)
        };
        let is_as_good = match (before, after.grant(need)) {
            (Grant::No, _) | (_, Grant::Yes) => true,
            (_, Grant::No) | (Grant::Yes, Grant::Conditional(_) | Grant::SomeKey) => false,
            // Under other conditions, perhaps, unless it did not come from what leaves.
            (Grant::Conditional(_) | Grant::SomeKey, Grant::Conditional(_) | Grant::SomeKey) => {
                leaving.grant(need) == Grant::No
            }
        };
        is_as_good && !is_denied
    };
    let needs = needs.iter().filter(|need| !is_kept(need));
    needs
        .map(|need| Lost {
            action: need.action,
            place: need.place(),
            consequence: need.consequence,
        })
        .collect()
}

fn writer<'a>(
    bearer: &Bearer,
    carried: impl Iterator<Item = &'a Carried>,
    coming: &[&PolicyDocument],
) -> Writer {
    let known = carried.filter_map(|it| Some((it.source.name().to_owned(), it.document.known()?)));
    let coming = coming.iter().map(|document| (String::new(), *document));
    let boundary = bearer.boundary.as_ref();
    let boundary =
        boundary.and_then(|it| Some((it.source.name().to_owned(), it.document.known()?)));
    Writer::new(&bearer.arn, &bearer.id, known.chain(coming), boundary)
}

pub(super) fn denies(document: &PolicyDocument, action: &str) -> bool {
    let mut statements = document.statements.iter();
    statements.any(|it| it.effect == Effect::Deny && is_about(&it.action, action))
}
