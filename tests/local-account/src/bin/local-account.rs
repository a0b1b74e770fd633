//! Runs a local AWS account until Ctrl-C and prints the environment in which to use it.

use std::io::Write;

use anyhow::Context;
use local_account::{Config, LocalAccount};

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
    out.flush()?;
    drop(out);
    tokio::signal::ctrl_c().await?;
    Ok(())
}
