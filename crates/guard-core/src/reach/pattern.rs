//! Patterns with variables, as sets of texts once the variables' values are known.

use super::language::{Pattern, Piece};
use crate::access::expand::Wildcards;
use crate::policy::{LanguageVersion, Part, Template};

/// How many values at one cut are worth trying.
const MAX_VALUES: usize = 4;

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

/// Whether two patterns begin so differently that no text is of both.
pub(super) fn are_apart(one: &str, other: &str) -> bool {
    let is_free = |character: &char| matches!(character, '*' | '?' | '$');
    let pairs = one.chars().zip(other.chars());
    let mut literal = pairs.take_while(|(one, other)| !is_free(one) && !is_free(other));
    literal.any(|(one, other)| one != other)
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
        Wildcards::Wild => Pattern::parse(text),
        Wildcards::Literal => Pattern::literal(text),
    }
}

/// A pattern cut at the first place where it names a key.
pub(super) struct Cut {
    before: Pattern,
    after: Pattern,
}

/// Cuts a pattern at the first variable that `is_key` finds; other variables may stand for anything.
pub(super) fn cut(
    text: &str,
    version: LanguageVersion,
    wildcards: Wildcards,
    is_key: impl Fn(&str) -> bool,
) -> Option<Cut> {
    let Template::Parts(parts) = template(text, version) else {
        return None;
    };
    let mut sides = [Vec::new(), Vec::new()];
    let mut is_cut = false;
    for part in &parts {
        let [before, after] = &mut sides;
        let side = if is_cut { after } else { before };
        match part {
            Part::Text(text) => side.extend(plain(text, wildcards).into_pieces()),
            Part::Literal(character) => side.push(Piece::One(*character)),
            Part::Variable(variable) if !is_cut && is_key(&variable.key) => is_cut = true,
            Part::Variable(_) => side.push(Piece::AnyRun),
        }
    }
    let [before, after] = sides.map(Pattern::new);
    is_cut.then_some(Cut { before, after })
}

impl Cut {
    /// The pattern, with any value at the cut.
    pub(super) fn whole(&self) -> Pattern {
        let sides = [self.before.clone(), self.after.clone()].map(Pattern::into_pieces);
        let [before, after] = sides;
        Pattern::new(before.into_iter().chain([Piece::AnyRun]).chain(after))
    }

    /// What stands at the cut in a text: the shortest that can, for each place where it can begin.
    pub(super) fn between(&self, text: &str) -> Vec<String> {
        let ends = || text.char_indices().map(|(at, _)| at).chain([text.len()]);
        let begins = ends().filter(|at| text.get(..*at).is_some_and(|it| self.before.matches(it)));
        let values = begins.filter_map(|begin| {
            let is_end = |end: &usize| {
                *end >= begin && text.get(*end..).is_some_and(|it| self.after.matches(it))
            };
            ends()
                .find(is_end)
                .and_then(|end| text.get(begin..end))
                .map(str::to_owned)
        });
        values
            .filter(|value| !value.is_empty())
            .take(MAX_VALUES)
            .collect()
    }
}
