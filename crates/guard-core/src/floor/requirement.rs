//! What the floor asks of one field.

use std::fmt;

use serde::Serialize;

use super::{Field, Kind};

/// One requirement; a field may have several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Requirement {
    /// Exactly this value.
    Is(String),
    /// One of these values.
    OneOf(Vec<String>),
    /// A number of minutes, no larger.
    AtMost(u64),
    /// A number of minutes, no smaller.
    AtLeast(u64),
    /// Some value.
    Set,
    /// No value.
    NotSet,
}

impl Requirement {
    /// Whether `value` satisfies it; absent, null and empty are all `None`.
    pub(super) fn holds(&self, field: Field, value: Option<&str>) -> bool {
        match self {
            Self::Is(wanted) => value == Some(wanted.as_str()),
            Self::OneOf(wanted) => value.is_some_and(|value| wanted.iter().any(|one| one == value)),
            // No maximum is more than any number, so it is never at most one and always at least one.
            Self::AtMost(most) => {
                minutes(field, value).is_some_and(|found| found.is_some_and(|n| n <= *most))
            }
            Self::AtLeast(least) => {
                minutes(field, value).is_some_and(|found| found.is_none_or(|n| n >= *least))
            }
            Self::Set => value.is_some(),
            Self::NotSet => value.is_none(),
        }
    }

    /// The same requirement as it may be shown: shell text as its hash.
    pub(super) fn shown(&self, field: Field) -> Self {
        let path = field.path();
        match self {
            Self::Is(value) => Self::Is(path.show(value)),
            Self::OneOf(values) => {
                Self::OneOf(values.iter().map(|value| path.show(value)).collect())
            }
            Self::AtMost(_) | Self::AtLeast(_) | Self::Set | Self::NotSet => self.clone(),
        }
    }
}

/// The minutes that apply: `None` for what is no number of minutes, `Some(None)` for no limit.
fn minutes(field: Field, value: Option<&str>) -> Option<Option<u64>> {
    let Kind::Minutes { max, absent } = field.kind() else {
        return None;
    };
    match value {
        None => Some(absent),
        // A number outside the documented range is no number of minutes: 0 might mean "never".
        Some(text) => whole_number(text)
            .filter(|number| (1..=max).contains(number))
            .map(Some),
    }
}

/// A number of decimal digits only, without leading zeros: no sign, no blank, no point.
fn whole_number(text: &str) -> Option<u64> {
    text.parse::<u64>()
        .ok()
        .filter(|number| number.to_string() == text)
}

/// As it ends a sentence: "… must be …".
impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(value) => write!(f, "`{value}`"),
            Self::OneOf(values) => {
                let values: Vec<_> = values.iter().map(|value| format!("`{value}`")).collect();
                write!(f, "one of {}", values.join(", "))
            }
            Self::AtMost(most) => write!(f, "at most {most} minutes"),
            Self::AtLeast(least) => write!(f, "at least {least} minutes"),
            Self::Set => f.write_str("set"),
            Self::NotSet => f.write_str("not set"),
        }
    }
}
