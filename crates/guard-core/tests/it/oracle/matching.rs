//! Matching, by recursion.

use std::collections::BTreeMap;

/// One element of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece {
    Exactly(char),
    AnyOne,
    AnyRun,
}

pub(super) fn is_like(pattern: &[Piece], text: &[char]) -> bool {
    match (pattern.first(), text.first()) {
        (None, None) => true,
        (Some(Piece::AnyRun), _) => {
            is_like(&pattern[1..], text) || (!text.is_empty() && is_like(pattern, &text[1..]))
        }
        (Some(Piece::AnyOne), Some(_)) => is_like(&pattern[1..], &text[1..]),
        (Some(Piece::Exactly(wanted)), Some(found)) => {
            wanted == found && is_like(&pattern[1..], &text[1..])
        }
        (None, Some(_)) | (Some(Piece::AnyOne | Piece::Exactly(_)), None) => false,
    }
}

pub(super) fn chars(text: &str) -> Vec<char> {
    text.chars().collect()
}

/// A pattern whose `*` and `?` are wildcards, without variables.
pub(super) fn wild(text: &str) -> Vec<Piece> {
    text.chars()
        .map(|one| match one {
            '*' => Piece::AnyRun,
            '?' => Piece::AnyOne,
            one => Piece::Exactly(one),
        })
        .collect()
}

pub(super) fn exact(text: &str) -> Vec<Piece> {
    text.chars().map(Piece::Exactly).collect()
}

/// A text with its variables replaced, or nothing where one has no value.
pub(super) fn replaced(
    text: &str,
    context: &BTreeMap<String, Vec<String>>,
    is_wild: bool,
) -> Option<Vec<Piece>> {
    let written = |text: &str| if is_wild { wild(text) } else { exact(text) };
    let Some((before, after)) = text.split_once("${") else {
        return Some(written(text));
    };
    let (inside, after) = after.split_once('}').unwrap();
    let value = if ["*", "?", "$"].contains(&inside) {
        exact(inside)
    } else {
        exact(&value(inside, context)?)
    };
    Some([written(before), value, replaced(after, context, is_wild)?].concat())
}

/// The value of what stands between the braces.
fn value(inside: &str, context: &BTreeMap<String, Vec<String>>) -> Option<String> {
    let (key, default) = match inside.split_once(", '") {
        Some((key, default)) => (key, Some(default.trim_end_matches('\'').to_owned())),
        None => (inside, None),
    };
    match context.get(&key.to_lowercase()).map(Vec::as_slice) {
        None | Some([]) => default,
        Some([single]) => Some(single.clone()),
        Some(_) => None,
    }
}

/// ARNs, part by part.
pub(super) fn is_like_arn(pattern: &[Piece], text: &str) -> bool {
    if pattern == [Piece::AnyRun] {
        return true;
    }
    let mut wanted = vec![Vec::new()];
    for piece in pattern {
        if *piece == Piece::Exactly(':') && wanted.len() < 6 {
            wanted.push(Vec::new());
        } else {
            wanted.last_mut().unwrap().push(*piece);
        }
    }
    let found: Vec<_> = text.splitn(6, ':').map(chars).collect();
    wanted.len() == 6
        && found.len() == 6
        && wanted
            .iter()
            .zip(&found)
            .all(|(one, other)| is_like(one, other))
}
