//! ARNs, compared part by part: a `*` stays within its part. `ArnEquals` and `ArnLike` are the same.

use crate::access::context::Context;
use crate::access::expand::{Case, Wildcards, expand};
use crate::access::truth::Truth;
use crate::policy::{Glob, LanguageVersion, Template, Token, matches};

/// `arn`, partition, service, Region, account, and the rest with its colons.
const PARTS: usize = 6;

pub(super) fn compare<'a>(
    (glob, template): (&Glob, &'a Template),
    found: &str,
    language: LanguageVersion,
    context: &'a Context,
) -> Truth<'a> {
    match (language, template) {
        (LanguageVersion::V2008, _) | (LanguageVersion::V2012, Template::Plain) => {
            Truth::of(is_like(glob.as_str().as_bytes(), found))
        }
        (LanguageVersion::V2012, Template::Malformed) => Truth::False,
        (LanguageVersion::V2012, Template::Parts(parts)) => {
            expand(parts, context, Wildcards::Wild, Case::Kept)
                .holds(found, |tokens| is_like(tokens, found))
        }
    }
}

/// A pattern of fewer parts matches no ARN, but for a bare `*`, which is said to match all.
fn is_like<T: Copy + Into<Token>>(pattern: &[T], found: &str) -> bool {
    if let [single] = pattern
        && matches!((*single).into(), Token::Run)
    {
        return true;
    }
    let is_colon = |token: &T| matches!((*token).into(), Token::Byte(b':'));
    let mut wanted = pattern.splitn(PARTS, is_colon);
    let mut found = found.splitn(PARTS, ':');
    let mut parts = 0;
    loop {
        match (wanted.next(), found.next()) {
            (Some(wanted), Some(found)) if matches(wanted, found.as_bytes(), |a, b| a == b) => {
                parts += 1;
            }
            (None, None) => return parts == PARTS,
            (Some(_) | None, _) => return false,
        }
    }
}
