//! The document as an onlooker reads it back.

use anyhow::Context;
use aws_sdk_ssm::types::{DocumentFormat, DocumentPermissionType};
use guard_core::names::PREFERENCES_DOCUMENT;
use guard_core::preferences::Preferences;

use crate::Person;

/// The live document.
#[derive(Debug, Clone)]
pub struct Live {
    /// The latest version.
    pub latest: u64,
    /// The default version.
    pub default: u64,
    /// The latest version's hash.
    pub hash: String,
    /// `Session`, unless somebody made it something else.
    pub document_type: String,
    /// What the latest version says.
    pub latest_says: Preferences,
    /// What the default version says.
    pub default_says: Preferences,
    /// With whom it is shared.
    pub sharing: Sharing,
    /// Its tags, as `key=value`.
    pub tags: Vec<String>,
}

/// With whom the document is shared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sharing {
    /// With nobody.
    Private,
    /// With these accounts.
    With(Vec<String>),
}

impl Live {
    /// Reads the document back; `None` when there is none.
    pub async fn read(onlooker: &Person) -> anyhow::Result<Option<Self>> {
        let described = onlooker
            .ssm
            .describe_document()
            .name(PREFERENCES_DOCUMENT)
            .document_version("$LATEST");
        let document = match described.send().await {
            Ok(answer) => answer.document.context("DescribeDocument answered no document")?,
            Err(error) if error.as_service_error().is_some_and(aws_sdk_ssm::operation::describe_document::DescribeDocumentError::is_invalid_document) => {
                return Ok(None);
            }
            Err(error) => return Err(error).context("failed to describe the document"),
        };
        let number = |text: Option<&str>| {
            text.and_then(|text| text.parse().ok())
                .context("no version number")
        };
        let latest = number(document.latest_version())?;
        let default = number(document.default_version())?;
        Ok(Some(Self {
            latest,
            default,
            hash: document.hash().unwrap_or_default().to_owned(),
            document_type: document
                .document_type()
                .map(|kind| kind.as_str().to_owned())
                .unwrap_or_default(),
            latest_says: content(onlooker, latest).await?,
            default_says: content(onlooker, default).await?,
            sharing: sharing(onlooker).await?,
            tags: document
                .tags()
                .iter()
                .map(|tag| format!("{}={}", tag.key(), tag.value()))
                .collect(),
        }))
    }
}

async fn content(onlooker: &Person, version: u64) -> anyhow::Result<Preferences> {
    let call = onlooker
        .ssm
        .get_document()
        .name(PREFERENCES_DOCUMENT)
        .document_version(version.to_string());
    let answer = call
        .document_format(DocumentFormat::Json)
        .send()
        .await
        .context("failed to read the document")?;
    Ok(Preferences::parse(
        answer
            .content()
            .context("GetDocument answered no content")?,
    )?)
}

async fn sharing(onlooker: &Person) -> anyhow::Result<Sharing> {
    let call = onlooker
        .ssm
        .describe_document_permission()
        .name(PREFERENCES_DOCUMENT);
    let answer = call
        .permission_type(DocumentPermissionType::Share)
        .send()
        .await
        .context("failed to read with whom the document is shared")?;
    let accounts = answer.account_ids().to_vec();
    Ok(if accounts.is_empty() {
        Sharing::Private
    } else {
        Sharing::With(accounts)
    })
}
