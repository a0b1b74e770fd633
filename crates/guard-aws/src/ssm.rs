//! Systems Manager: the preferences document and the guard's own parameters.

mod documents;
mod parameters;
mod reading;
mod writing;

use aws_sdk_ssm::Client;
use aws_sdk_ssm::config::Builder;

use crate::config::Aws;

pub use documents::Preferences;
pub use parameters::Parameters;

fn client(aws: &Aws) -> Client {
    let mut config = Builder::from(aws.sdk());
    config.set_endpoint_url(aws.endpoint("SSM"));
    Client::from_conf(config.build())
}

#[cfg(test)]
mod tests;
