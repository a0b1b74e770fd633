//! What the different kinds of policies must and must not have.

use std::collections::BTreeSet;

use super::error::{PolicyError, Problem, shown};
use super::place::Place;
use super::{OneOrMany, PolicyDocument, PrincipalKind, Principals, ResourcePattern, Statement};

/// What a policy hangs on, which decides what it may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// On a user, group or role, or limiting them: also boundaries, session policies and service control policies.
    Identity,
    /// On a resource.
    Resource,
    /// On a role, saying who may assume it.
    Trust,
}

impl PolicyDocument {
    /// Whether the document is one of this kind, or the first thing that it must not say or fails to say.
    pub fn check(&self, kind: Kind) -> Result<(), PolicyError> {
        let root = Place::Document;
        let above = root.member("Statement");
        let mut sids = BTreeSet::new();
        for (index, statement) in self.statements.iter().enumerate() {
            let at = match self.statements {
                OneOrMany::One(_) => above,
                OneOrMany::Many(_) => above.item(index),
            };
            of_kind(statement, kind, &at)?;
            let sid = statement.sid.as_deref().filter(|sid| !sid.is_empty());
            if sid.is_some_and(|sid| kind == Kind::Identity && !sids.insert(sid)) {
                let found = format!("`{}`", shown(sid.unwrap_or_default()));
                return Err(at.member("Sid").error(Problem::Duplicate { found }));
            }
        }
        Ok(())
    }
}

fn of_kind(statement: &Statement, kind: Kind, at: &Place<'_>) -> Result<(), PolicyError> {
    principals(statement, at)?;
    resources(statement, kind, at)?;
    let missing = |key, expected| Err(at.member(key).error(Problem::Missing { expected }));
    let misplaced = |key, why| Err(at.member(key).error(Problem::Misplaced { why }));
    match (kind, &statement.principal, &statement.resource) {
        (Kind::Identity, Some(principal), _) => misplaced(
            principal.name(),
            "a policy of a user, group or role has no principal",
        ),
        (Kind::Identity, None, None) => missing("Resource", "`Resource` or `NotResource`"),
        (Kind::Resource | Kind::Trust, None, _) => {
            missing("Principal", "`Principal` or `NotPrincipal`")
        }
        (Kind::Trust, Some(_), Some(resource)) => misplaced(
            resource.name(),
            "a trust policy has no resource: it is about its own role",
        ),
        (Kind::Identity, None, Some(_))
        | (Kind::Resource, Some(_), _)
        | (Kind::Trust, Some(_), None) => Ok(()),
    }
}

/// "You cannot use a wildcard to match part of a principal name or ARN": IAM user guide on Principal, read 2026-11.
fn principals(statement: &Statement, at: &Place<'_>) -> Result<(), PolicyError> {
    let Some(element) = &statement.principal else {
        return Ok(());
    };
    let Principals::Listed(entries) = &element.who else {
        return Ok(());
    };
    let above = at.member(element.name());
    for entry in entries {
        let at = above.member(entry.kind.as_str());
        let is_unfit = |name: &String| {
            name.contains(['*', '?']) && !(name == "*" && entry.kind == PrincipalKind::Aws)
        };
        let unfit = entry.names.iter().position(is_unfit);
        written(
            &entry.names,
            unfit,
            |name| name,
            "a principal written out, without wildcard",
            &at,
        )?;
    }
    Ok(())
}

/// IAM takes no resource that is neither an ARN nor a wildcard; other services have forms of their own.
fn resources(statement: &Statement, kind: Kind, at: &Place<'_>) -> Result<(), PolicyError> {
    match (kind, &statement.resource) {
        (Kind::Identity, Some(element)) => {
            let is_unfit = |one: &ResourcePattern| {
                !one.as_str().starts_with("arn:") && !one.as_str().starts_with('*')
            };
            let unfit = element.patterns.iter().position(is_unfit);
            let at = at.member(element.name());
            written(
                &element.patterns,
                unfit,
                ResourcePattern::as_str,
                "an ARN, or `*`",
                &at,
            )
        }
        (Kind::Identity | Kind::Resource | Kind::Trust, _) => Ok(()),
    }
}

/// An error about one of several texts, if one is unfit.
fn written<T>(
    texts: &OneOrMany<T>,
    unfit: Option<usize>,
    text: impl Fn(&T) -> &str,
    expected: &'static str,
    at: &Place<'_>,
) -> Result<(), PolicyError> {
    let Some((index, found)) = unfit.and_then(|index| Some((index, texts.as_slice().get(index)?)))
    else {
        return Ok(());
    };
    let at = match texts {
        OneOrMany::One(_) => *at,
        OneOrMany::Many(_) => at.item(index),
    };
    let found = format!("`{}`", shown(text(found)));
    Err(at.error(Problem::Unfit { found, expected }))
}
