//! The statements that have a say about an action, by the layers of policies in which they stand.

use crate::access::statement::{is_about, of_identity};
use crate::access::truth::Truth;
use crate::access::{Attached, Layer, Policies, Request, StatementRef};
use crate::policy::{Effect, LanguageVersion, ResourcePattern, Sense, Statement};

/// A statement about the action, and where it stands.
#[derive(Debug)]
pub(super) struct Clause<'a> {
    pub(super) at: StatementRef,
    pub(super) statement: &'a Statement,
    /// The version of the language decides whether `${…}` is a variable.
    pub(super) version: LanguageVersion,
}

/// All of them.
#[derive(Debug)]
pub(super) struct Layers<'a> {
    layers: Vec<Vec<Clause<'a>>>,
}

impl<'a> Layers<'a> {
    /// The statements about `action` in every layer that the policies have. Resource policies are not asked: the
    /// resources that sessions and documents are have none.
    pub(super) fn of(policies: &Policies<'a>, action: &str) -> Self {
        let named = |layer: Layer, attached: &[Attached<'a>]| {
            let documents = attached.iter().enumerate();
            documents
                .flat_map(|(policy, attached)| clauses(layer, policy, attached, action))
                .collect::<Vec<_>>()
        };
        let mut layers = vec![named(Layer::Identity, &policies.identity)];
        layers.extend(
            policies
                .boundary
                .iter()
                .map(|it| named(Layer::Boundary, it)),
        );
        layers.extend(policies.session.iter().map(|it| named(Layer::Session, it)));
        let levels = policies.scp.iter().enumerate();
        layers.extend(levels.map(|(level, it)| named(Layer::Scp { level }, it)));
        Self { layers }
    }

    /// Without the statements that allow in the layer of `at`, but for the one that stands there.
    pub(super) fn with_grant(mut self, at: StatementRef) -> Self {
        for layer in &mut self.layers {
            layer.retain(|clause| {
                clause.effect() == Effect::Deny || clause.at.layer != at.layer || clause.at == at
            });
        }
        self
    }

    /// The statements of the caller's own policies that allow.
    pub(super) fn grants(&self) -> impl Iterator<Item = &Clause<'a>> {
        let own = self
            .all()
            .filter(|clause| clause.at.layer == Layer::Identity);
        own.filter(|clause| clause.effect() == Effect::Allow)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Clause<'a>> {
        self.layers.iter().flatten()
    }

    /// A statement that denies the request.
    pub(super) fn denying(&self, request: &Request<'_>) -> Option<&Clause<'a>> {
        self.all()
            .find(|clause| clause.effect() == Effect::Deny && clause.applies(request))
    }

    /// A layer in which no statement allows the request.
    pub(super) fn not_allowing(&self, request: &Request<'_>) -> Option<&[Clause<'a>]> {
        let allows =
            |clause: &Clause<'_>| clause.effect() == Effect::Allow && clause.applies(request);
        let layer = self.layers.iter().find(|layer| !layer.iter().any(allows));
        layer.map(Vec::as_slice)
    }
}

impl<'a> Clause<'a> {
    pub(super) fn effect(&self) -> Effect {
        self.statement.effect
    }

    /// The patterns of the statement's resources; `None` where it names none and so means all.
    pub(super) fn patterns(&self) -> Option<(Sense, impl Iterator<Item = &'a str>)> {
        let statement = self.statement;
        let resource = statement.resource.as_ref()?;
        Some((
            resource.sense,
            resource.patterns.iter().map(ResourcePattern::as_str),
        ))
    }

    fn applies(&self, request: &Request<'_>) -> bool {
        of_identity(self.statement, self.version, request) == Truth::True
    }
}

fn clauses<'a>(
    layer: Layer,
    policy: usize,
    attached: &Attached<'a>,
    action: &str,
) -> Vec<Clause<'a>> {
    let document = attached.document;
    let statements = document.statements.iter().enumerate();
    statements
        .filter(|(_, statement)| is_about(&statement.action, action))
        .map(|(index, statement)| Clause {
            at: StatementRef {
                layer,
                policy,
                statement: index,
            },
            statement,
            version: document.language(),
        })
        .collect()
}
