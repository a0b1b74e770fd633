//! Conditions, as AWS's pages on operators tell them.

use std::collections::BTreeMap;

use serde_json::Value;

use super::matching::{Piece, chars, exact, is_like, is_like_arn, replaced, wild};
use super::values;

type Context = BTreeMap<String, Vec<String>>;

pub(super) fn holds(
    operator: &str,
    key: &str,
    wanted: &[Value],
    variables: bool,
    context: &Context,
) -> bool {
    let found = context
        .get(&key.to_lowercase())
        .filter(|values| !values.is_empty());
    let wanted: Vec<String> = wanted
        .iter()
        .map(|value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
        .collect();
    if operator == "Null" {
        let is_absent = found.is_none().to_string();
        return wanted
            .iter()
            .any(|wanted| wanted.eq_ignore_ascii_case(&is_absent));
    }
    let (set, rest) = operator.split_once(':').unwrap_or(("", operator));
    let name = rest.trim_end_matches("IfExists");
    let (name, is_negated) = match name {
        "NotIpAddress" => ("IpAddress".to_owned(), true),
        _ => (name.replace("Not", ""), name.contains("Not")),
    };
    let Some(found) = found else {
        return match (rest.ends_with("IfExists"), set) {
            (true, _) | (false, "ForAllValues") => true,
            (false, "ForAnyValue") => false,
            (false, _) => is_negated,
        };
    };
    let matches = |found: &String| {
        wanted
            .iter()
            .any(|wanted| is_match(&name, wanted, found, variables, context))
    };
    let is_null_set = found.iter().all(String::is_empty);
    match set {
        "ForAllValues" => is_null_set || found.iter().all(|found| matches(found) != is_negated),
        "ForAnyValue" => !is_null_set && found.iter().any(|found| matches(found) != is_negated),
        _ => found.iter().any(matches) != is_negated,
    }
}

fn is_match(name: &str, wanted: &str, found: &str, variables: bool, context: &Context) -> bool {
    let pieces = |is_wild| -> Option<Vec<Piece>> {
        match (variables, is_wild) {
            (true, _) => replaced(wanted, context, is_wild),
            (false, true) => Some(wild(wanted)),
            (false, false) => Some(exact(wanted)),
        }
    };
    let lower = |pieces: Vec<Piece>| -> Vec<Piece> {
        pieces
            .into_iter()
            .map(|piece| match piece {
                Piece::Exactly(one) => Piece::Exactly(one.to_ascii_lowercase()),
                Piece::AnyOne | Piece::AnyRun => piece,
            })
            .collect()
    };
    match name {
        "StringEquals" => pieces(false).is_some_and(|pieces| is_like(&pieces, &chars(found))),
        "StringEqualsIgnoreCase" => pieces(false)
            .is_some_and(|pieces| is_like(&lower(pieces), &chars(&found.to_ascii_lowercase()))),
        "StringLike" => pieces(true).is_some_and(|pieces| is_like(&pieces, &chars(found))),
        "ArnEquals" | "ArnLike" => pieces(true).is_some_and(|pieces| is_like_arn(&pieces, found)),
        "Bool" => ["true", "false"]
            .iter()
            .any(|one| wanted.eq_ignore_ascii_case(one) && found.eq_ignore_ascii_case(one)),
        "BinaryEquals" => {
            values::bytes(found).is_some_and(|found| Some(found) == values::bytes(wanted))
        }
        "IpAddress" => values::is_in_range(found, wanted),
        _ => in_order(name, wanted, found),
    }
}

fn in_order(name: &str, wanted: &str, found: &str) -> bool {
    let read = if name.starts_with("Numeric") {
        values::thousandths
    } else {
        values::milliseconds
    };
    let (Some(wanted), Some(found)) = (read(wanted), read(found)) else {
        return false;
    };
    match name
        .trim_start_matches("Numeric")
        .trim_start_matches("Date")
    {
        "Equals" => found == wanted,
        "LessThan" => found < wanted,
        "LessThanEquals" => found <= wanted,
        "GreaterThan" => found > wanted,
        "GreaterThanEquals" => found >= wanted,
        other => panic!("{other}"),
    }
}
