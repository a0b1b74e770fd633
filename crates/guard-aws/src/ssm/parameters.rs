//! The guard's own parameters.
//!
//! Members and errors after the Systems Manager API reference, `GetParameterHistory` and `PutParameter`.

use aws_sdk_ssm::Client;
use aws_sdk_ssm::types::{ParameterHistory, ParameterTier, ParameterType};
use guard_core::facts::StoredParameter;
use guard_reconcile::error::PortError;
use guard_reconcile::ports::{KeepParameters, Parameter, ReadParameters};

use super::reading::is_any_of;
use crate::config::Aws;
use crate::failure::{Attempt, Unfit};

/// The most that `GetParameterHistory` gives in one page.
const VERSIONS_PER_PAGE: i32 = 50;

/// Reads and writes the guard's two parameters in Parameter Store.
#[derive(Debug, Clone)]
pub struct Parameters {
    pub(super) client: Client,
}

impl Parameters {
    /// The permissions that the calls made here need, each on the two parameters alone.
    pub const ACTIONS: &[&str] = &["ssm:GetParameterHistory", "ssm:PutParameter"];

    /// The permission that reading alone needs.
    pub const READING: &[&str] = &["ssm:GetParameterHistory"];

    /// The parameters in the account and Region that `aws` gives access to.
    pub fn new(aws: &Aws) -> Self {
        Self {
            client: super::client(aws),
        }
    }
}

impl ReadParameters for Parameters {
    async fn history(&self, parameter: Parameter) -> Result<Vec<StoredParameter>, PortError> {
        let attempt = Attempt::to("read the history of", parameter.name());
        let call = self
            .client
            .get_parameter_history()
            .name(parameter.name())
            .with_decryption(false);
        let mut pages = call.into_paginator().page_size(VERSIONS_PER_PAGE).send();
        let mut versions = Vec::new();
        while let Some(page) = pages.next().await {
            let page = match page {
                Ok(page) => page,
                Err(error) if is_any_of(&["ParameterNotFound"], &error) => return Ok(Vec::new()),
                Err(error) => return Err(attempt.failed(error)),
            };
            for version in page.parameters.ok_or_else(|| attempt.lacks("Parameters"))? {
                versions.push(stored(&attempt, version)?);
            }
        }
        versions.sort_by_key(|stored| stored.version);
        Ok(versions)
    }
}

impl KeepParameters for Parameters {
    async fn put(&self, parameter: Parameter, value: &str) -> Result<u64, PortError> {
        let attempt = Attempt::to("write", parameter.name());
        let call = self
            .client
            .put_parameter()
            .name(parameter.name())
            .value(value);
        let call = call.r#type(ParameterType::String).overwrite(true);
        // Standard up to 4 KB, advanced above (user guide, "Managing parameter tiers").
        let answer = call.tier(ParameterTier::IntelligentTiering).send().await;
        let answer = answer.map_err(|error| attempt.failed(error))?;
        number(&attempt, "Version", answer.version)
    }
}

fn stored(attempt: &Attempt, version: ParameterHistory) -> Result<StoredParameter, PortError> {
    Ok(StoredParameter {
        version: number(attempt, "Parameters.Version", version.version)?,
        value: version
            .value
            .ok_or_else(|| attempt.lacks("Parameters.Value"))?,
        // Nobody has this name, so what nobody signed counts for nobody.
        modified_by: version.last_modified_user.unwrap_or_default(),
    })
}

/// Versions start at 1; the SDK reads a missing one as 0.
fn number(attempt: &Attempt, member: &'static str, version: i64) -> Result<u64, PortError> {
    match u64::try_from(version) {
        Ok(0) => Err(attempt.lacks(member)),
        Ok(version) => Ok(version),
        Err(_) => Err(attempt.unfit(Unfit::Unreadable {
            member,
            found: version.to_string(),
        })),
    }
}
