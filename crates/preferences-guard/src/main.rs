//! The function's program.

use std::process::ExitCode;

use guard_aws::account::Account;
use guard_aws::config::{Aws, Environment};
use guard_lambda::package::Package;
use guard_lambda::run::InitError;
use guard_lambda::settings::{Alerts, Settings};
use preferences_guard::Guard;

// One event at a time, waiting most of it: a second thread would only be one more to start.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    guard_lambda::run(Alerts::ToTopic, init).await
}

async fn init(settings: &Settings) -> Result<Guard<Account>, InitError> {
    let mandate = Package::mandate(settings, settings.own_identity())?;
    let aws = Aws::in_function(&settings.scope.region, &Environment::of_process())?;
    let topic = settings.topic()?;
    let account = Account::new(&aws, settings.scope.clone(), topic.as_str());
    account.warm_up().await;
    Ok(Guard::new(mandate, account))
}
