//! Whether Config may call a rule's function: the function's policy must let it in (AWS Config developer guide,
//! "Granting AWS Config access to invoke an AWS Lambda function").

use crate::ACCOUNT;
use crate::access::context::Context;
use crate::access::policy::{Asker, Decision, Request, decide_all};
use crate::config::rule::Rule;
use crate::functions;
use crate::state::State;

const SERVICE: &str = "config.amazonaws.com";

pub(crate) async fn may_invoke(state: &State, rule: &Rule) -> bool {
    let Some(function) = state.functions.by_arn(&rule.function_arn) else {
        return false;
    };
    let policy = functions::routes::resource_policy(state, &function).await;
    let policies: Vec<_> = policy.into_iter().collect();
    let context = Context::default()
        .with("aws:SourceArn", Some(&rule.arn))
        .with("aws:SourceAccount", Some(ACCOUNT))
        .with("aws:SecureTransport", Some("true"))
        .with("aws:PrincipalIsAWSService", Some("true"));
    let request = Request {
        action: "lambda:InvokeFunction",
        resource: &function.arn,
        asker: Asker::Service(SERVICE),
        context: &context,
    };
    decide_all(&policies, &request) == Decision::Allowed
}
