//! Runs a local AWS account until Ctrl-C or SIGTERM and prints the environment in which to use it.

use std::io::Write;

use anyhow::Context;
use local_account::{Config, LocalAccount};
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut config = Config::from_environment()?;
    if let Some(port) = std::env::args().nth(1) {
        config.port = port
            .parse()
            .with_context(|| format!("`{port}` is not a port"))?;
    }
    let account = LocalAccount::start(config).await?;
    let mut out = std::io::stdout().lock();
    for (name, value) in account.environment(account.operator()) {
        writeln!(out, "export {name}={value}")?;
    }
    writeln!(
        out,
        "# Put these lines into another shell; Ctrl-C here ends the account. Then, for example:\n\
         #   make deploy ARCH=$(uname -m | sed s/aarch64/arm64/) ENDPOINT_URL=$AWS_ENDPOINT_URL OVERWRITE=yes\n\
         # Of the AWS command line's calls those of sqs need --endpoint-url. Schedules do not fire by themselves."
    )?;
    out.flush()?;
    drop(out);
    // A script that runs the account in the background ends it by SIGTERM; both leave nothing behind.
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => pressed?,
        _ = terminated.recv() => {}
    }
    Ok(())
}
