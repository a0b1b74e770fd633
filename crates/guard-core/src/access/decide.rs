//! The flow chart: a denial anywhere ends it; then everything that has a say must allow.

use super::caller::Caller;
use super::decision::{Decision, Outcome, StatementRef};
use super::grant::Grant;
use super::own::Own;
use super::policies::{Policies, Request};
use super::resource_policy::ByResource;
use super::truth::Truth;
use crate::policy::folded;

/// Decides whether a request goes through.
pub fn decide<'a>(policies: &'a Policies<'_>, request: &Request<'a>) -> Decision {
    let caller = Caller::of(request.principal);
    let mut denied = Grant::none();
    let resource = policies.resource.as_ref();
    let resource = resource.map(|policy| ByResource::ask(policy, request, &caller, &mut denied));
    let allowed = if caller.is_outside() {
        resource.map_or_else(Grant::none, |resource| resource.itself)
    } else {
        let own = Own::ask(policies, request, &caller, &mut denied);
        match resource {
            None => own.alone(),
            Some(resource) => own.with(resource, request, &caller),
        }
    };
    conclude(allowed, denied)
}

fn conclude(allowed: Grant<'_>, denied: Grant<'_>) -> Decision {
    let (outcome, because, on) = match (allowed.truth, denied.truth) {
        (_, Truth::True) => (Outcome::ExplicitlyDenied, denied.because, Vec::new()),
        (Truth::False, Truth::False | Truth::Unknown(_)) => {
            (Outcome::ImplicitlyDenied, Vec::new(), Vec::new())
        }
        (Truth::True, Truth::False) => (Outcome::Allowed, allowed.because, Vec::new()),
        (Truth::Unknown(on), Truth::False) => (Outcome::Conditional, allowed.because, on),
        (Truth::True, Truth::Unknown(on)) => {
            let because = [allowed.because, denied.because].concat();
            (Outcome::Conditional, because, on)
        }
        (Truth::Unknown(one), Truth::Unknown(other)) => {
            let because = [allowed.because, denied.because].concat();
            (Outcome::Conditional, because, [one, other].concat())
        }
    };
    Decision {
        outcome,
        because: in_order(because),
        on: each_once(on),
    }
}

fn in_order(mut statements: Vec<StatementRef>) -> Vec<StatementRef> {
    statements.sort_unstable();
    statements.dedup();
    statements
}

fn each_once(mut keys: Vec<&str>) -> Vec<String> {
    keys.sort_unstable_by_key(|key| (folded(key), *key));
    keys.dedup_by_key(|key| folded(key));
    keys.into_iter().map(str::to_owned).collect()
}
