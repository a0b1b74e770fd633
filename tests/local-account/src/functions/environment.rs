//! What a process finds in its environment.

use jiff::Timestamp;

use super::invocation::Outcome;
use super::{Deployment, Function};
use crate::principals::{self, role_name};
use crate::state::State;

/// Lambda's variables (Lambda developer guide, "Defined runtime environment variables"), the role's credentials
/// and the function's own variables; nothing of this machine's.
pub(crate) async fn compose(
    state: &State,
    function: &Function,
    deployment: &Deployment,
    runtime_api: &str,
) -> Result<Vec<(String, String)>, Outcome> {
    let role = principals::role(&state.moto, role_name(&deployment.role_arn))
        .await
        .map_err(|refusal| {
            let message = format!(
                "Lambda cannot assume the function's role: {}",
                refusal.message
            );
            Outcome::failed("AccessDeniedException", &message)
        })?;
    let arn = Some(function.arn.clone());
    let (_, credentials) = state.principals.open_session(role, &function.name, arn);
    let mut variables: Vec<(String, String)> = deployment
        .environment
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let reserved = reserved(state, function, deployment, runtime_api);
    variables.extend(
        reserved
            .into_iter()
            .chain(credentials.environment())
            .map(|(name, value)| (name.to_owned(), value)),
    );
    Ok(variables)
}

fn reserved(
    state: &State,
    function: &Function,
    deployment: &Deployment,
    runtime_api: &str,
) -> Vec<(&'static str, String)> {
    let day = Timestamp::now().strftime("%Y/%m/%d").to_string();
    let stream = format!("{day}/[$LATEST]{}", uuid::Uuid::new_v4().simple());
    let root = deployment.package.path().to_string_lossy().into_owned();
    vec![
        ("AWS_LAMBDA_RUNTIME_API", runtime_api.to_owned()),
        ("AWS_LAMBDA_FUNCTION_NAME", function.name.clone()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
        (
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
            deployment.memory.to_string(),
        ),
        (
            "AWS_LAMBDA_LOG_GROUP_NAME",
            format!("/aws/lambda/{}", function.name),
        ),
        ("AWS_LAMBDA_LOG_STREAM_NAME", stream),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".to_owned()),
        ("AWS_EXECUTION_ENV", "AWS_Lambda_provided.al2023".to_owned()),
        ("LAMBDA_TASK_ROOT", root),
        ("LAMBDA_RUNTIME_DIR", "/var/runtime".to_owned()),
        ("_HANDLER", deployment.handler.clone()),
        ("AWS_REGION", function.region.clone()),
        ("AWS_DEFAULT_REGION", function.region.clone()),
        // In AWS the SDK knows where the services are; here it has to be told.
        ("AWS_ENDPOINT_URL", state.endpoint_url()),
        ("PATH", "/usr/local/bin:/usr/bin:/bin".to_owned()),
        ("LANG", "en_US.UTF-8".to_owned()),
        ("TZ", ":UTC".to_owned()),
    ]
}
