//! One write of what is attached, and the looks until IAM shows it.

use std::time::Duration;

use guard_core::migration::Deed;
use guard_core::roles::BearerName;

use crate::error::{AttachError, PoliciesError, PortError};
use crate::patience::patiently;
use crate::ports::{AttachmentPorts, WriteAttachments};

/// Before the next look: whether IAM shows what was done, or what somebody else does at the same moment.
pub(super) const PAUSE: Duration = Duration::from_millis(500);
const MOST_LOOKS: usize = 30;

/// Makes one attempt; the inner result is what another attempt would not change.
pub(super) async fn attempt<P: WriteAttachments>(
    ports: &P,
    deed: Deed,
    bearer: &BearerName,
    policy: &str,
) -> Result<Result<(), AttachError>, PortError> {
    let BearerName { kind, name } = bearer;
    let answered = match deed {
        Deed::Attach => ports.attach(name, policy).await,
        Deed::Detach => ports.detach(*kind, name, policy).await,
    };
    match answered {
        Err(AttachError::Port(error)) => Err(error),
        answered => Ok(answered),
    }
}

/// Reads what is attached until it is what was done; `None` when whoever it was done to is gone.
pub(super) async fn shown<P: AttachmentPorts>(
    ports: &P,
    deed: Deed,
    bearer: &BearerName,
    policy: &str,
) -> Result<Option<Vec<String>>, PoliciesError> {
    let BearerName { kind, name } = bearer;
    let mut was_missing = false;
    for _ in 0..MOST_LOOKS {
        match patiently(ports, async || ports.attached(*kind, name).await).await? {
            Some(attached) => {
                was_missing = false;
                let is_there = attached.iter().any(|arn| arn.eq_ignore_ascii_case(policy));
                if is_there == (deed == Deed::Attach) {
                    return Ok(Some(attached));
                }
            }
            // One answer of that kind may be older than the write was.
            None if was_missing => return Ok(None),
            None => was_missing = true,
        }
        ports.pause(PAUSE).await;
    }
    Err(PoliciesError::Unsettled { on: name.clone() })
}
