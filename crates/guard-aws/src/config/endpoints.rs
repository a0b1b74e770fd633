//! Endpoints other than AWS's own: for test accounts on this machine, and nowhere else.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};

use http::Uri;

use super::{ConfigError, Environment};

/// The variable for all services; with an underscore and a service's name behind it, for that service (AWS SDKs and
/// Tools Reference Guide, "Service-specific endpoints").
const VARIABLE: &str = "AWS_ENDPOINT_URL";

/// Endpoints by the variable that names them, each on this machine.
#[derive(Debug, Clone, Default)]
pub(super) struct Endpoints(BTreeMap<String, String>);

impl Endpoints {
    /// Reads the variables of all services, ours or not: a guard in a redirected environment does not start.
    pub(super) fn read(environment: &Environment) -> Result<Self, ConfigError> {
        let mut endpoints = Self::default();
        for (variable, url) in environment.iter() {
            if variable
                .strip_prefix(VARIABLE)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
            {
                endpoints.add(variable, variable, url)?;
            }
        }
        Ok(endpoints)
    }

    /// Takes the endpoint that a profile names for all services; a variable has precedence.
    pub(super) fn add_default(&mut self, url: &str) -> Result<(), ConfigError> {
        if self.0.contains_key(VARIABLE) {
            return Ok(());
        }
        self.add(VARIABLE, "endpoint_url", url)
    }

    /// The endpoint for a service.
    pub(super) fn of(&self, service: &str) -> Option<String> {
        self.0
            .get(&format!("{VARIABLE}_{service}"))
            .or_else(|| self.0.get(VARIABLE))
            .cloned()
    }

    fn add(&mut self, key: &str, source: &str, url: &str) -> Result<(), ConfigError> {
        if !url
            .parse()
            .is_ok_and(|uri: Uri| uri.scheme().is_some() && is_on_this_machine(&uri))
        {
            let url = url.chars().take(200).collect();
            return Err(ConfigError::Endpoint {
                variable: source.to_owned(),
                url,
            });
        }
        self.0.insert(key.to_owned(), url.to_owned());
        Ok(())
    }
}

/// Whether a connection to this address cannot leave the machine.
///
/// The address is read by the library that the SDK connects with, so that both see the same host in it.
pub(super) fn is_on_this_machine(uri: &Uri) -> bool {
    let Some(host) = uri.host() else { return false };
    if let Some(host) = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
    {
        return host
            .parse::<Ipv6Addr>()
            .is_ok_and(|address| address.is_loopback());
    }
    host.eq_ignore_ascii_case("localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Endpoints, ConfigError> {
        let variables = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Endpoints::read(&variables.collect())
    }

    #[test]
    fn without_variables_calls_go_to_aws() {
        assert_eq!(
            read(&[("AWS_REGION", "eu-central-1")]).unwrap().of("SSM"),
            None
        );
        assert_eq!(read(&[("AWS_ENDPOINT_URL", "")]).unwrap().of("SSM"), None);
    }

    #[test]
    fn a_services_own_endpoint_comes_before_the_general_one() {
        let endpoints = read(&[
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:4566"),
            ("AWS_ENDPOINT_URL_SSM", "https://localhost:8443/ssm"),
        ])
        .unwrap();
        assert_eq!(endpoints.of("SSM").unwrap(), "https://localhost:8443/ssm");
        assert_eq!(endpoints.of("SNS").unwrap(), "http://127.0.0.1:4566");
    }

    #[test]
    fn every_form_of_a_loopback_address_is_followed() {
        for url in [
            "http://127.8.9.1",
            "http://[::1]:80/x",
            "http://LocalHost:1",
            "http://u:p@127.0.0.1:1",
        ] {
            assert!(read(&[("AWS_ENDPOINT_URL", url)]).is_ok(), "{url}");
        }
    }

    #[test]
    fn an_address_elsewhere_is_refused_with_the_variables_name() {
        for url in [
            "https://ssm.eu-central-1.amazonaws.com",
            "http://127.0.0.1@example.com/",
            "http://127.0.0.1.example.com",
            "http://localhost.example.com",
            "http://example.com/127.0.0.1",
            "http://[::ffff:127.0.0.1]",
            "http://169.254.169.254",
            "http://0.0.0.0:80",
            "http://2130706433",
            "localhost:4566",
            "/relative",
            "not a url",
        ] {
            let error = read(&[("AWS_ENDPOINT_URL_SSM", url)]).unwrap_err();
            assert!(
                error
                    .to_string()
                    .starts_with("`AWS_ENDPOINT_URL_SSM` sends calls to"),
                "{error}"
            );
        }
    }

    #[test]
    fn a_redirected_service_that_the_guard_does_not_use_is_refused_all_the_same() {
        assert!(read(&[("AWS_ENDPOINT_URL_STS", "https://example.com")]).is_err());
    }

    #[test]
    fn a_profiles_endpoint_is_held_to_the_same_rule() {
        let mut endpoints = Endpoints::default();
        let error = endpoints.add_default("https://example.com").unwrap_err();
        assert!(error.to_string().contains("`endpoint_url`"), "{error}");
        endpoints.add_default("http://localhost:1").unwrap();
        assert_eq!(endpoints.of("SSM").unwrap(), "http://localhost:1");
    }
}
