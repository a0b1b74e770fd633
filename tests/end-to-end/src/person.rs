//! Somebody with an access key, who calls Systems Manager as anybody would.

use anyhow::Context;
use aws_sdk_ssm::Client;
use aws_sdk_ssm::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_ssm::types::{DocumentFormat, DocumentPermissionType, DocumentType, ParameterType};
use guard_core::names::PREFERENCES_DOCUMENT;
use local_account::LocalAccount;

/// Somebody with an access key.
#[derive(Debug, Clone)]
pub struct Person {
    /// What the story calls them.
    pub name: &'static str,
    pub(crate) ssm: Client,
}

impl Person {
    pub(crate) fn new(
        name: &'static str,
        account: &LocalAccount,
        key: &local_account::Credentials,
    ) -> Self {
        let credentials = Credentials::new(
            &key.access_key_id,
            &key.secret_access_key,
            key.session_token.clone(),
            None,
            "local account",
        );
        let config = aws_sdk_ssm::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(account.region().to_owned()))
            .endpoint_url(account.endpoint_url())
            .credentials_provider(credentials)
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
        Self {
            name,
            ssm: Client::from_conf(config),
        }
    }

    /// `UpdateDocument` of the latest version.
    pub async fn update(&self, content: &str) -> anyhow::Result<()> {
        let call = self
            .ssm
            .update_document()
            .name(PREFERENCES_DOCUMENT)
            .document_version("$LATEST");
        call.content(content)
            .document_format(DocumentFormat::Json)
            .send()
            .await
            .with_context(|| format!("{} failed to update the document", self.name))?;
        Ok(())
    }

    /// `CreateDocument` as a session document.
    pub async fn create(&self, content: &str) -> anyhow::Result<()> {
        self.create_as(DocumentType::Session, content).await
    }

    /// `CreateDocument` as a command document that does nothing.
    pub async fn create_command(&self) -> anyhow::Result<()> {
        let content = r#"{"schemaVersion":"2.2","mainSteps":[{"action":"aws:runShellScript","name":"nothing",
            "inputs":{"runCommand":["true"]}}]}"#;
        self.create_as(DocumentType::Command, content).await
    }

    async fn create_as(&self, document_type: DocumentType, content: &str) -> anyhow::Result<()> {
        let call = self
            .ssm
            .create_document()
            .name(PREFERENCES_DOCUMENT)
            .document_type(document_type);
        call.content(content)
            .document_format(DocumentFormat::Json)
            .send()
            .await
            .with_context(|| format!("{} failed to create the document", self.name))?;
        Ok(())
    }

    /// `DeleteDocument` with all its versions.
    pub async fn delete(&self) -> anyhow::Result<()> {
        self.ssm
            .delete_document()
            .name(PREFERENCES_DOCUMENT)
            .send()
            .await
            .with_context(|| format!("{} failed to delete the document", self.name))?;
        Ok(())
    }

    /// `UpdateDocumentDefaultVersion`.
    pub async fn move_default(&self, version: u64) -> anyhow::Result<()> {
        let call = self
            .ssm
            .update_document_default_version()
            .name(PREFERENCES_DOCUMENT);
        call.document_version(version.to_string())
            .send()
            .await
            .with_context(|| format!("{} failed to move the default version", self.name))?;
        Ok(())
    }

    /// `ModifyDocumentPermission`: shares the document with an account.
    pub async fn share_with(&self, account: &str) -> anyhow::Result<()> {
        let call = self
            .ssm
            .modify_document_permission()
            .name(PREFERENCES_DOCUMENT);
        call.permission_type(DocumentPermissionType::Share)
            .account_ids_to_add(account)
            .send()
            .await
            .with_context(|| format!("{} failed to share the document", self.name))?;
        Ok(())
    }

    /// `PutParameter`, whatever was there.
    pub async fn put_parameter(&self, name: &str, value: &str) -> anyhow::Result<()> {
        let call = self
            .ssm
            .put_parameter()
            .name(name)
            .value(value)
            .r#type(ParameterType::String);
        call.overwrite(true)
            .send()
            .await
            .with_context(|| format!("{} failed to write the parameter `{name}`", self.name))?;
        Ok(())
    }
}
