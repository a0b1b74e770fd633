//! The flow chart: a denial anywhere ends it; then everything that has a say must allow.

use super::caller::{Caller, Naming};
use super::context::Value;
use super::decision::{Decision, Layer, Outcome, StatementRef};
use super::grant::Grant;
use super::policies::{Attached, Policies, Request};
use super::statement::{of_identity, of_resource};
use super::truth::Truth;
use crate::policy::{Effect, folded};

/// Decides whether a request goes through.
pub fn decide<'a>(policies: &'a Policies<'_>, request: &Request<'a>) -> Decision {
    let caller = Caller::of(request.principal);
    let mut denied = Grant::none();
    let resource = policies.resource.as_ref();
    let resource = resource.map(|policy| Resource::ask(policy, request, &caller, &mut denied));
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

/// What the caller's own policies allow.
#[derive(Clone)]
struct Own<'a> {
    identity: Grant<'a>,
    /// Boundary and session policy, if there are any.
    limits: Vec<Grant<'a>>,
    /// Each level of the organization.
    scp: Vec<Grant<'a>>,
}

impl<'a> Own<'a> {
    fn ask(
        policies: &'a Policies<'_>,
        request: &Request<'a>,
        caller: &Caller<'_>,
        denied: &mut Grant<'a>,
    ) -> Self {
        let mut ask = |layer, of: &'a [Attached<'_>]| layered(layer, of, request, denied);
        let identity = ask(Layer::Identity, &policies.identity);
        let boundary = policies.boundary.as_deref();
        let boundary = boundary.map(|of| ask(Layer::Boundary, of));
        let session = policies.session.as_deref();
        let session = session.map(|of| ask(Layer::Session, of));
        let scp: &[_] = if caller.is_service_linked() {
            &[]
        } else {
            &policies.scp
        };
        let scp = scp.iter().enumerate();
        Self {
            identity: if caller.is_root() {
                Grant::given()
            } else {
                identity
            },
            limits: boundary.into_iter().chain(session).collect(),
            scp: scp
                .map(|(level, of)| ask(Layer::Scp { level }, of))
                .collect(),
        }
    }

    /// What they allow together with the resource's policy, which is in the caller's account or in another.
    fn with(self, resource: Resource<'a>, request: &Request<'a>, caller: &Caller<'_>) -> Grant<'a> {
        match place(request, caller) {
            Place::Own => self.at_home(resource, request),
            Place::Foreign => self.abroad(resource),
            Place::Unknown(key) => {
                let at_home = self.clone().at_home(resource.clone(), request);
                at_home.or_else_depends(self.abroad(resource), key)
            }
        }
    }

    fn alone(self) -> Grant<'a> {
        self.identity.within(self.limits).within(self.scp)
    }

    fn at_home(self, resource: Resource<'a>, request: &Request<'_>) -> Grant<'a> {
        let limited = if is_by_resource_only(request) {
            resource.role.or(resource.account.and(self.identity))
        } else {
            self.identity.or(resource.role)
        };
        let limited = limited.within(self.limits);
        resource.itself.or(limited).within(self.scp)
    }

    fn abroad(self, resource: Resource<'a>) -> Grant<'a> {
        let by_resource = resource.itself.or(resource.role).or(resource.account);
        self.alone().and(by_resource)
    }
}

/// What the resource's policy allows, by how it names the caller.
#[derive(Clone)]
struct Resource<'a> {
    itself: Grant<'a>,
    role: Grant<'a>,
    account: Grant<'a>,
}

impl<'a> Resource<'a> {
    fn ask(
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

/// What the policies of one layer allow; what they deny is added to the rest of that.
fn layered<'a>(
    layer: Layer,
    policies: &'a [Attached<'_>],
    request: &Request<'a>,
    denied: &mut Grant<'a>,
) -> Grant<'a> {
    let mut allowed = Grant::none();
    for (policy, attached) in policies.iter().enumerate() {
        let language = attached.document.language();
        for (index, statement) in attached.document.statements.iter().enumerate() {
            let grant = match statement.effect {
                Effect::Allow => &mut allowed,
                Effect::Deny => &mut *denied,
            };
            grant.add(
                of_identity(statement, language, request),
                StatementRef {
                    layer,
                    policy,
                    statement: index,
                },
            );
        }
    }
    allowed
}

/// Role trust policies and key policies "must explicitly allow access": an identity's policies alone do not suffice
/// (IAM user guide on policy evaluation, read 2026-11).
fn is_by_resource_only(request: &Request<'_>) -> bool {
    let service = request.resource.split(':').nth(2);
    let is_assumed = request
        .action
        .get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case("sts:"));
    service == Some("kms") || (service == Some("iam") && is_assumed)
}

/// Where a resource is, seen from the caller.
enum Place<'a> {
    Own,
    Foreign,
    Unknown(&'a str),
}

const RESOURCE_ACCOUNT: &str = "aws:ResourceAccount";

fn place<'a>(request: &Request<'a>, caller: &Caller<'_>) -> Place<'a> {
    let Some(own) = caller.account() else {
        return Place::Own;
    };
    let of = |account: &str| {
        if account == own {
            Place::Own
        } else {
            Place::Foreign
        }
    };
    let in_arn = request.resource.split(':').nth(4);
    if let Some(account) = in_arn.filter(|account| !account.is_empty()) {
        return of(account);
    }
    let key = folded(RESOURCE_ACCOUNT);
    match request.context.folded_value(&key) {
        Value::Known([account]) => of(account),
        Value::Known(_) | Value::Absent => Place::Own,
        Value::Unknown => Place::Unknown(request.context.spelling(&key, RESOURCE_ACCOUNT)),
    }
}
