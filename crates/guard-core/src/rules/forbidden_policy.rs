//! `forbidden-policy`: who carries a policy that the charter forbids, has it as a boundary, or has what it grants by a
//! policy of the account's own.

use jiff::Timestamp;

use super::role_logging::{can_open_channels, is_of_instances};
use super::{Certainty, Finding, FindingCode, ForbiddenFault, Place, wording};
use crate::charter::Forbidden;
use crate::inventory::{Bearer, Carried, Entity, Need, Source};
use crate::policy::PolicyDocument;
use crate::roles::{Copied, Mandate, copied, opened};

/// What is wrong with the bearer, the gravest first; everybody is the rule's business.
pub fn judge(bearer: &Bearer, mandate: &Mandate, _now: Timestamp) -> Option<Vec<Finding>> {
    let forbidden = |carried: &Carried| {
        let arn = managed(carried)?;
        Some((mandate.charter().forbids(arn)?, arn.to_owned()))
    };
    let is_of_instances = is_of_instances(bearer.kind, bearer.trust.as_ref(), mandate);
    let attached = bearer.policies.iter().filter_map(forbidden);
    let attached = attached.map(|(entry, arn)| {
        let name = last(&arn);
        let what = format!("carries the forbidden policy `{name}`");
        finding(
            ForbiddenFault::Attached,
            what,
            how_to_leave(entry, is_of_instances),
        )
    });
    let mut findings: Vec<Finding> = attached.collect();
    let boundary = bearer.boundary.as_ref().and_then(forbidden);
    findings.extend(boundary.map(|(_, arn)| {
        let what = format!("has the forbidden policy `{}` as its boundary", last(&arn));
        let advice = "put a boundary of your own in its place; only to take it off would set the bearer free";
        finding(ForbiddenFault::Boundary, what, advice.to_owned())
    }));
    if looks_for_copies(mandate) {
        findings.extend(copies(bearer, mandate, is_of_instances));
        findings.extend(unknown(bearer));
    }
    findings.sort_by_key(|finding| finding.code);
    Some(findings)
}

/// Whether what is found of somebody rests on what `need` stands for.
///
/// A forbidden policy is known by its name. What others grant counts only where the account wrote them: each by itself,
/// or, of a role of instances, together with everything else that the role has, within its boundary. What somebody has
/// of a group is told of the group.
pub fn asks(entity: &Entity, need: &Need, mandate: &Mandate) -> bool {
    let arn = match need {
        Need::Group(_) => return false,
        Need::ManagedPolicy(arn) => arn,
    };
    let is_own = !is_of_aws(arn) && entity.attached().contains(arn);
    looks_for_copies(mandate) && (is_own || is_of_instances(entity.kind(), entity.trust(), mandate))
}

/// Whether the policy is forbidden of which copies are known by what they grant.
fn looks_for_copies(mandate: &Mandate) -> bool {
    let mut forbidden = mandate.charter().forbidden().iter();
    forbidden.any(Forbidden::is_deprecated)
}

fn how_to_leave(entry: &Forbidden, is_of_instances: bool) -> String {
    if !is_of_instances {
        return "detach it".to_owned();
    }
    let names = entry
        .successors
        .iter()
        .map(|successor| last(&successor.policy));
    let names: Vec<_> = names.take(3).collect();
    if names.is_empty() {
        return "attach what succeeds it, then detach it".to_owned();
    }
    format!(
        "attach {}, see that sessions stay recorded, then detach it",
        names.join(", ")
    )
}

/// Policies of the account's own that grant what is forbidden.
///
/// What one policy of an instance's role lets it read, another may let it write: they are asked together. Whoever is no
/// instance is told of a policy that is one of instances.
fn copies(bearer: &Bearer, mandate: &Mandate, is_of_instances: bool) -> Vec<Finding> {
    let own = bearer.policies.iter().filter(|carried| is_own(carried));
    let own: Vec<(&Carried, &PolicyDocument)> = own
        .filter_map(|carried| Some((carried, carried.document.known()?)))
        .collect();
    if is_of_instances && can_open_channels(bearer) {
        let documents: Vec<&PolicyDocument> = own.iter().map(|(_, document)| *document).collect();
        let boundary = bearer.boundary.as_ref().and_then(|it| it.document.known());
        let opened = opened(&documents, boundary, mandate.scope());
        let found = opened.and_then(|(policy, copied)| Some((own.get(policy)?.0, copied)));
        return found
            .into_iter()
            .map(|(carried, copied)| of_copy(carried, copied))
            .collect();
    }
    let copies = own
        .iter()
        .filter_map(|(carried, document)| Some((*carried, copied(document, mandate.scope())?)));
    copies
        .map(|(carried, copied)| of_copy(carried, copied))
        .collect()
}

fn of_copy(carried: &Carried, copied: Copied) -> Finding {
    let sid = carried.document.known().and_then(|document| {
        let statements = document.statements.as_slice();
        statements.get(copied.statement)?.sid.clone()
    });
    Finding {
        certainty: if copied.on.is_empty() {
            Certainty::Certain
        } else {
            Certainty::Conditional { on: copied.on }
        },
        place: Some(Place {
            policy: wording::policy(&carried.source),
            statement: copied.statement,
            sid,
        }),
        ..finding(
            ForbiddenFault::GrantsCopied,
            "lets instances read and write every bucket, as AmazonEC2RoleforSSM does".to_owned(),
            "name the buckets that are needed".to_owned(),
        )
    }
}

/// What nobody can read may grant anything.
fn unknown(bearer: &Bearer) -> impl Iterator<Item = Finding> {
    let own = bearer.policies.iter().filter(|carried| is_own(carried));
    own.filter_map(wording::unknown)
}

/// Whether the account wrote the policy, and not for a group, which is judged by itself.
fn is_own(carried: &Carried) -> bool {
    match &carried.source {
        Source::Inline { .. } => true,
        Source::Managed { arn } => !is_of_aws(arn),
        Source::GroupInline { .. } | Source::GroupManaged { .. } | Source::Group { .. } => false,
    }
}

fn is_of_aws(arn: &str) -> bool {
    arn.contains(":iam::aws:policy/")
}

fn managed(carried: &Carried) -> Option<&str> {
    match &carried.source {
        Source::Managed { arn } => Some(arn),
        Source::Inline { .. }
        | Source::GroupInline { .. }
        | Source::GroupManaged { .. }
        | Source::Group { .. } => None,
    }
}

fn finding(fault: ForbiddenFault, what: String, advice: String) -> Finding {
    Finding {
        code: FindingCode::Forbidden(fault),
        certainty: Certainty::Certain,
        place: None,
        example: None,
        what,
        advice,
    }
}

fn last(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or_default()
}
