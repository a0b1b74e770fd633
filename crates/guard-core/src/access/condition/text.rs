//! Texts: the same, the same but for case, or alike.

use crate::access::context::Context;
use crate::access::expand::{Case, Wildcards, expand, whole};
use crate::access::truth::Truth;
use crate::policy::{Comparison, Glob, LanguageVersion, Template};

pub(super) fn compare<'a>(
    comparison: Comparison,
    (glob, template): (&Glob, &'a Template),
    found: &str,
    language: LanguageVersion,
    context: &'a Context,
) -> Truth<'a> {
    let (wildcards, case) = ways(comparison);
    match (language, template) {
        (LanguageVersion::V2008, _) | (LanguageVersion::V2012, Template::Plain) => {
            Truth::of(match (wildcards, case) {
                (Wildcards::Wild, _) => glob.matches(found),
                (Wildcards::Literal, Case::Kept) => glob.as_str() == found,
                (Wildcards::Literal, Case::Folded) => is_same_but_for_case(glob.as_str(), found),
            })
        }
        (LanguageVersion::V2012, Template::Malformed) => Truth::False,
        (LanguageVersion::V2012, Template::Parts(parts)) => {
            let expanded = expand(parts, context, wildcards, case);
            match case {
                Case::Kept => expanded.holds(found, |tokens| whole(tokens, found)),
                Case::Folded => {
                    let found = found.to_lowercase();
                    expanded.holds(&found, |tokens| whole(tokens, &found))
                }
            }
        }
    }
}

/// How the texts of a comparison of texts or of ARNs are read.
pub(crate) fn ways(comparison: Comparison) -> (Wildcards, Case) {
    match comparison {
        Comparison::StringLike
        | Comparison::StringNotLike
        | Comparison::ArnEquals
        | Comparison::ArnNotEquals
        | Comparison::ArnLike
        | Comparison::ArnNotLike => (Wildcards::Wild, Case::Kept),
        Comparison::StringEqualsIgnoreCase | Comparison::StringNotEqualsIgnoreCase => {
            (Wildcards::Literal, Case::Folded)
        }
        Comparison::StringEquals
        | Comparison::StringNotEquals
        | Comparison::NumericEquals
        | Comparison::NumericNotEquals
        | Comparison::NumericLessThan
        | Comparison::NumericLessThanEquals
        | Comparison::NumericGreaterThan
        | Comparison::NumericGreaterThanEquals
        | Comparison::DateEquals
        | Comparison::DateNotEquals
        | Comparison::DateLessThan
        | Comparison::DateLessThanEquals
        | Comparison::DateGreaterThan
        | Comparison::DateGreaterThanEquals
        | Comparison::Bool
        | Comparison::BinaryEquals
        | Comparison::IpAddress
        | Comparison::NotIpAddress
        | Comparison::Null => (Wildcards::Literal, Case::Kept),
    }
}

fn is_same_but_for_case(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
        || (!(one.is_ascii() && other.is_ascii()) && one.to_lowercase() == other.to_lowercase())
}
