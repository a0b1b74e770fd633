//! Texts with variables: `${key}`, `${key, 'default'}`, and `${*}`, `${?}`, `${$}` for the characters themselves.

/// A text cut at its variables.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Template {
    /// No variable: the text stands for itself.
    Plain,
    /// Texts and variables by turns.
    Parts(Box<[Part]>),
    /// A variable that is not written as one: it has no meaning, so the text matches nothing.
    Malformed,
}

/// One part of such a text.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    /// Text as it was written, wildcards included.
    Text(Box<str>),
    /// A character that is no wildcard here.
    Literal(char),
    /// The value of a context key.
    Variable(Box<Variable>),
}

/// One variable.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Variable {
    /// The context key, as written.
    pub(crate) key: Box<str>,
    /// The key as it is looked up.
    pub(crate) folded: Box<str>,
    /// What stands there when the key has no value.
    pub(crate) default: Option<Box<str>>,
}

impl Template {
    pub(crate) fn of(text: &str) -> Self {
        // Looking for one character is much quicker than for two, and hardly any text has it.
        if !text.contains('$') || !text.contains("${") {
            return Self::Plain;
        }
        parts(text).map_or(Self::Malformed, |parts| Self::Parts(parts.into()))
    }
}

fn parts(text: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        if !before.is_empty() {
            parts.push(Part::Text(before.into()));
        }
        let (part, after) = variable(after)?;
        parts.push(part);
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest.into()));
    }
    Some(parts)
}

/// What stands between `${` and `}`, and what follows.
fn variable(text: &str) -> Option<(Part, &str)> {
    for literal in ['*', '?', '$'] {
        let after = text.strip_prefix(literal);
        if let Some(after) = after.and_then(|after| after.strip_prefix('}')) {
            return Some((Part::Literal(literal), after));
        }
    }
    let end = text.find([',', '}'])?;
    let (key, after) = text.split_at_checked(end)?;
    let unfit = |character: char| character.is_whitespace() || "${'\"*?".contains(character);
    if key.is_empty() || key.contains(unfit) {
        return None;
    }
    let (default, after) = match after.strip_prefix(',') {
        None => (None, after),
        Some(after) => {
            let (default, after) = after.trim_start().strip_prefix('\'')?.split_once('\'')?;
            (Some(default.into()), after.trim_start())
        }
    };
    let variable = Variable {
        key: key.into(),
        folded: folded(key),
        default,
    };
    Some((Part::Variable(Box::new(variable)), after.strip_prefix('}')?))
}

/// A context key as it is compared: without regard to case.
pub(crate) fn folded(key: &str) -> Box<str> {
    key.to_lowercase().into()
}
