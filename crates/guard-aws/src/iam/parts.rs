//! Parts of roles, users and groups, as several of IAM's answers have them.

use std::collections::BTreeMap;

use aws_sdk_iam::types::{AttachedPermissionsBoundary, AttachedPolicy, PolicyVersion, Tag};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use guard_core::inventory::{BearerKind, Document, Entity, Problem, Unknown};
use guard_reconcile::error::{FailureClass, PortError};

use crate::failure::{Attempt, CallError, code};

/// An entity without policies.
pub(super) fn entity(
    attempt: &Attempt,
    kind: BearerKind,
    id: &str,
    arn: &str,
) -> Result<Entity, PortError> {
    Entity::new(kind, id, arn).map_err(|problem| malformed(attempt, problem))
}

pub(super) fn attach(
    attempt: &Attempt,
    entity: &mut Entity,
    policies: Vec<AttachedPolicy>,
) -> Result<(), PortError> {
    for policy in policies {
        let arn = policy
            .policy_arn
            .ok_or_else(|| attempt.lacks("AttachedPolicies.PolicyArn"))?;
        entity
            .attach(&arn)
            .map_err(|problem| malformed(attempt, problem))?;
    }
    Ok(())
}

pub(super) fn add_inline(
    attempt: &Attempt,
    entity: &mut Entity,
    name: &str,
    document: &str,
) -> Result<(), PortError> {
    entity
        .add_inline(name, Document::read(document))
        .map_err(|problem| malformed(attempt, problem))
}

pub(super) fn add_group(
    attempt: &Attempt,
    entity: &mut Entity,
    name: &str,
) -> Result<(), PortError> {
    entity
        .add_group(name)
        .map_err(|problem| malformed(attempt, problem))
}

pub(super) fn set_boundary(
    attempt: &Attempt,
    entity: &mut Entity,
    boundary: Option<AttachedPermissionsBoundary>,
) -> Result<(), PortError> {
    let Some(boundary) = boundary else {
        return Ok(());
    };
    let arn = boundary
        .permissions_boundary_arn
        .ok_or_else(|| attempt.lacks("PermissionsBoundary.PermissionsBoundaryArn"))?;
    entity
        .set_boundary(&arn)
        .map_err(|problem| malformed(attempt, problem))
}

/// All tags; IAM leaves the list out where there are none.
pub(super) fn tags(tags: Option<Vec<Tag>>) -> BTreeMap<String, String> {
    let tags = tags.unwrap_or_default().into_iter();
    tags.map(|tag| (tag.key, tag.value)).collect()
}

/// What the default one of a policy's versions says.
pub(super) fn default_version(
    attempt: &Attempt,
    versions: Vec<PolicyVersion>,
    default: Option<&str>,
) -> Result<Document, PortError> {
    let mut defaults = versions
        .into_iter()
        .filter(|version| version.is_default_version);
    let Some(version) = defaults.next() else {
        return Ok(Document::Unknown(Unknown::NoDefaultVersion));
    };
    let is_disputed = defaults.next().is_some()
        || default.is_some_and(|id| version.version_id.as_deref() != Some(id));
    if is_disputed {
        return Ok(Document::Unknown(Unknown::DisputedDefaultVersion));
    }
    let document = version
        .document
        .ok_or_else(|| attempt.lacks("PolicyVersion.Document"))?;
    Ok(Document::read(&document))
}

pub(super) fn malformed(attempt: &Attempt, problem: Problem) -> PortError {
    attempt.error(FailureClass::Malformed, problem)
}

/// An answer; `None` if IAM knows nothing of that name.
pub(super) fn found<T, E>(
    attempt: &Attempt,
    answer: Result<T, CallError<E>>,
) -> Result<Option<T>, PortError>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(error) if code(&error) == Some("NoSuchEntity") => Ok(None),
        Err(error) => Err(attempt.failed(error)),
    }
}

/// An answer about something that was there a moment ago; that it is gone says that all of it must be read again.
pub(super) fn still_there<T, E>(
    attempt: &Attempt,
    answer: Result<T, CallError<E>>,
) -> Result<T, PortError>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    found(attempt, answer)?.ok_or_else(|| attempt.error(FailureClass::Unavailable, Changed))
}

#[derive(Debug, thiserror::Error)]
#[error("it changed while it was read")]
struct Changed;
