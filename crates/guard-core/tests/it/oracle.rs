//! A slow, literal evaluator of IAM policies, written from AWS's flow chart without regard to the real one: it works on
//! the JSON as it stands, knows only complete contexts, and matches by recursion. What the two make of generated
//! policies and requests must agree.

mod agreement;
mod caller;
mod choices;
mod condition;
mod conditions;
mod generate;
mod laws;
mod matching;
mod reaching;
mod statement;
mod values;
mod world;

use serde_json::Value;

use self::caller::{Caller, Named};
use self::world::{Ask, World};

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Answer {
    Allowed,
    ExplicitlyDenied,
    ImplicitlyDenied,
}

/// Goes through the flow chart.
pub(crate) fn answer(world: &World, ask: &Ask) -> Answer {
    let caller = Caller::of(ask.principal.as_deref());
    let own = |policies: &Vec<Value>, effect: &str| {
        policies
            .iter()
            .any(|policy| statement::some(policy, effect, ask))
    };
    let by_resource = |effect: &str, wanted: &[Named]| {
        world
            .resource
            .iter()
            .any(|policy| statement::some_of_resource(policy, effect, ask, &caller, wanted))
    };
    let anyhow = [Named::Itself, Named::AsRole, Named::ByAccount];

    // Deny evaluation.
    let mut policies: Vec<&Vec<Value>> = Vec::new();
    if !caller.is_outside() {
        policies.push(&world.identity);
        policies.extend(&world.boundary);
        policies.extend(&world.session);
        if !caller.is_service_linked() {
            policies.extend(&world.scp);
        }
    }
    if policies.iter().any(|policies| own(policies, "Deny")) || by_resource("Deny", &anyhow) {
        return Answer::ExplicitlyDenied;
    }
    // A service has nothing but the resource's policy.
    if caller.is_outside() {
        return if by_resource("Allow", &[Named::Itself]) {
            Answer::Allowed
        } else {
            Answer::ImplicitlyDenied
        };
    }
    // Service control policies.
    if !caller.is_service_linked() && world.scp.iter().any(|level| !own(level, "Allow")) {
        return Answer::ImplicitlyDenied;
    }
    let identity = caller.is_root() || own(&world.identity, "Allow");
    let is_abroad = world.resource.is_some() && ask.is_abroad(&caller);
    if is_abroad {
        if !identity || !by_resource("Allow", &anyhow) {
            return Answer::ImplicitlyDenied;
        }
    } else {
        // Resource-based policies.
        if by_resource("Allow", &[Named::Itself]) {
            return Answer::Allowed;
        }
        let by_role = by_resource("Allow", &[Named::AsRole]);
        let by_account = by_resource("Allow", &[Named::ByAccount]);
        // Identity-based policies.
        let is_exception = world.resource.is_some() && ask.is_about_key_or_trust();
        let identity = if is_exception {
            identity && by_account
        } else {
            identity
        };
        if !identity && !by_role {
            return Answer::ImplicitlyDenied;
        }
    }
    // Permissions boundary, then session policy.
    for limit in [&world.boundary, &world.session].into_iter().flatten() {
        if !own(limit, "Allow") {
            return Answer::ImplicitlyDenied;
        }
    }
    Answer::Allowed
}
