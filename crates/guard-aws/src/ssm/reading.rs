//! How the preferences document is read.
//!
//! Members and errors after the Systems Manager API reference, `DescribeDocument`, `GetDocument`,
//! `ListDocumentVersions` and `DescribeDocumentPermission`.

use aws_sdk_ssm::types::{
    DocumentDescription, DocumentFormat, DocumentPermissionType, DocumentStatus,
};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use guard_core::facts::{Described, ListedVersion};
use guard_core::names::{PREFERENCES_DOCUMENT, Version};
use guard_reconcile::error::{FailureClass, PortError};
use guard_reconcile::ports::ReadPreferences;

use super::documents::{Preferences, attempt, attempt_on};
use crate::failure::{Attempt, CallError, Unfit, code};
use crate::time::timestamp;

/// The most that `ListDocumentVersions` gives in one page.
const VERSIONS_PER_PAGE: i32 = 50;
/// The most that `DescribeDocumentPermission` gives in one page.
const SHARES_PER_PAGE: i32 = 200;

/// "The specified SSM document doesn't exist."
const NO_DOCUMENT: &[&str] = &["InvalidDocument"];
/// The same, or "the document version isn't valid or doesn't exist".
const NO_VERSION: &[&str] = &["InvalidDocument", "InvalidDocumentVersion"];

impl ReadPreferences for Preferences {
    async fn describe(&self) -> Result<Option<Described>, PortError> {
        let attempt = attempt("describe");
        let Some(document) = self
            .describe_version(&attempt, "$LATEST", NO_DOCUMENT)
            .await?
        else {
            return Ok(None);
        };
        let document_type = document
            .document_type
            .ok_or_else(|| attempt.lacks("Document.DocumentType"))?;
        Ok(Some(Described {
            latest: version(&attempt, "Document.LatestVersion", document.latest_version)?,
            default: version(
                &attempt,
                "Document.DefaultVersion",
                document.default_version,
            )?,
            hash: document
                .hash
                .ok_or_else(|| attempt.lacks("Document.Hash"))?,
            document_type: document_type.as_str().to_owned(),
            created: document.created_date.as_ref().and_then(timestamp),
        }))
    }

    async fn hash(&self, version: Version) -> Result<Option<String>, PortError> {
        let attempt = attempt_on("read the hash of", version);
        let document = self
            .describe_version(&attempt, &version.to_string(), NO_VERSION)
            .await?;
        document
            .map(|document| document.hash.ok_or_else(|| attempt.lacks("Document.Hash")))
            .transpose()
    }

    async fn content(&self, version: Version) -> Result<Option<String>, PortError> {
        let attempt = attempt_on("read the content of", version);
        let call = self.client.get_document().name(PREFERENCES_DOCUMENT);
        let call = call
            .document_version(version.to_string())
            .document_format(DocumentFormat::Json);
        match call.send().await {
            Ok(answer) => answer
                .content
                .map(Some)
                .ok_or_else(|| attempt.lacks("Content")),
            Err(error) if is_any_of(NO_VERSION, &error) => Ok(None),
            Err(error) => Err(attempt.failed(error)),
        }
    }

    async fn versions(&self) -> Result<Vec<ListedVersion>, PortError> {
        let attempt = attempt("list the versions of");
        let call = self
            .client
            .list_document_versions()
            .name(PREFERENCES_DOCUMENT);
        let mut pages = call.into_paginator().page_size(VERSIONS_PER_PAGE).send();
        let mut versions = Vec::new();
        while let Some(page) = pages.next().await {
            let page = match page {
                Ok(page) => page,
                Err(error) if is_any_of(NO_DOCUMENT, &error) => return Ok(Vec::new()),
                Err(error) => return Err(attempt.failed(error)),
            };
            for line in page
                .document_versions
                .ok_or_else(|| attempt.lacks("DocumentVersions"))?
            {
                let created = line.created_date.as_ref().and_then(timestamp);
                versions.push(ListedVersion {
                    version: version(
                        &attempt,
                        "DocumentVersions.DocumentVersion",
                        line.document_version,
                    )?,
                    created: created
                        .ok_or_else(|| attempt.lacks("DocumentVersions.CreatedDate"))?,
                });
            }
        }
        Ok(versions)
    }

