//! Sets of characters.

use std::fmt;

/// Characters of ASCII one by one, all others together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Chars {
    ascii: u128,
    others: bool,
}

impl Chars {
    pub(super) const EMPTY: Self = Self {
        ascii: 0,
        others: false,
    };
    pub(super) const ALL: Self = Self {
        ascii: u128::MAX,
        others: true,
    };

    pub(super) fn of(text: &str) -> Self {
        text.chars().fold(Self::EMPTY, Self::with)
    }

    pub(super) fn range(from: char, to: char) -> Self {
        let ascii = (0_u8..128)
            .map(char::from)
            .filter(|it| (from..=to).contains(it))
            .fold(Self::EMPTY, Self::with);
        Self {
            others: ascii.others || !to.is_ascii(),
            ..ascii
        }
    }

    pub(super) fn with(self, character: char) -> Self {
        if character.is_ascii() {
            Self {
                ascii: self.ascii | 1 << u32::from(character),
                ..self
            }
        } else {
            Self {
                others: true,
                ..self
            }
        }
    }

    #[must_use]
    pub(super) fn union(self, other: Self) -> Self {
        Self {
            ascii: self.ascii | other.ascii,
            others: self.others || other.others,
        }
    }

    #[must_use]
    pub(super) fn without(self, other: Self) -> Self {
        Self {
            ascii: self.ascii & !other.ascii,
            others: self.others && !other.others,
        }
    }

    /// Everything else; of what lies beyond ASCII always some.
    #[must_use]
    pub(super) fn negated(self) -> Self {
        Self {
            ascii: !self.ascii,
            others: true,
        }
    }

    pub(super) fn is_empty(self) -> bool {
        self == Self::EMPTY
    }

    pub(super) fn has(self, character: char) -> bool {
        Self::EMPTY.with(character).without(self).is_empty()
    }

    pub(super) fn goes_beyond_ascii(self) -> bool {
        self.others
    }

    fn iter(self) -> impl Iterator<Item = char> {
        (0_u8..128).map(char::from).filter(move |it| self.has(*it))
    }

    pub(super) fn has_control(self) -> bool {
        self.iter().any(|it| it.is_ascii_control())
    }

    pub(super) fn shares_with(self, other: Self) -> bool {
        self.without(other) != self
    }
}

/// The characters one after the other, at most twenty, each as it can be shown.
impl fmt::Display for Chars {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: Vec<String> = self
            .iter()
            .map(|it| match it {
                ' ' => "blank".to_owned(),
                other => other.escape_debug().to_string(),
            })
            .collect();
        let rest = if shown.len() > 20 || self.others {
            " …"
        } else {
            ""
        };
        let first: Vec<_> = shown.into_iter().take(20).collect();
        write!(f, "{}{rest}", first.join(" "))
    }
}
