//! The account behind the ports that change who carries which managed policies.

use guard_core::inventory::BearerKind;
use guard_reconcile::error::{AttachError, FailureClass, PortError};
use guard_reconcile::ports::{ReadAttachments, WriteAttachments};

use super::FakeAccount;
use super::ports::port_error;
use crate::calls::Call;
use crate::document::Refusal;

impl ReadAttachments for FakeAccount {
    async fn attached(
        &self,
        kind: BearerKind,
        name: &str,
    ) -> Result<Option<Vec<String>>, PortError> {
        let on = format!("{kind} {name}");
        self.call(Call::Attached, on, |state| state.iam.shown(kind, name))
            .await
    }
}

impl WriteAttachments for FakeAccount {
    async fn attach(&self, role: &str, arn: &str) -> Result<(), AttachError> {
        let on = format!("{role} {arn}");
        let answer = self.call(Call::Attach, on, |state| state.iam.attach(role, arn));
        answer.await?.map_err(attach_error)
    }

    async fn detach(&self, kind: BearerKind, name: &str, arn: &str) -> Result<(), AttachError> {
        let on = format!("{kind} {name} {arn}");
        let answer = self.call(Call::Detach, on, |state| state.iam.detach(kind, name, arn));
        match answer.await? {
            Err(refusal) if refusal.code == "NoSuchEntity" => Ok(()),
            answer => answer.map_err(attach_error),
        }
    }
}

/// Sorted as the adapters sort the service's error codes.
fn attach_error(refusal: Refusal) -> AttachError {
    match refusal.code {
        "NoSuchEntity" => AttachError::Gone,
        "LimitExceeded" => AttachError::Quota,
        "UnmodifiableEntity" => AttachError::Immutable,
        "ConcurrentModification" => AttachError::Conflict,
        _ => AttachError::Port(port_error(FailureClass::Malformed, refusal)),
    }
}
