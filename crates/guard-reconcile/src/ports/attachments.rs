//! Which managed policies are attached to somebody, and how that is changed.

use guard_core::inventory::BearerKind;

use crate::error::{AttachError, PortError};

/// Reads what is attached, and nothing else.
pub trait ReadAttachments {
    /// The ARNs of the managed policies that are attached to a role, user or group; `None` when there is none of that
    /// name.
    fn attached(
        &self,
        kind: BearerKind,
        name: &str,
    ) -> impl Future<Output = Result<Option<Vec<String>>, PortError>> + Send;
}

/// Attaches and detaches managed policies. Both may be repeated: what is so already stays so.
pub trait WriteAttachments {
    /// Attaches a managed policy to a role: only roles get successors.
    fn attach(
        &self,
        role: &str,
        policy_arn: &str,
    ) -> impl Future<Output = Result<(), AttachError>> + Send;

    /// Detaches a managed policy; done as well when it, or whoever had it, is gone.
    fn detach(
        &self,
        kind: BearerKind,
        name: &str,
        policy_arn: &str,
    ) -> impl Future<Output = Result<(), AttachError>> + Send;
}
