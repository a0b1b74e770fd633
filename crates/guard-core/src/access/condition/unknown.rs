//! Conditions on keys of which nothing is known.

use super::holds_without_value;
use crate::access::context::Context;
use crate::access::expand::{Case, Expanded, Wildcards, expand};
use crate::access::truth::Truth;
use crate::policy::{Comparand, Condition, LanguageVersion, Polarity, Quantifier, Template};

/// Whether a condition holds: it does or does not where any value and none come to the same, and else that depends on
/// the key and on the unknown variables that it is compared with.
pub(super) fn of_unknown<'a>(
    condition: &'a Condition,
    language: LanguageVersion,
    context: &'a Context,
) -> Truth<'a> {
    let operator = condition.operator();
    let mut keys = vec![context.spelling(condition.folded(), condition.key())];
    let (mut may_match, mut may_differ) = (false, true);
    for comparand in condition.comparands() {
        if comparand.takes_any(operator.comparison) {
            (may_match, may_differ) = (true, false);
        } else if let Some(variables) = variables(comparand, language, context) {
            may_match = true;
            keys.extend(variables);
        }
    }
    let (may_hold, may_fail) = match operator.comparison.polarity() {
        Polarity::Positive => (may_match, may_differ),
        Polarity::Negated => (may_differ, may_match),
    };
    let of_empty_set = match operator.quantifier {
        Quantifier::Single => None,
        Quantifier::ForAllValues => Some(true),
        Quantifier::ForAnyValue => Some(false),
    };
    let cases = [
        Some(holds_without_value(condition)),
        of_empty_set,
        may_hold.then_some(true),
        may_fail.then_some(false),
    ];
    let has = |wanted| cases.contains(&Some(wanted));
    if has(true) && has(false) {
        Truth::Unknown(keys)
    } else {
        Truth::of(has(true))
    }
}

/// The unknown variables of a value that something may match; nothing where nothing can.
fn variables<'a>(
    comparand: &'a Comparand,
    language: LanguageVersion,
    context: &'a Context,
) -> Option<Vec<&'a str>> {
    match (language, comparand.template()) {
        (LanguageVersion::V2008, _) | (LanguageVersion::V2012, Template::Plain) => Some(Vec::new()),
        (LanguageVersion::V2012, Template::Malformed) => None,
        (LanguageVersion::V2012, Template::Parts(parts)) => {
            match expand(parts, context, Wildcards::Wild, Case::Kept) {
                Expanded::Known(_) => Some(Vec::new()),
                Expanded::Nothing => None,
                Expanded::Unknown(_, keys) => Some(keys),
            }
        }
    }
}
