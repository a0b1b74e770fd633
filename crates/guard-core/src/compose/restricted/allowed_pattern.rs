//! `allowedPattern`: which characters a value may hold that matches it.
//!
//! It is not documented which dialect of regular expressions Systems Manager reads. What is taken here means the same in
//! all of them; anything else is refused, since a pattern that is misread protects nothing.

use std::iter::Peekable;
use std::str::Chars as Letters;

use super::chars::Chars;

/// Deeper brackets are no pattern that people wrote.
const DEEPEST: usize = 16;

/// A pattern that is understood whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AllowedPattern {
    text: String,
    shape: Shape,
}

/// What is known of the texts that match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shape {
    /// Which characters they may hold.
    pub(super) characters: Chars,
    /// With which they may begin.
    pub(super) first: Chars,
    /// Whether the empty text is among them.
    pub(super) may_be_empty: bool,
}

/// Why a pattern is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// Not anchored: a part of the value that matches would do.
    #[error(
        "it must begin with ^ and end with $, or a value may hold anything around what matches"
    )]
    Unanchored,
    /// `^a|b$`: each side has one anchor only.
    #[error(
        "`|` outside brackets leaves one side without ^ and the other without $; write ^(…|…)$"
    )]
    Unbracketed,
    /// Something that is no plain part of a regular expression.
    #[error(
        "`{found}` means different things to different readers of patterns; write it in another way"
    )]
    Unclear {
        /// What stands there.
        found: String,
    },
    /// A bracket without its other half, or a repetition of nothing.
    #[error("it is no regular expression: {problem}")]
    Syntax {
        /// What is wrong.
        problem: &'static str,
    },
}

impl Shape {
    const NOTHING: Self = Self {
        characters: Chars::EMPTY,
        first: Chars::EMPTY,
        may_be_empty: true,
    };

    fn one_of(characters: Chars) -> Self {
        Self {
            characters,
            first: characters,
            may_be_empty: false,
        }
    }

    fn then(self, next: Self) -> Self {
        let first = if self.may_be_empty {
            self.first.union(next.first)
        } else {
            self.first
        };
        Self {
            characters: self.characters.union(next.characters),
            first,
            may_be_empty: self.may_be_empty && next.may_be_empty,
        }
    }

    fn or(self, other: Self) -> Self {
        Self {
            characters: self.characters.union(other.characters),
            first: self.first.union(other.first),
            may_be_empty: self.may_be_empty || other.may_be_empty,
        }
    }
}

impl AllowedPattern {
    /// Reads a pattern.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let body = text
            .strip_prefix('^')
            .and_then(|rest| rest.strip_suffix('$'))
            .ok_or(PatternError::Unanchored)?;
        let escapes = body.len() - body.trim_end_matches('\\').len();
        if escapes % 2 == 1 {
            return Err(PatternError::Unanchored);
        }
        let mut reader = Reader {
            rest: body.chars().peekable(),
        };
        let shape = reader.sequence(0)?;
        match reader.rest.next() {
            None => Ok(Self {
                text: text.to_owned(),
                shape,
            }),
            Some('|') => Err(PatternError::Unbracketed),
            Some(_) => Err(PatternError::Syntax {
                problem: "a `)` has no `(`",
            }),
        }
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn shape(&self) -> Shape {
        self.shape
    }
}

struct Reader<'t> {
    rest: Peekable<Letters<'t>>,
}

