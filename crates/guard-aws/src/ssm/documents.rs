//! The preferences document of one account and Region.

use std::time::Duration;

use aws_sdk_ssm::Client;
use guard_core::names::{PREFERENCES_DOCUMENT, Version};
use guard_reconcile::ports::ReadPreferences;

use crate::config::Aws;
use crate::failure::{Attempt, chain};

/// Well within the ten seconds that Lambda gives a function to initialise (Lambda Developer Guide, "Understanding the
/// Lambda execution environment lifecycle").
const WARM_UP_TIMEOUT: Duration = Duration::from_secs(3);

/// Reads and writes `SSM-SessionManagerRunShell`.
#[derive(Debug, Clone)]
pub struct Preferences {
    pub(super) client: Client,
}

impl Preferences {
    /// The permissions that the calls made here need, each on the document alone.
    ///
    /// `AddTagsToResource` is never called: `CreateDocument` needs it to set tags (Service Authorization Reference,
    /// "Actions, resources, and condition keys for AWS Systems Manager").
    pub const ACTIONS: &[&str] = &[
        "ssm:AddTagsToResource",
        "ssm:CreateDocument",
        "ssm:DeleteDocument",
        "ssm:DescribeDocument",
        "ssm:DescribeDocumentPermission",
        "ssm:GetDocument",
        "ssm:ListDocumentVersions",
        "ssm:ModifyDocumentPermission",
        "ssm:UpdateDocument",
        "ssm:UpdateDocumentDefaultVersion",
    ];

    /// The permissions that reading alone needs.
    pub const READING: &[&str] = &[
        "ssm:DescribeDocument",
        "ssm:DescribeDocumentPermission",
        "ssm:GetDocument",
        "ssm:ListDocumentVersions",
    ];

    /// The document in the account and Region that `aws` gives access to.
    pub fn new(aws: &Aws) -> Self {
        Self {
            client: super::client(aws),
        }
    }

    /// Opens the connection that a revert runs on, so that its handshake falls into a function's initialisation and
    /// not between an event and its revert.
    ///
    /// It asks a question whose answer is thrown away. A failure is logged and no more: the first event would meet
    /// it again and judge it there.
    pub async fn warm_up(&self) {
        match tokio::time::timeout(WARM_UP_TIMEOUT, self.describe()).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                tracing::warn!(
                    error = chain(&error),
                    "the first call to Systems Manager failed"
                );
            }
            Err(_) => tracing::warn!("the first call to Systems Manager was not answered"),
        }
    }
}

/// A call applied to the document as a whole.
pub(super) fn attempt(operation: &'static str) -> Attempt {
    Attempt::to(operation, PREFERENCES_DOCUMENT)
}

/// A call applied to one of its versions.
pub(super) fn attempt_on(operation: &'static str, version: Version) -> Attempt {
    Attempt::to(operation, format!("{PREFERENCES_DOCUMENT}:{version}"))
}
