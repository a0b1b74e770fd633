//! What has to be read before a forbidden policy can be ruled on.

use jiff::Timestamp;

use super::hindrance::hindrance;
use super::judge::{Observed, attached, carries, judge};
use super::mandate::Mandate;
use super::reason::Reason;
use crate::charter::{Enforcement, Forbidden, Pin};
use crate::inventory::{Bearer, BearerKind, Document, Source, Unknown};
use crate::trust::{Assumable, by_instances};

/// The managed policies whose documents the ruling needs and lacks, each once; none when nothing more can change it.
///
/// Of the account's own, those of successors and those that the role carries. AWS's own, as far as they are not known
/// without asking, only where the role seems to lose its records: they are many, and one of them may write them.
pub fn asks(
    mandate: &Mandate,
    entry: &Forbidden,
    observed: Observed<'_>,
    now: Timestamp,
) -> Vec<String> {
    let bearer = observed.bearer;
    let is_ruled_on = attached(bearer, entry).is_some()
        && hindrance(mandate, bearer, now).is_none()
        && is_of_instances(mandate, bearer);
    if !is_ruled_on {
        return Vec::new();
    }
    let (of_aws, mut own): (Vec<&str>, Vec<&str>) =
        unread(bearer).partition(|arn| arn.contains(":iam::aws:"));
    own.extend(successors(entry, observed));
    own.sort_unstable();
    own.dedup();
    if own.is_empty() && loses_records(mandate, entry, observed, now) {
        own = of_aws;
    }
    own.into_iter().map(str::to_owned).collect()
}

/// The managed policies that the bearer carries, its boundary among them, and that nobody has asked about, each once.
pub fn unasked(bearer: &Bearer) -> Vec<String> {
    let mut arns: Vec<String> = unread(bearer).map(str::to_owned).collect();
    arns.sort_unstable();
    arns.dedup();
    arns
}

fn is_of_instances(mandate: &Mandate, bearer: &Bearer) -> bool {
    match bearer.kind {
        BearerKind::User | BearerKind::Group => false,
        BearerKind::Role => {
            let regions = mandate.charter().regions();
            by_instances(bearer.trust.as_ref(), mandate.scope(), regions) == Assumable::Yes
        }
    }
}

/// The successors of the account's own that may be attached and were not read.
fn successors<'a>(entry: &'a Forbidden, observed: Observed<'a>) -> impl Iterator<Item = &'a str> {
    let gives_successors = match entry.enforcement {
        Enforcement::Detach => false,
        Enforcement::Report | Enforcement::Replace => true,
    };
    let successors = entry.successors.iter().filter(move |successor| {
        let is_pinned = match successor.pin {
            Pin::OfAws => false,
            Pin::Fingerprint(_) => true,
        };
        gives_successors
            && is_pinned
            && successor.is_used(&entry.agent_uses)
            && !carries(observed.bearer, |arn| successor.is(arn))
            && !observed.successors.contains_key(&successor.policy)
    });
    successors.map(|successor| successor.policy.as_str())
}

fn unread(bearer: &Bearer) -> impl Iterator<Item = &str> {
    let carried = bearer.policies.iter().chain(&bearer.boundary);
    carried.filter_map(|carried| match (&carried.source, &carried.document) {
        (Source::Managed { arn }, Document::Unknown(Unknown::Unasked)) => Some(arn.as_str()),
        _ => None,
    })
}

fn loses_records(
    mandate: &Mandate,
    entry: &Forbidden,
    observed: Observed<'_>,
    now: Timestamp,
) -> bool {
    let ruling = judge(mandate, entry, observed, now);
    let of_records = |reason: &Reason| matches!(reason, Reason::LogLost { .. });
    ruling.reasons.iter().any(of_records)
}
