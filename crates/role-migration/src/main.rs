//! The function's program.

// A run, down to the calls of the SDK inside it, is one type, deeper than the usual 128 levels.
#![recursion_limit = "256"]

use std::process::ExitCode;

use guard_aws::config::{Aws, Environment};
use guard_aws::remediation::Remediation;
use guard_lambda::package::Package;
use guard_lambda::run::InitError;
use guard_lambda::settings::{Alerts, Settings};
use role_migration::Function;

// One event at a time, waiting most of it: a second thread would only be one more to start.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    guard_lambda::run(Alerts::None, init).await
}

async fn init(settings: &Settings) -> Result<Function<Remediation>, InitError> {
    let mandate = Package::mandate_over_policies(settings)?;
    let aws = Aws::in_function(&settings.scope.region, &Environment::of_process())?;
    let ports = Remediation::new(&aws);
    ports.warm_up(settings.role.role_name()).await;
    Ok(Function::new(mandate, ports))
}
