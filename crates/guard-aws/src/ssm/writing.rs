//! How the preferences document is written.
//!
//! Members and errors after the Systems Manager API reference, `UpdateDocument`, `UpdateDocumentDefaultVersion`,
//! `CreateDocument`, `DeleteDocument` and `ModifyDocumentPermission`.
//!
//! The SDK sends a call again when its answer was lost. Every write here bears that: one that had succeeded after all
//! is then refused as a conflict, and a conflict leads to a new reading.

use std::collections::BTreeMap;
use std::error::Error;

use aws_sdk_ssm::error::BuildError;
use aws_sdk_ssm::types::{
    DocumentDescription, DocumentFormat, DocumentPermissionType, DocumentType, Tag,
};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use guard_core::names::{PREFERENCES_DOCUMENT, Version};
use guard_reconcile::error::{FailureClass, WriteError};
use guard_reconcile::ports::WritePreferences;

use super::documents::{Preferences, attempt, attempt_on};
use super::reading::{is_any_of, version};
use crate::failure::{Attempt, CallError, chain, code};

/// The most accounts that one `ModifyDocumentPermission` takes.
const ACCOUNTS_PER_CALL: usize = 20;

impl WritePreferences for Preferences {
    async fn update(&self, read: Version, content: &str) -> Result<Version, WriteError> {
        let attempt = attempt("update");
        let call = self
            .client
            .update_document()
            .name(PREFERENCES_DOCUMENT)
            .content(content);
        // The number, not `$LATEST`: "version provided … is not latest" is then the service's answer to a change that
        // came between reading and writing.
        let call = call
            .document_version(read.to_string())
            .document_format(DocumentFormat::Json);
        let answer = call
            .send()
            .await
            .map_err(|error| refused(&attempt, error))?;
        written(&attempt, answer.document_description)
    }

    async fn move_default(&self, version: Version) -> Result<(), WriteError> {
        let attempt = attempt_on("make the default version", version);
        let call = self
            .client
            .update_document_default_version()
            .name(PREFERENCES_DOCUMENT);
        let answer = call.document_version(version.to_string()).send().await;
        answer.map(drop).map_err(|error| refused(&attempt, error))
    }

    async fn create(
        &self,
        content: &str,
        tags: &BTreeMap<String, String>,
    ) -> Result<Version, WriteError> {
        let attempt = attempt("create");
        let tags = tags
            .iter()
            .map(|(key, value)| Tag::builder().key(key).value(value).build())
            .collect::<Result<Vec<_>, BuildError>>()
            .map_err(|error| attempt.error(FailureClass::Malformed, error))?;
        let call = self
            .client
            .create_document()
            .name(PREFERENCES_DOCUMENT)
            .content(content);
        let call = call
            .document_type(DocumentType::Session)
            .document_format(DocumentFormat::Json);
        let call = call.set_tags(Some(tags).filter(|tags| !tags.is_empty()));
        let answer = call
            .send()
            .await
            .map_err(|error| refused(&attempt, error))?;
        written(&attempt, answer.document_description)
    }

    async fn delete(&self) -> Result<(), WriteError> {
        let attempt = attempt("delete");
        match self
            .client
            .delete_document()
            .name(PREFERENCES_DOCUMENT)
            // Some types, which somebody may have given the document, are not deleted without it.
            .force(true)
            .send()
            .await
        {
            Ok(_) => Ok(()),
            Err(error) if is_any_of(&["InvalidDocument"], &error) => Ok(()),
            Err(error) => Err(refused(&attempt, error)),
        }
    }

    async fn delete_version(&self, version: Version) -> Result<(), WriteError> {
        let attempt = attempt_on("delete", version);
        let call = self.client.delete_document().name(PREFERENCES_DOCUMENT);
        match call.document_version(version.to_string()).send().await {
            Ok(_) => Ok(()),
            Err(error) if is_any_of(&["InvalidDocument", "InvalidDocumentVersion"], &error) => {
                Ok(())
            }
            Err(error) => Err(refused(&attempt, error)),
        }
    }

    async fn unshare(&self, accounts: &[String]) -> Result<(), WriteError> {
        let attempt = attempt("unshare");
        for some in accounts.chunks(ACCOUNTS_PER_CALL) {
            let call = self
                .client
                .modify_document_permission()
                .name(PREFERENCES_DOCUMENT);
            let call = call.permission_type(DocumentPermissionType::Share);
            let answer = call
                .set_account_ids_to_remove(Some(some.to_vec()))
                .send()
                .await;
            answer.map_err(|error| refused(&attempt, error))?;
        }
        Ok(())
    }
}

/// The version that a write made, by its own answer.
fn written(
    attempt: &Attempt,
    document: Option<DocumentDescription>,
) -> Result<Version, WriteError> {
    let document = document.ok_or_else(|| attempt.lacks("DocumentDescription"))?;
    let made = version(
        attempt,
        "DocumentDescription.DocumentVersion",
        document.document_version,
    )?;
    match document.latest_version {
        // Somebody wrote in the same moment, so what was read before this write is out of date.
        Some(latest) if latest != made.to_string() => Err(WriteError::Conflict {
            operation: attempt.operation(),
        }),
        _ => Ok(made),
    }
}

/// Sorts the refusals that a revert answers in its own way from those it can only report.
fn refused<E>(attempt: &Attempt, error: CallError<E>) -> WriteError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    match code(&error) {
        Some(
            "DocumentAlreadyExists"
            | "InvalidDocument"
            | "InvalidDocumentOperation"
            | "InvalidDocumentVersion"
            | "TooManyUpdates",
        ) => {
            tracing::debug!(error = chain(&error), "refused for the document's state");
            WriteError::Conflict {
                operation: attempt.operation(),
            }
        }
        Some("DuplicateDocumentContent") => WriteError::Duplicate,
        Some("DocumentVersionLimitExceeded") => WriteError::VersionLimit,
        _ => WriteError::Port(attempt.failed(error)),
    }
}