impl Reader<'_> {
    fn alternatives(&mut self, depth: usize) -> Result<Shape, PatternError> {
        let mut shape = self.sequence(depth)?;
        while self.rest.next_if_eq(&'|').is_some() {
            shape = shape.or(self.sequence(depth)?);
        }
        Ok(shape)
    }

    fn sequence(&mut self, depth: usize) -> Result<Shape, PatternError> {
        let mut shape = Shape::NOTHING;
        while let Some(next) = self.rest.next_if(|it| !matches!(it, '|' | ')')) {
            let one = self.one(next, depth)?;
            shape = shape.then(self.repeated(one)?);
        }
        Ok(shape)
    }

    fn one(&mut self, next: char, depth: usize) -> Result<Shape, PatternError> {
        match next {
            '(' => self.group(depth + 1),
            '[' => self.class().map(Shape::one_of),
            '\\' => self.escape().map(Shape::one_of),
            '.' => Ok(Shape::one_of(Chars::ALL)),
            '^' | '$' => Err(unclear("^ or $ inside the pattern")),
            '*' | '+' | '?' | '{' => Err(PatternError::Syntax {
                problem: "a repetition has nothing before it",
            }),
            other => Ok(Shape::one_of(Chars::EMPTY.with(other))),
        }
    }

    fn group(&mut self, depth: usize) -> Result<Shape, PatternError> {
        if depth > DEEPEST {
            return Err(unclear("brackets so deep"));
        }
        if self.rest.next_if_eq(&'?').is_some() && self.rest.next_if_eq(&':').is_none() {
            return Err(unclear("(?"));
        }
        let shape = self.alternatives(depth)?;
        match self.rest.next() {
            Some(')') => Ok(shape),
            Some(_) | None => Err(PatternError::Syntax {
                problem: "a `(` has no `)`",
            }),
        }
    }

    fn repeated(&mut self, shape: Shape) -> Result<Shape, PatternError> {
        let least = match self.rest.peek() {
            Some('*' | '?') => 0,
            Some('+') => 1,
            Some('{') => {
                self.rest.next();
                return self.counted(shape);
            }
            Some(_) | None => return Ok(shape),
        };
        self.rest.next();
        self.end_of_repetition(shape, least)
    }

    fn counted(&mut self, shape: Shape) -> Result<Shape, PatternError> {
        let mut text = String::new();
        while let Some(next) = self.rest.next_if(|it| it.is_ascii_digit() || *it == ',') {
            text.push(next);
        }
        let (least, most) = text.split_once(',').unwrap_or((&text, ""));
        let is_most = most.is_empty() || most.parse::<u32>().is_ok();
        match (least.parse::<u32>(), self.rest.next()) {
            (Ok(least), Some('}')) if is_most => self.end_of_repetition(shape, least),
            (_, _) => Err(PatternError::Syntax {
                problem: "`{` begins no repetition such as {1,64}; for the character write \\{",
            }),
        }
    }

    /// A `?` or `+` behind changes how a match is looked for, not what matches; a further repetition is none.
    fn end_of_repetition(&mut self, shape: Shape, least: u32) -> Result<Shape, PatternError> {
        let _ = self.rest.next_if(|it| matches!(it, '?' | '+'));
        if self
            .rest
            .peek()
            .is_some_and(|it| matches!(it, '*' | '+' | '?' | '{'))
        {
            return Err(unclear("a repetition of a repetition"));
        }
        Ok(Shape {
            may_be_empty: shape.may_be_empty || least == 0,
            ..shape
        })
    }

    fn class(&mut self) -> Result<Chars, PatternError> {
        let is_negated = self.rest.next_if_eq(&'^').is_some();
        let mut characters = Chars::EMPTY;
        loop {
            let next = self.rest.next().ok_or(PatternError::Syntax {
                problem: "a `[` has no `]`",
            })?;
            let one = match next {
                ']' if characters.is_empty() => return Err(unclear("[]")),
                ']' if is_negated => return Ok(characters.negated()),
                ']' => return Ok(characters),
                '[' => return Err(unclear("[ inside []")),
                '&' if self.rest.peek() == Some(&'&') => return Err(unclear("&& inside []")),
                '\\' => self.escape()?,
                other => self.range(other)?,
            };
            characters = characters.union(one);
        }
    }

    /// A character, or with a hyphen and another behind it all between them.
    fn range(&mut self, from: char) -> Result<Chars, PatternError> {
        let mut ahead = self.rest.clone();
        if ahead.next() != Some('-') {
            return Ok(Chars::EMPTY.with(from));
        }
        let to = match ahead.next() {
            // A hyphen at the end is itself.
            Some(']') | None => return Ok(Chars::EMPTY.with(from)),
            Some('\\' | '[') => return Err(unclear("a range that ends in an escape")),
            Some(to) => to,
        };
        self.rest = ahead;
        if from > to {
            return Err(PatternError::Syntax {
                problem: "a range in [] ends before it begins",
            });
        }
        Ok(Chars::range(from, to))
    }

    fn escape(&mut self) -> Result<Chars, PatternError> {
        let digits = || Chars::range('0', '9');
        let words = || {
            let letters = Chars::range('a', 'z').union(Chars::range('A', 'Z'));
            letters.union(digits()).with('_')
        };
        let blanks = || Chars::of(" \t\n\r\u{b}\u{c}");
        match self.rest.next() {
            Some('d') => Ok(digits()),
            Some('w') => Ok(words()),
            Some('s') => Ok(blanks()),
            Some('D') => Ok(digits().negated()),
            Some('W') => Ok(words().negated()),
            Some('S') => Ok(blanks().negated()),
            Some('t') => Ok(Chars::of("\t")),
            Some('n') => Ok(Chars::of("\n")),
            Some('r') => Ok(Chars::of("\r")),
            Some(other) if other.is_ascii_punctuation() || other == ' ' => {
                Ok(Chars::EMPTY.with(other))
            }
            Some(other) => Err(unclear(&format!("\\{other}"))),
            None => Err(PatternError::Syntax {
                problem: "a \\ has nothing behind it",
            }),
        }
    }
}

fn unclear(found: &str) -> PatternError {
    PatternError::Unclear {
        found: found.to_owned(),
    }
}

#[cfg(test)]
mod tests;
