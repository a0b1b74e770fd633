//! Why nobody shall, or can, change somebody.

use jiff::Timestamp;

use super::judge::Ruling;
use super::mandate::Mandate;
use super::reason::Reason;
use crate::inventory::{Bearer, BearerKind, Entity};

impl Ruling {
    /// The same on a text that was put into somebody, with the charter's exemption if there is one.
    #[must_use]
    pub fn about(mut self, entity: &Entity, mandate: &Mandate, now: Timestamp) -> Self {
        self.reasons
            .extend(exemption(mandate, entity.arn(), entity.id(), now));
        self
    }
}

/// Why nobody shall, or can, change the bearer.
pub(super) fn hindrance(mandate: &Mandate, bearer: &Bearer, now: Timestamp) -> Option<Reason> {
    exemption(mandate, &bearer.arn, &bearer.id, now)
        .or_else(|| is_immutable(bearer).then_some(Reason::Immutable))
}

fn exemption(mandate: &Mandate, arn: &str, id: &str, now: Timestamp) -> Option<Reason> {
    let charter = mandate.charter();
    let exemption = charter.exemption(arn, Some(id), "forbidden-policy", now)?;
    Some(Reason::Exempt {
        until: exemption.until,
        reason: exemption.reason.clone(),
    })
}

/// Whether the account cannot change the role: IAM answers `UnmodifiableEntity`.
fn is_immutable(bearer: &Bearer) -> bool {
    bearer.kind == BearerKind::Role
        && ["/aws-service-role/", "/aws-reserved/"]
            .iter()
            .any(|path| bearer.path.starts_with(path))
}
