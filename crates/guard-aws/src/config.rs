//! How calls reach AWS: over TLS to AWS's own endpoints, or to a test account on this machine.
//!
//! Whoever can set a function's variables could redirect its calls with `AWS_ENDPOINT_URL` or a proxy variable.
//! So endpoints outside this machine are refused, proxies are never used, and of the environment only what is
//! passed in is read.

mod endpoints;
mod environment;
mod http_client;

use std::error::Error;
use std::time::Duration;

use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::ProfileFileRegionProvider;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use guard_core::names::Region;

use endpoints::Endpoints;
pub use environment::Environment;
use http_client::http_client;

/// Two connections may fail within one attempt's time.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// The calls made here are answered within a second.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);
/// Three attempts of full length; the pauses between them shorten the last one.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(15);
/// The first attempt counts.
const MAX_ATTEMPTS: u32 = 3;

/// Access to one Region of one account.
#[derive(Debug, Clone)]
pub struct Aws {
    sdk: SdkConfig,
    endpoints: Endpoints,
}

/// Why there is no access.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// An endpoint that is not on this machine.
    #[error(
        "`{variable}` sends calls to `{url}`, but only addresses of this machine may stand there"
    )]
    Endpoint {
        /// The variable, or the profile's setting.
        variable: String,
        /// What it says, cut to a length fit for messages.
        url: String,
    },
    /// A variable that Lambda always sets is missing or empty.
    #[error("`{variable}` is not set")]
    Variable {
        /// The variable.
        variable: &'static str,
    },
    /// Neither environment nor profile name a Region.
    #[error("no Region is given, neither by `AWS_REGION` nor by the profile")]
    Region,
    /// The roots of trust that are compiled in cannot be used.
    #[error("failed to prepare encrypted connections")]
    Tls {
        /// The cause.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl Aws {
    /// Access with the credentials that Lambda puts into a function's environment, and no other source of anything.
    pub fn in_function(region: &Region, environment: &Environment) -> Result<Self, ConfigError> {
        let endpoints = Endpoints::read(environment)?;
        let credentials = Credentials::new(
            environment.required("AWS_ACCESS_KEY_ID")?,
            environment.required("AWS_SECRET_ACCESS_KEY")?,
            environment.get("AWS_SESSION_TOKEN").map(str::to_owned),
            None,
            "environment of the function",
        );
        let sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(aws_config::Region::new(region.as_str().to_owned()))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(http_client()?)
            .retry_config(retries())
            .timeout_config(timeouts())
            .build();
        Ok(Self { sdk, endpoints })
    }

    /// Access as an operator has it at a shell: environment, profile files (with role assumption), web identity,
    /// container and instance metadata.
    ///
    /// Not supported: IAM Identity Center profiles, `credential_process` and the profile's `services` section; an
    /// operator who uses one of these exports credentials first (`aws configure export-credentials --format env`).
    pub async fn for_operator(
        region: Option<&Region>,
        environment: &Environment,
    ) -> Result<Self, ConfigError> {
        let mut endpoints = Endpoints::read(environment)?;
        let region = RegionProviderChain::first_try(
            region.map(|region| aws_config::Region::new(region.as_str().to_owned())),
        )
        .or_else(EnvironmentVariableRegionProvider::new())
        .or_else(ProfileFileRegionProvider::new());
        let sdk = aws_config::defaults(BehaviorVersion::latest())
            .region(region)
            // The credentials' sources need plain HTTP to link-local addresses; the calls to AWS do not.
            .http_client(http_client::any_scheme()?)
            .retry_config(retries())
            .timeout_config(timeouts())
            .load()
            .await;
        if sdk.region().is_none() {
            return Err(ConfigError::Region);
        }
        if let Some(url) = sdk.endpoint_url() {
            endpoints.add_default(url)?;
        }
        let sdk = sdk.into_builder().http_client(http_client()?).build();
        Ok(Self { sdk, endpoints })
    }

    /// The Region that calls go to.
    pub fn region(&self) -> Option<&str> {
        self.sdk.region().map(AsRef::as_ref)
    }

    /// What clients of services are made from, endpoints aside.
    pub fn sdk(&self) -> &SdkConfig {
        &self.sdk
    }

    /// The endpoint for a service, named as behind `AWS_ENDPOINT_URL_`; `None` for AWS's own.
    pub fn endpoint(&self, service: &str) -> Option<String> {
        self.endpoints.of(service)
    }
}

pub(crate) fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(MAX_ATTEMPTS)
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .operation_attempt_timeout(ATTEMPT_TIMEOUT)
        .operation_timeout(OPERATION_TIMEOUT)
        .build()
}

#[cfg(test)]
#[cfg(feature = "ssm")]
mod tests;
