//! STS: who am I, and sessions of roles.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::ACCOUNT;
use crate::access::authority::caller_context;
use crate::access::policy::{Asker, Decision, Request, decide_all};
use crate::principals::{self, Principal, role_name};
use crate::state::State;
use crate::wire::answer::Refusal;
use crate::wire::call::ApiCall;

/// `GetCallerIdentity` (STS API reference).
pub(crate) fn caller_identity(caller: &Principal) -> Value {
    json!({"Arn": caller.arn(), "UserId": caller.unique_id(), "Account": ACCOUNT})
}

/// `AssumeRole`: the role's trust policy must let the caller in.
pub(crate) async fn assume_role(
    state: &Arc<State>,
    caller: &Principal,
    call: &ApiCall,
) -> Result<Value, Refusal> {
    let arn = call.text("RoleArn").unwrap_or_default();
    let name = call.text("RoleSessionName").unwrap_or_default();
    let denied = || {
        let message = format!(
            "User: {} is not authorized to perform: sts:AssumeRole on resource: {arn}",
            caller.arn()
        );
        Refusal::new("AccessDenied", message).with_status(403)
    };
    let role = principals::role(&state.moto, role_name(arn))
        .await
        .map_err(|_| denied())?;
    let context = caller_context(caller, &call.region);
    let request = Request {
        action: "sts:AssumeRole",
        resource: arn,
        asker: Asker::Arn(caller.bearer_arn()),
        context: &context,
    };
    if role.arn != arn
        || decide_all(std::slice::from_ref(&role.trust), &request) != Decision::Allowed
    {
        return Err(denied());
    }
    let seconds = call
        .text("DurationSeconds")
        .and_then(|seconds| seconds.parse().ok())
        .unwrap_or(3600);
    let expiration = Timestamp::now()
        .checked_add(Duration::from_secs(seconds))
        .unwrap_or(Timestamp::MAX);
    let (session, credentials) = state.principals.open_session(role, name, None);
    Ok(json!({
        "Credentials": {
            "AccessKeyId": credentials.access_key_id,
            "SecretAccessKey": credentials.secret_access_key,
            "SessionToken": credentials.session_token,
            "Expiration": crate::trail::time::to_second(expiration),
        },
        "AssumedRoleUser": {
            "AssumedRoleId": format!("{}:{name}", session.role.id),
            "Arn": session.arn(),
        },
    }))
}
