//! What the forbidden policy granted, and is not granted any more, or on less.

use serde::{Deserialize, Serialize};

use super::entry::managed_arn;
use super::{Accessed, Used};
use crate::access::statement::is_about;
use crate::access::{Attached, Context, Outcome, Policies, Request, decide};
use crate::charter::Forbidden;
use crate::inventory::{Bearer, Carried, Document};
use crate::managed;
use crate::policy::{Effect, PolicyDocument, Sense};

/// An action that is not granted as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Loss {
    /// The action, as the forbidden policy names it.
    pub action: String,
    /// How much of it is lost.
    pub extent: Extent,
    /// Whether its service was used.
    pub service: Used,
}

/// How much of an action is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Extent {
    /// All of it.
    Lost,
    /// What stays is granted on certain resources, or under conditions.
    Narrower,
}

/// Each action of the policy that leaves, and is not granted on everything by those that are there then.
pub(super) fn of(
    leaving: &PolicyDocument,
    after: &[PolicyDocument],
    accessed: Option<&Accessed>,
) -> Vec<Loss> {
    let mut losses: Vec<Loss> = Vec::new();
    for action in actions(leaving) {
        let Some(extent) = extent(after, action) else {
            continue;
        };
        losses.push(Loss {
            action: action.to_owned(),
            extent,
            service: Used::of(accessed, namespace(action)),
        });
    }
    losses
}

/// The services of `used` of which the forbidden policy grants something, and whoever carries it nothing without the
/// policies that `leaves` names.
///
/// A policy that is not known leaves nothing; a forbidden policy that is not known may have granted all of them.
pub(crate) fn lost_services(
    bearer: &Bearer,
    forbidden: &Forbidden,
    leaves: &dyn Fn(&str) -> bool,
    used: &[String],
) -> Vec<String> {
    if used.is_empty() {
        return Vec::new();
    }
    let Some(leaving) = leaving(bearer, forbidden) else {
        return used.to_vec();
    };
    let losses = of(&leaving, &staying(bearer, leaves), None);
    let lost = used_services(&leaving, &losses);
    let is_lost = |service: &&String| lost.iter().any(|it| it.eq_ignore_ascii_case(service));
    used.iter().filter(is_lost).cloned().collect()
}

/// What the forbidden policy says.
pub(super) fn leaving(bearer: &Bearer, forbidden: &Forbidden) -> Option<PolicyDocument> {
    let mut carried = bearer.policies.iter();
    let carried = carried.find(|it| is_managed(it, &|arn| forbidden.is(arn)))?;
    match &carried.document {
        Document::Known(document) => Some(document.as_ref().clone()),
        Document::Unknown(_) => managed::document(&forbidden.policy),
    }
}

/// What the policies say that do not leave, as far as it is known.
pub(super) fn staying(bearer: &Bearer, leaves: &dyn Fn(&str) -> bool) -> Vec<PolicyDocument> {
    let others = bearer.policies.iter().filter(|it| !is_managed(it, leaves));
    others
        .filter_map(|it| it.document.known().cloned())
        .collect()
}

fn is_managed(carried: &Carried, is_it: &dyn Fn(&str) -> bool) -> bool {
    managed_arn(&carried.source).is_some_and(is_it)
}

/// Whether the policy grants all actions but certain ones: these cannot be gone through one by one.
pub(super) fn grants_what_is_not_listed(document: &PolicyDocument) -> bool {
    let mut statements = document.statements.iter();
    statements.any(|it| it.effect == Effect::Allow && it.action.sense != Sense::Listed)
}

/// The services of which the policy grants anything.
pub(super) fn services(document: &PolicyDocument) -> Vec<&str> {
    let mut services: Vec<&str> = Vec::new();
    for action in actions(document) {
        let service = namespace(action);
        if !services.contains(&service) {
            services.push(service);
        }
    }
    services
}

fn namespace(action: &str) -> &str {
    action.split(':').next().unwrap_or_default()
}

/// The services of which nothing at all is left, of those that count as used.
pub(super) fn used_services<'l>(leaving: &PolicyDocument, losses: &'l [Loss]) -> Vec<&'l str> {
    let mut services: Vec<&str> = Vec::new();
    for loss in losses.iter().filter(|loss| loss.service.counts()) {
        let service = namespace(&loss.action);
        let of_service = actions(leaving).filter(|action| namespace(action) == service);
        let is_lost = |action: &str| {
            losses
                .iter()
                .any(|it| it.action == action && it.extent == Extent::Lost)
        };
        if !services.contains(&service) && { of_service }.all(is_lost) {
            services.push(service);
        }
    }
    services
}

fn actions(document: &PolicyDocument) -> impl Iterator<Item = &str> {
    let statements = document.statements.iter();
    let allowing =
        statements.filter(|it| it.effect == Effect::Allow && it.action.sense == Sense::Listed);
    allowing
        .flat_map(|it| it.action.patterns.iter())
        .map(crate::policy::ActionPattern::as_str)
}

/// How much of an action is lost; a pattern is asked for as it is written.
fn extent(after: &[PolicyDocument], action: &str) -> Option<Extent> {
    let attached = |document: &PolicyDocument| allows_alone(document, action);
    let documents: Vec<PolicyDocument> = after.iter().map(attached).collect();
    let identity = documents
        .iter()
        .map(|document| Attached { name: "", document });
    let policies = Policies {
        identity: identity.collect(),
        ..Policies::default()
    };
    let context = Context::unknown();
    let request = Request {
        action,
        resource: "*",
        principal: None,
        context: &context,
    };
    if decide(&policies, &request).outcome == Outcome::Allowed {
        return None;
    }
    let mut statements = documents
        .iter()
        .flat_map(|document| document.statements.iter());
    Some(
        if statements.any(|statement| is_about(&statement.action, action)) {
            Extent::Narrower
        } else {
            Extent::Lost
        },
    )
}

/// Denials hold before and after, and say nothing of what is lost. A pattern, asked for as it is written, may overlap
/// with what a statement leaves out, which then counts for nothing.
fn allows_alone(document: &PolicyDocument, action: &str) -> PolicyDocument {
    let is_pattern = action.contains(['*', '?']);
    let statements = document.statements.iter().filter(|it| {
        it.effect == Effect::Allow && (it.action.sense == Sense::Listed || !is_pattern)
    });
    PolicyDocument {
        version: document.version,
        id: None,
        statements: crate::policy::OneOrMany::Many(statements.cloned().collect()),
    }
}
