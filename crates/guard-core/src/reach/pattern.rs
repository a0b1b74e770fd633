//! Patterns with variables, as sets of texts once the variables' values are known.

use super::language::{Pattern, Piece};
use crate::policy::{LanguageVersion, Part, Template};

/// How the texts of a pattern are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wildcards {
    /// `*` and `?` stand for other characters.
    Read,
    /// They stand for themselves.
    Literal,
}

/// The texts that `text` means when each variable has the value that `value` knows of it; `None` when it means none.
pub(super) fn resolved(
    text: &str,
    version: LanguageVersion,
    wildcards: Wildcards,
    value: impl Fn(&str) -> Option<String>,
) -> Option<Pattern> {
    let parts = match template(text, version) {
        Template::Plain => return Some(plain(text, wildcards)),
        Template::Malformed => return None,
        Template::Parts(parts) => parts,
    };
    let mut pieces = Vec::new();
    for part in &parts {
        match part {
            Part::Text(text) => pieces.extend(plain(text, wildcards).into_pieces()),
            Part::Literal(character) => pieces.push(Piece::One(*character)),
            Part::Variable(variable) => {
                let default = variable.default.as_deref().map(str::to_owned);
                let value = value(&variable.key).or(default)?;
                pieces.extend(value.chars().map(Piece::One));
            }
        }
    }
    Some(Pattern::new(pieces))
}

/// The context keys whose values the pattern holds.
pub(super) fn keys(text: &str, version: LanguageVersion) -> Vec<String> {
    match template(text, version) {
        Template::Plain | Template::Malformed => Vec::new(),
        Template::Parts(parts) => {
            let keys = parts.iter().filter_map(|part| match part {
                Part::Variable(variable) => Some(variable.key.to_string()),
                Part::Text(_) | Part::Literal(_) => None,
            });
            keys.collect()
        }
    }
}

fn template(text: &str, version: LanguageVersion) -> Template {
    match version {
        LanguageVersion::V2008 => Template::Plain,
        LanguageVersion::V2012 => Template::of(text),
    }
}

fn plain(text: &str, wildcards: Wildcards) -> Pattern {
    match wildcards {
        Wildcards::Read => Pattern::parse(text),
        Wildcards::Literal => Pattern::literal(text),
    }
}
