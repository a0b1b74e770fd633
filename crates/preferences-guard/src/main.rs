//! The function's program.

use std::process::ExitCode;
use std::time::Duration;

use guard_aws::account::Account;
use guard_aws::config::{Aws, Environment};
use guard_lambda::package::Package;
use guard_lambda::run::InitError;
use guard_lambda::settings::Settings;
use preferences_guard::Guard;

/// Well below the ten seconds that Lambda gives an init (Lambda Developer Guide, "Understanding the Lambda execution
/// environment lifecycle"): a connection that does not open now must not keep the function from starting.
const WARM_UP: Duration = Duration::from_secs(3);

// One event at a time, waiting most of it: a second thread would only be one more to start.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    guard_lambda::run(init).await
}

async fn init(settings: &Settings) -> Result<Guard<Account>, InitError> {
    let mandate = Package::mandate(settings)?;
    let aws = Aws::in_function(&settings.scope.region, &Environment::of_process())?;
    let account = Account::new(&aws, settings.scope.clone(), settings.topic.as_str());
    if tokio::time::timeout(WARM_UP, account.warm_up())
        .await
        .is_err()
    {
        tracing::warn!(
            "no connection to Systems Manager after {WARM_UP:?}; the first event will open it"
        );
    }
    Ok(Guard::new(mandate, account))
}
