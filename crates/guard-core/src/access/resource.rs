//! Resources: glob over the whole ARN, since a `*` in one may stand for several of its parts.

use super::context::Context;
use super::expand::{Case, Wildcards, expand, whole};
use super::truth::Truth;
use crate::policy::{LanguageVersion, ResourceElement, ResourcePattern, Sense, Template};

/// Whether an element is about `resource`.
pub(super) fn is_about<'a>(
    element: &'a ResourceElement,
    language: LanguageVersion,
    resource: &str,
    context: &'a Context,
) -> Truth<'a> {
    let patterns = element.patterns.iter();
    let listed = Truth::any(patterns.map(|one| matches(one, language, resource, context)));
    match element.sense {
        Sense::Listed => listed,
        Sense::NotListed => listed.not(),
    }
}

fn matches<'a>(
    pattern: &'a ResourcePattern,
    language: LanguageVersion,
    resource: &str,
    context: &'a Context,
) -> Truth<'a> {
    match (language, pattern.template()) {
        (LanguageVersion::V2008, _) | (LanguageVersion::V2012, Template::Plain) => {
            Truth::of(pattern.glob().matches(resource))
        }
        (LanguageVersion::V2012, Template::Malformed) => Truth::False,
        (LanguageVersion::V2012, Template::Parts(parts)) => {
            expand(parts, context, Wildcards::Wild, Case::Kept)
                .holds(resource, |tokens| whole(tokens, resource))
        }
    }
}
