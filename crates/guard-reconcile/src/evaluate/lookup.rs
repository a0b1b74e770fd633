//! What the names of policies and groups stand for, asked of IAM one by one.

use std::sync::Arc;

use guard_core::inventory::{Bearer, BearerKind, Document, Entity, Library, Need, Unknown};
use guard_core::managed;

use super::judge::Judge;
use crate::error::{FailureClass, PortError};
use crate::patience::patiently;
use crate::ports::{Clock, ReadEntities};

/// A role, user or group with everything that it carries.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) bearer: Bearer,
    /// Whether it names something that is not there any more, and so is out of date itself.
    pub(super) is_outdated: bool,
}

/// Looks everything up that the entity names and the judge asks about. What was found stays in the library for others
/// who name it too.
pub(super) async fn look_up<P: ReadEntities + Clock>(
    entity: Entity,
    library: &mut Library,
    judge: &Judge<'_>,
    ports: &P,
) -> Result<Found, PortError> {
    let mut is_outdated = false;
    loop {
        let mut needs = library.needs(&entity);
        needs.retain(|need| judge.asks(&entity, need));
        if needs.is_empty() {
            let bearer = library.bearer(entity);
            return Ok(Found {
                bearer,
                is_outdated,
            });
        }
        for need in needs {
            match need {
                Need::ManagedPolicy(arn) => {
                    let document = match packed(&arn, judge) {
                        Some(document) => document,
                        None => policy(&arn, ports).await?,
                    };
                    is_outdated |= is_missing(&document);
                    library.add_policy(&arn, document);
                }
                Need::Group(name) => {
                    let group = group(&name, ports).await?;
                    is_outdated |= group.is_err();
                    library.add_group(&name, group);
                }
            }
        }
    }
}

const MISSING: &str = "IAM does not know it";

fn is_missing(document: &Document) -> bool {
    match document {
        Document::Unknown(Unknown::Unavailable { why }) => why == MISSING,
        Document::Known(_) | Document::Unknown(_) => false,
    }
}

fn missing() -> Unknown {
    Unknown::Unavailable {
        why: MISSING.to_owned(),
    }
}

/// What a policy of AWS's says, without a call.
fn packed(arn: &str, judge: &Judge<'_>) -> Option<Document> {
    let document = managed::document(arn).filter(|_| judge.trusts_packed_texts())?;
    Some(Document::Known(Arc::new(document)))
}

async fn policy<P: ReadEntities + Clock>(arn: &str, ports: &P) -> Result<Document, PortError> {
    let answered = patiently(ports, async || ports.policy(arn).await).await;
    Ok(match known_or_not(answered)? {
        Ok(Some(document)) => document,
        Ok(None) => Document::Unknown(missing()),
        Err(unknown) => Document::Unknown(unknown),
    })
}

async fn group<P: ReadEntities + Clock>(
    name: &str,
    ports: &P,
) -> Result<Result<Entity, Unknown>, PortError> {
    let call = async || ports.entity(BearerKind::Group, name).await;
    let answered = known_or_not(patiently(ports, call).await)?;
    Ok(answered.and_then(|group| group.ok_or_else(missing)))
}

/// What cannot be read is unknown, and says so in what is told of the bearer. What waiting or a permission may cure is a
/// failure of the run: it comes again and raises an alarm, and nobody is accused of it.
fn known_or_not<T>(answered: Result<T, PortError>) -> Result<Result<T, Unknown>, PortError> {
    Ok(match answered {
        Ok(answer) => Ok(answer),
        Err(error) => match error.class {
            FailureClass::Throttled | FailureClass::Unavailable | FailureClass::Denied => {
                return Err(error);
            }
            FailureClass::Absent => Err(missing()),
            FailureClass::Malformed => Err(Unknown::Unavailable {
                why: "IAM's answer cannot be read".to_owned(),
            }),
        },
    })
}
