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
            Self::AtMost(most) => match time(field, value) {
                Time::Minutes(found) => found <= *most,
                Time::NoMaximum | Time::Senseless => false,
            },
            Self::AtLeast(least) => match time(field, value) {
                Time::Minutes(found) => found >= *least,
                Time::NoMaximum => true,
                Time::Senseless => false,
            },
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

/// The time that applies.
enum Time {
    Minutes(u64),
    /// More than any number: never at most one and always at least one.
    NoMaximum,
    Senseless,
}

fn time(field: Field, value: Option<&str>) -> Time {
    match (field.kind(), value) {
        (Kind::Minutes { absent, .. }, None) => absent.map_or(Time::NoMaximum, Time::Minutes),
        // A number outside the documented range is no time: 0 might mean "never".
        (Kind::Minutes { max, .. }, Some(text)) => whole_number(text)
            .filter(|number| (1..=max).contains(number))
            .map_or(Time::Senseless, Time::Minutes),
        (Kind::Text | Kind::Flag, _) => Time::Senseless,
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
