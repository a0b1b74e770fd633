//! What the different kinds of policies must and must not have.

use std::collections::HashSet;

use super::error::{PolicyError, Problem, shown};
use super::place::Place;
use super::{OneOrMany, PolicyDocument, Statement};

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
        let mut sids = HashSet::new();
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
