//! CloudFormation.
use std::sync::Arc;
use crate::state::State;
use crate::wire::answer::Answer;
use crate::wire::call::ApiCall;
/// x
#[derive(Debug, Default)]
pub(crate) struct Stacks;
pub(crate) async fn answer(state: &Arc<State>, call: &ApiCall) -> Answer {
    state.moto.forward(call).await
}
