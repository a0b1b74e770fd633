//! Three-valued logic: what is not known is neither true nor false.

/// Whether something holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Truth<'a> {
    /// It does.
    True,
    /// It does not.
    False,
    /// That depends on these context keys.
    Unknown(Vec<&'a str>),
}

impl<'a> Truth<'a> {
    pub(crate) fn of(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }

    /// Depends on one key.
    pub(crate) fn on(key: &'a str) -> Self {
        Self::Unknown(vec![key])
    }

    pub(crate) fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown(keys) => Self::Unknown(keys),
        }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, other) | (other, Self::True) => other,
            (Self::Unknown(one), Self::Unknown(other)) => Self::either(one, other),
        }
    }

    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::True, _) | (_, Self::True) => Self::True,
            (Self::False, other) | (other, Self::False) => other,
            (Self::Unknown(one), Self::Unknown(other)) => Self::either(one, other),
        }
    }

    /// Whether all hold; the rest is not looked at once one does not.
    pub(crate) fn all(truths: impl IntoIterator<Item = Self>) -> Self {
        let mut whole = Self::True;
        for truth in truths {
            whole = whole.and(truth);
            if whole == Self::False {
                break;
            }
        }
        whole
    }

    /// Whether one holds; the rest is not looked at once one does.
    pub(crate) fn any(truths: impl IntoIterator<Item = Self>) -> Self {
        let mut whole = Self::False;
        for truth in truths {
            whole = whole.or(truth);
            if whole == Self::True {
                break;
            }
        }
        whole
    }

    fn either(mut one: Vec<&'a str>, other: Vec<&'a str>) -> Self {
        one.extend(other);
        Self::Unknown(one)
    }
}
