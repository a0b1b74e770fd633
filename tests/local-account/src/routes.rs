//! Which part of the account answers a call.

use std::sync::Arc;

use serde_json::Value;

use crate::bus::entries;
use crate::functions;
use crate::messages;
use crate::principals::{Principal, user_id};
use crate::state::State;
use crate::wire::answer::Answer;
use crate::wire::call::ApiCall;
use crate::{formation, parameters, sessions};

/// Answers a call that its caller may make.
pub(crate) async fn answer(state: &Arc<State>, caller: &Principal, call: &ApiCall) -> Answer {
    match (call.service.as_str(), call.operation.as_str()) {
        ("ssm", operation) if operation.contains("Parameter") => {
            parameters::answer(state, caller, call).await
        }
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
        ("iam", _) => with_user_ids(state.moto.forward(call).await),
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

/// Users' ids in answers are those that the records name.
fn with_user_ids(answer: Answer) -> Answer {
    let text = String::from_utf8_lossy(&answer.body);
    let mut parts = text.split("<UserId>");
    let first = parts.next().unwrap_or_default().to_owned();
    let body = parts.fold(first, |body, part| match part.split_once("</UserId>") {
        Some((id, rest)) => format!("{body}<UserId>{}</UserId>{rest}", user_id(id)),
        None => format!("{body}<UserId>{part}"),
    });
    let outcome = answer.outcome.map(|mut output| {
        let user = output
            .get_mut("User")
            .and_then(|user| user.get_mut("UserId"));
        if let Some(id) = user
            && let Some(text) = id.as_str().map(user_id)
        {
            *id = Value::from(text);
        }
        output
    });
    Answer {
        body: body.into_bytes(),
        outcome,
        ..answer
    }
}
