//! AWS Config: what a rule tells it, and what it has recorded.
//!
//! Members, limits and errors after the AWS Config API reference, `PutEvaluations`, `GetComplianceDetailsByConfigRule` and
//! `GetResourceConfigHistory`.

mod answers;
mod items;

use aws_sdk_config::Client;
use aws_sdk_config::config::Builder;

use crate::config::Aws;

pub use answers::Answers;
pub use items::Items;

fn client(aws: &Aws) -> Client {
    let mut config = Builder::from(aws.sdk());
    config.set_endpoint_url(aws.endpoint("CONFIG_SERVICE"));
    Client::from_conf(config.build())
}

#[cfg(test)]
mod tests;
