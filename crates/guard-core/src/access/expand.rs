//! Variables and their values.

use super::context::{Context, Value};
use super::truth::Truth;
use crate::policy::{Part, Token, Variable, matches};

/// What a text with variables says in a context.
pub(super) enum Expanded<'a> {
    /// This.
    Known(Vec<Token>),
    /// A variable has no value, so the text matches nothing.
    Nothing,
    /// That depends on these keys; at most this, with any run of characters for each unknown value.
    Unknown(Vec<Token>, Vec<&'a str>),
}

/// What `*` and `?` are in a text as it was written. In the value of a variable they are always themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wildcards {
    Wild,
    Literal,
}

/// Whether letters keep their case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Kept,
    Folded,
}

/// What most texts come to, so that they grow at once.
const TOKENS: usize = 96;

/// Puts the values into a text.
pub(super) fn expand<'a>(
    parts: &'a [Part],
    context: &'a Context,
    wildcards: Wildcards,
    case: Case,
) -> Expanded<'a> {
    let mut tokens = Vec::with_capacity(TOKENS);
    let mut unknown = Vec::new();
    for part in parts {
        match part {
            Part::Text(text) => push(&mut tokens, text, wildcards, case),
            Part::Literal(character) => {
                let mut buffer = [0; 4];
                push(
                    &mut tokens,
                    character.encode_utf8(&mut buffer),
                    Wildcards::Literal,
                    case,
                );
            }
            Part::Variable(variable) => match value(variable, context) {
                Replacement::Text(text) => push(&mut tokens, text, Wildcards::Literal, case),
                Replacement::Nothing => return Expanded::Nothing,
                Replacement::Unknown => {
                    tokens.push(Token::Run);
                    unknown.push(context.spelling(&variable.folded, &variable.key));
                }
            },
        }
    }
    if unknown.is_empty() {
        Expanded::Known(tokens)
    } else {
        Expanded::Unknown(tokens, unknown)
    }
}

/// What stands in the place of a variable.
enum Replacement<'a> {
    Text(&'a str),
    Nothing,
    Unknown,
}

/// The value of a variable. A key with several values has none that could stand in a text.
fn value<'a>(variable: &'a Variable, context: &'a Context) -> Replacement<'a> {
    match (context.folded_value(&variable.folded), &variable.default) {
        (Value::Unknown, _) => Replacement::Unknown,
        (Value::Known([single]), _) => Replacement::Text(single),
        (Value::Absent | Value::Known([]), Some(default)) => Replacement::Text(default),
        (Value::Absent | Value::Known(_), _) => Replacement::Nothing,
    }
}

fn push(tokens: &mut Vec<Token>, text: &str, wildcards: Wildcards, case: Case) {
    let folded;
    let text = match case {
        Case::Kept => text,
        Case::Folded => {
            folded = text.to_lowercase();
            &folded
        }
    };
    tokens.extend(text.bytes().map(|byte| match wildcards {
        Wildcards::Wild => Token::from(byte),
        Wildcards::Literal => Token::Byte(byte),
    }));
}

impl<'a> Expanded<'a> {
    /// Whether the text holds of something, when `exact` says so of what is known. It must say so only of what the
    /// whole of `found` matches.
    pub(super) fn holds(self, found: &str, exact: impl Fn(&[Token]) -> bool) -> Truth<'a> {
        match self {
            Self::Known(tokens) => Truth::of(exact(&tokens)),
            Self::Unknown(widest, keys) if whole(&widest, found) => Truth::Unknown(keys),
            Self::Nothing | Self::Unknown(..) => Truth::False,
        }
    }
}

/// Whether the whole of `found` is what the tokens say.
pub(super) fn whole(tokens: &[Token], found: &str) -> bool {
    matches(tokens, found.as_bytes(), |one, other| one == other)
}
