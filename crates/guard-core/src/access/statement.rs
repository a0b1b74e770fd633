//! Whether a statement is about a request.

use super::caller::{Caller, Naming};
use super::condition;
use super::policies::Request;
use super::resource;
use super::truth::Truth;
use crate::policy::{ActionElement, LanguageVersion, Sense, Statement};

/// Whether a statement of a caller's own policies is about the request.
pub(crate) fn of_identity<'a>(
    statement: &'a Statement,
    language: LanguageVersion,
    request: &Request<'a>,
) -> Truth<'a> {
    if is_about(&statement.action, request.action) {
        rest(statement, language, request)
    } else {
        Truth::False
    }
}

/// Whether a statement of a resource's policy is, and how it names the caller.
pub(super) fn of_resource<'a>(
    statement: &'a Statement,
    language: LanguageVersion,
    request: &Request<'a>,
    caller: &Caller<'_>,
) -> Option<(Truth<'a>, Naming)> {
    let naming = caller.naming(statement.principal.as_ref()?)?;
    is_about(&statement.action, request.action)
        .then(|| (rest(statement, language, request), naming))
}

/// Whether an element is about `action`.
pub(crate) fn is_about(element: &ActionElement, action: &str) -> bool {
    let is_listed = element.patterns.iter().any(|one| one.matches(action));
    match element.sense {
        Sense::Listed => is_listed,
        Sense::NotListed => !is_listed,
    }
}

/// What is left to ask when the action is the statement's.
fn rest<'a>(
    statement: &'a Statement,
    language: LanguageVersion,
    request: &Request<'a>,
) -> Truth<'a> {
    let context = request.context;
    let resource = statement.resource.as_ref().map_or(Truth::True, |element| {
        resource::is_about(element, language, request.resource, context)
    });
    if resource == Truth::False {
        return Truth::False;
    }
    let conditions = statement.conditions.iter();
    resource.and(Truth::all(
        conditions.map(|condition| condition::holds(condition, language, context)),
    ))
}
