//! Which part of the account answers a call.

use std::sync::Arc;

use crate::automation;
use crate::bus::entries;
use crate::functions;
use crate::messages;
use crate::principals::Principal;
use crate::state::State;
use crate::wire::answer::Answer;
use crate::wire::call::ApiCall;
use crate::{config, formation, iam, parameters, sessions};

/// Answers a call that its caller may make.
pub(crate) async fn answer(state: &Arc<State>, caller: &Principal, call: &ApiCall) -> Answer {
    match (call.service.as_str(), call.operation.as_str()) {
        ("ssm", operation) if operation.contains("Parameter") => {
            parameters::answer(state, caller, call).await
        }
        ("ssm", operation) if operation.contains("AutomationExecution") => Answer::own(
            call,
            automation::operations::answer(state, caller, call).await,
        ),
        ("ssm", _) => match state.documents.answer(call) {
            Some(outcome) => Answer::own(call, outcome),
            None => state.moto.forward(call).await,
        },
        ("cloudtrail", "LookupEvents") => Answer::own(call, state.history.lookup(call)),
        ("events", "PutEvents") => Answer::own(call, entries::put(state, caller, call)),
        ("sts", "GetCallerIdentity") => Answer::own(call, Ok(sessions::caller_identity(caller))),
        ("sts", "AssumeRole") => {
            Answer::own(call, sessions::assume_role(state, caller, call).await)
        }
        ("lambda", _) => functions::routes::answer(state, call).await,
        ("iam", _) => iam::answer(state, call).await,
        ("config", _) => config::answer(state, caller, call).await,
        ("cloudformation", _) => formation::answer(state, call).await,
        ("sns", "Publish") => {
            let answer = state.moto.forward(call).await;
            if answer.outcome.is_ok() {
                messages::keep(state, caller, call);
            }
            answer
        }
        _ => state.moto.forward(call).await,
    }
}
