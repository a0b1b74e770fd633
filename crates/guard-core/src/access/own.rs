//! What the policies on the caller's side allow, alone and together with the resource's policy.

use super::caller::Caller;
use super::decision::{Layer, StatementRef};
use super::grant::Grant;
use super::place::{Place, place};
use super::policies::{Attached, Policies, Request};
use super::resource_policy::ByResource;
use super::statement::of_identity;
use crate::policy::Effect;

/// What the caller's own policies allow.
#[derive(Clone)]
pub(super) struct Own<'a> {
    identity: Grant<'a>,
    /// Boundary and session policy, if there are any.
    limits: Vec<Grant<'a>>,
    /// Each level of the organization.
    scp: Vec<Grant<'a>>,
}

impl<'a> Own<'a> {
    pub(super) fn ask(
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
    pub(super) fn with(
        self,
        resource: ByResource<'a>,
        request: &Request<'a>,
        caller: &Caller<'_>,
    ) -> Grant<'a> {
        match place(request, caller) {
            Place::Own => self.at_home(resource, request),
            Place::Foreign => self.abroad(resource),
            Place::Unknown(key) => {
                let at_home = self.clone().at_home(resource.clone(), request);
                at_home.or_else_depends(self.abroad(resource), key)
            }
        }
    }

    pub(super) fn alone(self) -> Grant<'a> {
        self.identity.within(self.limits).within(self.scp)
    }

    fn at_home(self, resource: ByResource<'a>, request: &Request<'_>) -> Grant<'a> {
        let limited = if is_by_resource_only(request) {
            resource.role.or(resource.account.and(self.identity))
        } else {
            self.identity.or(resource.role)
        };
        let limited = limited.within(self.limits);
        resource.itself.or(limited).within(self.scp)
    }

    fn abroad(self, resource: ByResource<'a>) -> Grant<'a> {
        let by_resource = resource.itself.or(resource.role).or(resource.account);
        self.alone().and(by_resource)
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
