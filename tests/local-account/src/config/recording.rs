//! From a change to its items: after every call that may have changed something, what is recorded is compared with
//! what is there.

use std::sync::Arc;

use jiff::Timestamp;

use super::observed::{self, DOCUMENT, OF_IAM};
use super::{calling, history::Change};
use crate::iam;
use crate::state::State;
use crate::wire::answer::Answer;
use crate::wire::call::ApiCall;

/// Looks where a call may have changed something.
pub(crate) async fn after(state: &Arc<State>, call: &ApiCall, answer: &Answer) {
    if call.is_read_only() {
        return;
    }
    match (call.service.as_str(), call.operation.as_str()) {
        ("iam", _) if answer.outcome.is_ok() => look_at_iam(state).await,
        ("ssm", _) if answer.outcome.is_ok() => look_at_documents(state, &call.region).await,
        // A stack that failed may have left something behind.
        ("cloudformation", _)
        | ("config", "StartConfigurationRecorder" | "PutConfigurationRecorder") => {
            look_at_iam(state).await;
            look_at_documents(state, &call.region).await;
        }
        _ => {}
    }
}

/// Users, groups, roles and policies, for every Region that records them.
pub(crate) async fn look_at_iam(state: &Arc<State>) {
    // Two that look at once could record the older state last.
    let _turn = state.config.turn.lock().await;
    let recorders = &state.config.recorders;
    let mut regions: Vec<String> = OF_IAM
        .iter()
        .flat_map(|kind| recorders.of_global(kind))
        .collect();
    regions.sort_unstable();
    regions.dedup();
    if regions.is_empty() {
        return;
    }
    let details = match iam::details(state).await {
        Ok(details) => details,
        Err(refusal) => {
            tracing::warn!("IAM is not recorded: {refusal}");
            return;
        }
    };
    let seen = observed::of_iam(&details);
    for region in regions {
        let kinds: Vec<&str> = OF_IAM
            .into_iter()
            .filter(|kind| recorders.records(&region, kind))
            .collect();
        let mut seen = seen.clone();
        seen.retain(|resource| kinds.contains(&resource.kind));
        let changes = state
            .config
            .history
            .observe(&region, &kinds, seen, Timestamp::now());
        tell(state, &region, changes);
    }
}

/// The documents of a Region.
pub(crate) async fn look_at_documents(state: &Arc<State>, region: &str) {
    let _turn = state.config.turn.lock().await;
    if !state.config.recorders.records(region, DOCUMENT) {
        return;
    }
    let seen = state
        .documents
        .each(region, |document| observed::of_document(region, document));
    let changes = state
        .config
        .history
        .observe(region, &[DOCUMENT], seen, Timestamp::now());
    tell(state, region, changes);
}

fn tell(state: &Arc<State>, region: &str, changes: Vec<Change>) {
    if !changes.is_empty() {
        calling::announce(state, region, changes);
    }
}
