//! Somebody as IAM shows them now, with all documents that a ruling needs.

use std::collections::BTreeMap;
use std::time::Duration;

use guard_core::charter::Forbidden;
use guard_core::inventory::{Bearer, Document, Entity, Library, Need, Unknown};
use guard_core::managed;
use guard_core::roles::{BearerName, Change, Mandate, Observed, asks, unasked};
use jiff::{SignedDuration, Timestamp};

use crate::error::{FailureClass, PortError};
use crate::patience::patiently;
use crate::ports::AttachmentPorts;

/// IAM's answers are eventually consistent (IAM user guide, "Changes that I make are not always immediately visible"):
/// what an event tells may not be shown yet. Events come some seconds after their call, so that most need no pause.
const YOUNG: SignedDuration = SignedDuration::from_secs(30);
const PAUSE: Duration = Duration::from_secs(5);
const MOST_PAUSES: usize = 3;

/// How much of what somebody carries is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// As much as the ruling rests on.
    Ruling,
    /// Everything: what somebody uses may be granted by any policy.
    Everything,
}

/// Somebody, and documents.
#[derive(Debug, Clone)]
pub struct Look {
    depth: Depth,
    entity: Entity,
    bearer: Bearer,
    documents: BTreeMap<String, Document>,
}

impl Look {
    /// What a ruling is made of.
    pub fn observed(&self) -> Observed<'_> {
        Observed {
            bearer: &self.bearer,
            successors: &self.documents,
        }
    }

    /// Whether the forbidden policy is attached.
    pub(super) fn carries(&self, entry: &Forbidden) -> bool {
        self.entity.attached().iter().any(|arn| entry.is(arn))
    }

    /// How much of what somebody carries it shows.
    pub(super) fn depth(&self) -> Depth {
        self.depth
    }

    fn new(entity: Entity, depth: Depth) -> Self {
        let documents = BTreeMap::new();
        let bearer = bearer(&entity, &documents);
        Self {
            depth,
            entity,
            bearer,
            documents,
        }
    }

    /// Reads what the ruling lacks, until nothing more can change it.
    async fn complete<P: AttachmentPorts>(
        mut self,
        mandate: &Mandate,
        entry: &Forbidden,
        ports: &P,
    ) -> Result<Self, PortError> {
        loop {
            let wanted = self.wanted(mandate, entry, ports.now());
            if wanted.is_empty() {
                return Ok(self);
            }
            for arn in wanted {
                let document = patiently(ports, async || ports.policy(&arn).await).await?;
                let document = document.unwrap_or_else(|| {
                    let why = "IAM does not know it".to_owned();
                    Document::Unknown(Unknown::Unavailable { why })
                });
                self.documents.insert(arn, document);
            }
            self.bearer = bearer(&self.entity, &self.documents);
        }
    }

    fn wanted(&self, mandate: &Mandate, entry: &Forbidden, now: Timestamp) -> Vec<String> {
        let wanted = asks(mandate, entry, self.observed(), now);
        match self.depth {
            Depth::Everything if wanted.is_empty() => unasked(&self.bearer),
            Depth::Ruling | Depth::Everything => wanted,
        }
    }

    /// The same with what is attached by now.
    pub(super) async fn with_attached<P: AttachmentPorts>(
        mut self,
        attached: &[String],
        mandate: &Mandate,
        entry: &Forbidden,
        ports: &P,
    ) -> Result<Self, PortError> {
        let attached = attached.iter().map(String::as_str);
        self.entity
            .set_attached(attached)
            .map_err(|problem| PortError {
                operation: "read the attached policies of",
                on: self.bearer.name.clone(),
                class: FailureClass::Malformed,
                source: Box::new(problem),
            })?;
        self.bearer = bearer(&self.entity, &self.documents);
        self.complete(mandate, entry, ports).await
    }
}

/// Somebody with everything that is known of what they carry, AWS's own policies without asking.
fn bearer(entity: &Entity, documents: &BTreeMap<String, Document>) -> Bearer {
    let mut library = Library::default();
    for need in library.needs(entity) {
        if let Need::ManagedPolicy(arn) = need {
            let known = || managed::document(&arn).map(|it| Document::Known(it.into()));
            if let Some(document) = documents.get(&arn).cloned().or_else(known) {
                library.add_policy(&arn, document);
            }
        }
    }
    library.bearer(entity.clone())
}

/// Somebody with everything that a ruling needs, or with all there is; `None` when there is nobody of that name.
pub async fn look<P: AttachmentPorts>(
    mandate: &Mandate,
    entry: &Forbidden,
    bearer: &BearerName,
    depth: Depth,
    ports: &P,
) -> Result<Option<Look>, PortError> {
    let BearerName { kind, name } = bearer;
    let entity = patiently(ports, async || ports.entity(*kind, name).await).await?;
    match entity {
        None => Ok(None),
        Some(entity) => {
            let look = Look::new(entity, depth);
            look.complete(mandate, entry, ports).await.map(Some)
        }
    }
}

/// The pauses before each further look for what a change brought.
pub(super) fn pauses(change: &Change, now: Timestamp) -> impl Iterator<Item = Duration> {
    let is_young = now.duration_since(change.at) < YOUNG;
    std::iter::repeat_n(PAUSE, if is_young { MOST_PAUSES } else { 0 })
}

/// Whether IAM shows the policy attached to somebody.
pub(super) async fn is_shown<P: AttachmentPorts>(
    entry: &Forbidden,
    bearer: &BearerName,
    ports: &P,
) -> Result<bool, PortError> {
    let BearerName { kind, name } = bearer;
    let attached = patiently(ports, async || ports.attached(*kind, name).await).await?;
    let attached = attached.unwrap_or_default();
    Ok(attached.iter().any(|arn| entry.is(arn)))
}
