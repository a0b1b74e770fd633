//! The AWS CLI, as an operator uses it.

use local_account::Config;
use serde_json::Value;
use tokio::process::Command;

use crate::stage::Stage;

/// What the CLI prints.
pub(crate) async fn aws(stage: &Stage, arguments: &[&str]) -> anyhow::Result<Value> {
    let output = Command::new(Config::from_environment()?.venv.join("bin/aws"))
        .args(arguments)
        .args(["--output", "json"])
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .envs(stage.account.environment(stage.account.operator()))
        .output()
        .await?;
    let error = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(output.status.success(), "failed: {}", error.trim());
    Ok(serde_json::from_slice(&output.stdout).unwrap_or_default())
}

/// Deploys a stack called `one`; parameters as `Name=value`.
pub(crate) async fn deploy(
    stage: &Stage,
    template: &str,
    parameters: &[&str],
) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("stack.yaml");
    std::fs::write(&path, template)?;
    let path = path.display().to_string();
    let options = "cloudformation deploy --stack-name one --capabilities CAPABILITY_NAMED_IAM --no-fail-on-empty-changeset --template-file";
    let mut arguments: Vec<&str> = options.split(' ').collect();
    arguments.push(&path);
    if !parameters.is_empty() {
        arguments.push("--parameter-overrides");
        arguments.extend(parameters);
    }
    aws(stage, &arguments).await.map(|_| ())
}