    async fn shared_with(&self) -> Result<Vec<String>, PortError> {
        let attempt = attempt("list the shares of");
        let mut accounts = Vec::new();
        let mut token = None;
        loop {
            let call = self
                .client
                .describe_document_permission()
                .name(PREFERENCES_DOCUMENT);
            let call = call
                .permission_type(DocumentPermissionType::Share)
                .max_results(SHARES_PER_PAGE);
            let page = match call.set_next_token(token).send().await {
                Ok(page) => page,
                Err(error) if is_any_of(NO_DOCUMENT, &error) => return Ok(Vec::new()),
                Err(error) => return Err(attempt.failed(error)),
            };
            accounts.extend(
                page.account_ids
                    .ok_or_else(|| attempt.lacks("AccountIds"))?,
            );
            // The same accounts with the version each may read; the union, should the two ever differ.
            for share in page.account_sharing_info_list.unwrap_or_default() {
                accounts.push(
                    share
                        .account_id
                        .ok_or_else(|| attempt.lacks("AccountSharingInfoList.AccountId"))?,
                );
            }
            token = page.next_token.filter(|token| !token.is_empty());
            if token.is_none() {
                accounts.sort();
                accounts.dedup();
                return Ok(accounts);
            }
        }
    }

    async fn is_active(&self, version: Version) -> Result<bool, PortError> {
        let attempt = attempt_on("read the status of", version);
        let document = self
            .describe_version(&attempt, &version.to_string(), &[])
            .await?;
        let document = document.ok_or_else(|| attempt.lacks("Document"))?;
        let refuse = |class| {
            let status = document
                .status
                .as_ref()
                .map_or("", DocumentStatus::as_str)
                .to_owned();
            let why = document.status_information.clone();
            attempt.error(
                class,
                NotActive {
                    status,
                    why: why.unwrap_or_else(|| "no reason".to_owned()),
                },
            )
        };
        match document.status {
            Some(DocumentStatus::Active) => Ok(true),
            Some(DocumentStatus::Creating | DocumentStatus::Updating) => Ok(false),
            Some(DocumentStatus::Deleting) => Err(refuse(FailureClass::Absent)),
            // The content is one that the service takes elsewhere, so another attempt may well succeed.
            Some(DocumentStatus::Failed) => Err(refuse(FailureClass::Unavailable)),
            Some(_) => Err(refuse(FailureClass::Malformed)),
            None => Err(attempt.lacks("Document.Status")),
        }
    }
}

impl Preferences {
    /// One version's description; `None` when the service's answer is one of `gone`.
    async fn describe_version(
        &self,
        attempt: &Attempt,
        version: &str,
        gone: &[&str],
    ) -> Result<Option<DocumentDescription>, PortError> {
        let call = self
            .client
            .describe_document()
            .name(PREFERENCES_DOCUMENT)
            .document_version(version);
        match call.send().await {
            Ok(answer) => answer
                .document
                .map(Some)
                .ok_or_else(|| attempt.lacks("Document")),
            Err(error) if is_any_of(gone, &error) => Ok(None),
            Err(error) => Err(attempt.failed(error)),
        }
    }
}

/// A version that sessions cannot use and never will.
#[derive(Debug, thiserror::Error)]
#[error("its status is `{status}`: {why}")]
struct NotActive {
    status: String,
    why: String,
}

/// Reads a version's number.
pub(super) fn version(
    attempt: &Attempt,
    member: &'static str,
    text: Option<String>,
) -> Result<Version, PortError> {
    let text = text.ok_or_else(|| attempt.lacks(member))?;
    Version::parse(&text).map_err(|error| {
        attempt.unfit(Unfit::Unreadable {
            member,
            found: error.found,
        })
    })
}

pub(super) fn is_any_of<E: ProvideErrorMetadata>(codes: &[&str], error: &CallError<E>) -> bool {
    code(error).is_some_and(|code| codes.contains(&code))
}
