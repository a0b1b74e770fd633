//! What a resource's own policy allows.

use super::caller::{Caller, Naming};
use super::decision::{Layer, StatementRef};
use super::grant::Grant;
use super::policies::{Attached, Request};
use super::statement::of_resource;
use crate::policy::Effect;

/// What the resource's policy allows, by how it names the caller.
#[derive(Clone)]
pub(super) struct ByResource<'a> {
    pub(super) itself: Grant<'a>,
    pub(super) role: Grant<'a>,
    pub(super) account: Grant<'a>,
}

impl<'a> ByResource<'a> {
    pub(super) fn ask(
        policy: &'a Attached<'_>,
        request: &Request<'a>,
        caller: &Caller<'_>,
        denied: &mut Grant<'a>,
    ) -> Self {
        let mut whole = Self {
            itself: Grant::none(),
            role: Grant::none(),
            account: Grant::none(),
        };
        let language = policy.document.language();
        for (index, statement) in policy.document.statements.iter().enumerate() {
            let Some((truth, naming)) = of_resource(statement, language, request, caller) else {
                continue;
            };
            let grant = match (statement.effect, naming) {
                (Effect::Deny, _) => &mut *denied,
                (Effect::Allow, Naming::Itself) => &mut whole.itself,
                (Effect::Allow, Naming::Role) => &mut whole.role,
                (Effect::Allow, Naming::Account) => &mut whole.account,
            };
            grant.add(
                truth,
                StatementRef {
                    layer: Layer::Resource,
                    policy: 0,
                    statement: index,
                },
            );
        }
        whole
    }
}
