//! One value of a key against one value of a condition.

use std::cmp::Ordering;
use std::net::IpAddr;

use super::arn;
use super::text;
use crate::access::context::Context;
use crate::access::truth::Truth;
use crate::policy::{Comparand, Comparison, Decimal, LanguageVersion, boolean, bytes, moment};

/// Whether they match. A negated operator is compared as its opposite, and a value that is none of the operator's kind
/// matches nothing.
pub(super) fn compare<'a>(
    comparison: Comparison,
    wanted: &'a Comparand,
    found: &str,
    language: LanguageVersion,
    context: &'a Context,
) -> Truth<'a> {
    match wanted {
        Comparand::Text(glob, template) => {
            text::compare(comparison, (glob, template), found, language, context)
        }
        Comparand::Arn(glob, template) => arn::compare((glob, template), found, language, context),
        Comparand::Number(wanted) => {
            let found = Decimal::parse(found);
            Truth::of(found.is_some_and(|found| is_in_order(comparison, found.cmp(wanted))))
        }
        Comparand::Date(wanted) => {
            let found = moment(found);
            Truth::of(found.is_some_and(|found| is_in_order(comparison, found.cmp(wanted))))
        }
        Comparand::Bool(wanted) => Truth::of(boolean(found) == Some(*wanted)),
        Comparand::Binary(wanted) => Truth::of(bytes(found).as_ref() == Some(wanted)),
        Comparand::Network(wanted) => {
            let found = found.parse::<IpAddr>();
            Truth::of(found.is_ok_and(|found| wanted.contains(found)))
        }
    }
}

/// Whether a key's value stands as the operator asks to the policy's.
fn is_in_order(comparison: Comparison, found: Ordering) -> bool {
    match comparison {
        Comparison::NumericLessThan | Comparison::DateLessThan => found.is_lt(),
        Comparison::NumericLessThanEquals | Comparison::DateLessThanEquals => found.is_le(),
        Comparison::NumericGreaterThan | Comparison::DateGreaterThan => found.is_gt(),
        Comparison::NumericGreaterThanEquals | Comparison::DateGreaterThanEquals => found.is_ge(),
        Comparison::NumericEquals
        | Comparison::NumericNotEquals
        | Comparison::DateEquals
        | Comparison::DateNotEquals
        | Comparison::StringEquals
        | Comparison::StringNotEquals
        | Comparison::StringEqualsIgnoreCase
        | Comparison::StringNotEqualsIgnoreCase
        | Comparison::StringLike
        | Comparison::StringNotLike
        | Comparison::Bool
        | Comparison::BinaryEquals
        | Comparison::IpAddress
        | Comparison::NotIpAddress
        | Comparison::ArnEquals
        | Comparison::ArnNotEquals
        | Comparison::ArnLike
        | Comparison::ArnNotLike
        | Comparison::Null => found.is_eq(),
    }
}
