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
    let Some(start) = text.find("${") else {
        return Some(if is_wild { wild(text) } else { exact(text) });
    };
    let end = start + text[start..].find('}').unwrap();
    let mut pieces = if is_wild {
        wild(&text[..start])
    } else {
        exact(&text[..start])
    };
    let inside = &text[start + 2..end];
    if ["*", "?", "$"].contains(&inside) {
        pieces.extend(exact(inside));
    } else {
        let (key, default) = match inside.split_once(", '") {
            Some((key, default)) => (key, Some(default.trim_end_matches('\'').to_owned())),
            None => (inside, None),
        };
        let values = context
            .get(&key.to_lowercase())
            .cloned()
            .unwrap_or_default();
        let value = match values.len() {
            0 => default?,
            1 => values[0].clone(),
            _ => return None,
        };
        pieces.extend(exact(&value));
    }
    pieces.extend(replaced(&text[end + 1..], context, is_wild)?);
    Some(pieces)
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
