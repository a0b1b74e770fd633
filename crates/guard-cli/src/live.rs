//! What is live: the way to AWS, who goes it, and the document as it stands.

mod caller;
mod state;

use guard_aws::config::{Aws, Environment};
use guard_core::names::Region;

use crate::error::Error;
pub(crate) use caller::{Caller, ask};
pub(crate) use state::{State, read};

/// The variable that sends all calls elsewhere; with an underscore and a name behind it, those of one service.
const ENDPOINT: &str = "AWS_ENDPOINT_URL";

/// How calls reach AWS, Regions aside.
#[derive(Debug)]
pub(crate) struct Access {
    environment: Environment,
    endpoint_url: Option<String>,
}

impl Access {
    /// By the environment, unless `endpoint_url` names an account on this machine.
    pub(crate) fn new(endpoint_url: Option<&str>) -> Self {
        let variables = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        Self {
            environment: environment(variables, endpoint_url),
            endpoint_url: endpoint_url.map(str::to_owned),
        }
    }

    /// The way to one Region; without one, to that of the environment or the profile.
    pub(crate) async fn to(&self, region: Option<&Region>) -> Result<Aws, Error> {
        let aws = Aws::for_operator(region, &self.environment).await;
        aws.map_err(|source| Error::Access {
            source: Box::new(source),
        })
    }

    /// Where calls go instead of AWS, for programs that are told so by an argument.
    pub(crate) fn endpoint_url(&self) -> Option<&str> {
        self.endpoint_url.as_deref()
    }
}

/// The argument has precedence over every variable, those of single services included.
fn environment(
    variables: impl Iterator<Item = (String, String)>,
    endpoint_url: Option<&str>,
) -> Environment {
    let Some(url) = endpoint_url else {
        return variables.collect();
    };
    variables
        .filter(|(name, _)| !name.starts_with(ENDPOINT))
        .chain([(ENDPOINT.to_owned(), url.to_owned())])
        .collect()
}

/// Runs what waits for AWS to its end.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|source| Error::Runtime { source })?;
    runtime.block_on(work)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables() -> impl Iterator<Item = (String, String)> {
        [
            ("AWS_REGION", "eu-central-1"),
            ("AWS_ENDPOINT_URL_SSM", "http://localhost:1"),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
    }

    #[test]
    fn an_endpoint_that_is_named_comes_before_all_variables() {
        let environment = environment(variables(), Some("http://localhost:2"));
        assert_eq!(
            environment.get("AWS_ENDPOINT_URL"),
            Some("http://localhost:2")
        );
        assert_eq!(environment.get("AWS_ENDPOINT_URL_SSM"), None);
        assert_eq!(environment.get("AWS_REGION"), Some("eu-central-1"));
    }

    #[test]
    fn without_one_the_variables_count() {
        let environment = environment(variables(), None);
        assert_eq!(
            environment.get("AWS_ENDPOINT_URL_SSM"),
            Some("http://localhost:1")
        );
    }
}
