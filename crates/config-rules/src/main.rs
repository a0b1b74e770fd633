//! The functions' program.

// Runs of both kinds of rules, down to the calls of the SDK inside them, are one type, deeper than the usual 128 levels.
#![recursion_limit = "256"]

use std::process::ExitCode;

use config_rules::{Function, Judged};
use guard_aws::config::{Aws, Environment};
use guard_aws::rules::{BearersRule, PreferencesRule};
use guard_lambda::run::InitError;
use guard_lambda::settings::{Alerts, Settings};

// One event at a time, waiting most of it: a second thread would only be one more to start.
#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    guard_lambda::run(Alerts::None, init).await
}

async fn init(settings: &Settings) -> Result<Function<PreferencesRule, BearersRule>, InitError> {
    let judged = Judged::of(settings)?;
    let aws = Aws::in_function(&settings.scope.region, &Environment::of_process())?;
    Ok(match judged {
        Judged::Preferences(mandate) => Function::Preferences {
            mandate,
            ports: PreferencesRule::new(&aws, settings.scope.clone()),
        },
        Judged::Bearers(rule) => Function::Bearers {
            rule,
            ports: BearersRule::new(&aws),
        },
    })
}
