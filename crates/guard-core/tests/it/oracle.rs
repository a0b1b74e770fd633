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
    let itself = [Named::Itself];
    let anyhow = [Named::Itself, Named::AsRole, Named::ByAccount];
    let allows = |policies: &[Value]| own(policies, "Allow", ask);
    let by_resource = |wanted: &[Named]| of_resource(world, "Allow", ask, &caller, wanted);

    // Deny evaluation.
    let denies = policies(world, &caller)
        .iter()
        .any(|policies| own(policies, "Deny", ask));
    if denies || of_resource(world, "Deny", ask, &caller, &anyhow) {
        return Answer::ExplicitlyDenied;
    }
    // A service has nothing but the resource's policy.
    if caller.is_outside() {
        return allowed_if(by_resource(&itself));
    }
    // Service control policies.
    if !caller.is_service_linked() && world.scp.iter().any(|level| !allows(level)) {
        return Answer::ImplicitlyDenied;
    }
    let identity = caller.is_root() || allows(&world.identity);
    if world.resource.is_some() && ask.is_abroad(&caller) {
        if !identity || !by_resource(&anyhow) {
            return Answer::ImplicitlyDenied;
        }
    } else {
        // Resource-based policies, then identity-based policies.
        if by_resource(&itself) {
            return Answer::Allowed;
        }
        let is_exception = world.resource.is_some() && ask.is_about_key_or_trust();
        let identity = identity && (!is_exception || by_resource(&[Named::ByAccount]));
        if !identity && !by_resource(&[Named::AsRole]) {
            return Answer::ImplicitlyDenied;
        }
    }
    // Permissions boundary and session policy.
    let limits = [&world.boundary, &world.session];
    allowed_if(limits.into_iter().flatten().all(|limit| allows(limit)))
}

fn allowed_if(is_allowed: bool) -> Answer {
    if is_allowed {
        Answer::Allowed
    } else {
        Answer::ImplicitlyDenied
    }
}

/// All policies of the caller's side that reach it.
fn policies<'a>(world: &'a World, caller: &Caller) -> Vec<&'a Vec<Value>> {
    let mut policies = Vec::new();
    if !caller.is_outside() {
        policies.push(&world.identity);
        policies.extend(&world.boundary);
        policies.extend(&world.session);
        if !caller.is_service_linked() {
            policies.extend(&world.scp);
        }
    }
    policies
}

fn own(policies: &[Value], effect: &str, ask: &Ask) -> bool {
    policies
        .iter()
        .any(|policy| statement::some(policy, effect, ask))
}

fn of_resource(world: &World, effect: &str, ask: &Ask, caller: &Caller, wanted: &[Named]) -> bool {
    let policy = world.resource.as_ref();
    policy.is_some_and(|policy| statement::some_of_resource(policy, effect, ask, caller, wanted))
}
