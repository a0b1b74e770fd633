//! The function's program.

// A run, down to the calls of the SDK inside it, is one type, deeper than the usual 128 levels.
#![recursion_limit = "256"]

use std::process::ExitCode;

use guard_aws::config::{Aws, Environment};
use guard_aws::policies::Policies;
use guard_lambda::package::Package;
use guard_lambda::run::InitError;
use guard_lambda::settings::{Alerts, Settings};
use role_policy_guard::Guard;

// One event at a time, waiting most of it: a second thread would only be one more to start.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    guard_lambda::run(Alerts::ToTopic, init).await
}

async fn init(settings: &Settings) -> Result<Guard<Policies>, InitError> {
    let mandate = Package::mandate_over_policies(settings)?;
    let aws = Aws::in_function(&settings.scope.region, &Environment::of_process())?;
    let topic = settings.topic()?;
    let ports = Policies::new(&aws, topic.as_str());
    ports.warm_up(settings.role.role_name()).await;
    Ok(Guard::new(mandate, ports))
}
