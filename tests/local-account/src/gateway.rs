//! The door of the account: every call is read, decided, answered, logged and recorded.

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::State as Shared;
use axum::http::{Request, Response};
use jiff::Timestamp;

use crate::access::need;
use crate::bus;
use crate::calls::Call;
use crate::config::{self, recording};
use crate::principals::Principal;
use crate::routes;
use crate::state::State;
use crate::trail::record;
use crate::wire::answer::{Answer, Refusal};
use crate::wire::call::ApiCall;

/// Larger than a base64 function package that Lambda takes in a call (50 MB zipped).
const LARGEST_REQUEST: usize = 128 * 1024 * 1024;

pub(crate) fn router(state: Arc<State>) -> Router {
    Router::new().fallback(serve).with_state(state)
}

async fn serve(Shared(state): Shared<Arc<State>>, request: Request<Body>) -> Response<Body> {
    let at = Timestamp::now();
    let started = Instant::now();
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, LARGEST_REQUEST).await else {
        return refuse(
            413,
            "RequestEntityTooLargeException",
            "Request is too large.",
        );
    };
    let Some(call) = ApiCall::read(&parts, body) else {
        return refuse(
            403,
            "MissingAuthenticationTokenException",
            "Request is missing Authentication Token",
        );
    };
    let caller = match state.principals.find(&state.moto, &call.access_key).await {
        Ok(caller) => caller,
        Err(refusal) => return Answer::own(&call, Err(refusal)).into_response(),
    };
    let answer = match admit(&state, &caller, &call).await {
        Ok(()) => routes::answer(&state, &caller, &call).await,
        Err(refusal) => Answer::own(&call, Err(refusal)),
    };
    forget_what_may_have_changed(&state, &call, &answer);
    if record::is_management(&call) {
        keep_record(&state, &caller, &call, &answer);
    }
    state.calls.add(Call {
        at,
        principal_arn: caller.arn(),
        service: call.service.clone(),
        region: call.region.clone(),
        operation: call.operation.clone(),
        parameters: call.parameters.clone(),
        read_only: call.is_read_only(),
        error_code: answer
            .outcome
            .as_ref()
            .err()
            .map(|refusal| refusal.code.clone()),
        duration: started.elapsed(),
    });
    recording::after(&state, &call, &answer).await;
    answer.into_response()
}

/// Refuses calls that are throttled or that the caller may not make.
async fn admit(state: &State, caller: &Principal, call: &ApiCall) -> Result<(), Refusal> {
    state.throttles.check(call)?;
    let needs = match call.service.as_str() {
        "config" => config::needs(state, call),
        _ => need::of(call),
    };
    state
        .authority
        .check(&state.moto, caller, call, &needs)
        .await
}

/// The record enters the history, and, unless the call only read, sets out for the rules: rules see read-only
/// calls only in a state that nothing here uses (EventBridge user guide, "Read-only management events").
fn keep_record(state: &Arc<State>, caller: &Principal, call: &ApiCall, answer: &Answer) {
    let record = record::compose(call, caller, &answer.outcome, Timestamp::now());
    let region = record::region(call);
    let envelope = (!call.is_read_only()).then(|| record::envelope(call, &record));
    state.history.add(region, caller.user_name(), record);
    if let Some(envelope) = envelope {
        bus::post(state, region, envelope);
    }
}

fn forget_what_may_have_changed(state: &State, call: &ApiCall, answer: &Answer) {
    if call.is_read_only() || answer.outcome.is_err() {
        return;
    }
    let service = call.service.as_str();
    if matches!(service, "iam" | "cloudformation") {
        state.authority.forget();
        state.principals.forget_users();
    }
    if matches!(service, "events" | "cloudformation") && call.operation != "PutEvents" {
        state.rules.forget();
    }
}

fn refuse(status: u16, code: &str, message: &str) -> Response<Body> {
    let refusal = Refusal::new(code, message).with_status(status);
    let body = serde_json::json!({"__type": refusal.code, "message": refusal.message}).to_string();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() =
        axum::http::StatusCode::from_u16(status).unwrap_or(axum::http::StatusCode::BAD_REQUEST);
    response
}
