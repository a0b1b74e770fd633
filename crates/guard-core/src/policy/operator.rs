//! Condition operators, as IAM spells them: it refuses any other spelling ("Invalid Condition type", seen 2024-11).

use std::fmt;

/// One operator with its set operator and its suffix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operator {
    /// What it asks of the several values that a key may have.
    pub quantifier: Quantifier,
    /// How it compares a value of the key with a value of the policy.
    pub comparison: Comparison,
    /// What it says when the key has no value.
    pub absence: Absence,
}

/// What an operator asks of the several values that a key may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantifier {
    /// Nothing said: the key has one value.
    Single,
    /// `ForAllValues`: each value of the key must pass, and none passes.
    ForAllValues,
    /// `ForAnyValue`: one value of the key must pass.
    ForAnyValue,
}

/// What an operator says when the key has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Absence {
    /// No suffix: the comparison fails, which a negated operator turns into a match.
    Compared,
    /// `IfExists`: the condition holds.
    Passes,
}

/// Whether a match of any value of the policy makes the condition hold or fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Polarity {
    /// One of the policy's values must match.
    Positive,
    /// None of the policy's values may match.
    Negated,
}

/// What the values of an operator are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Domain {
    /// Texts, compared whole or with wildcards.
    Text,
    /// ARNs with wildcards.
    Arn,
    /// Integers and decimals.
    Number,
    /// Points in time.
    Date,
    /// `true` and `false`.
    Bool,
    /// Bytes, written in base64.
    Binary,
    /// Addresses and ranges of them.
    Address,
}

/// How a value of the key is compared with a value of the policy. Each is named as IAM names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names are IAM's")]
pub enum Comparison {
    StringEquals,
    StringNotEquals,
    StringEqualsIgnoreCase,
    StringNotEqualsIgnoreCase,
    StringLike,
    StringNotLike,
    NumericEquals,
    NumericNotEquals,
    NumericLessThan,
    NumericLessThanEquals,
    NumericGreaterThan,
    NumericGreaterThanEquals,
    DateEquals,
    DateNotEquals,
    DateLessThan,
    DateLessThanEquals,
    DateGreaterThan,
    DateGreaterThanEquals,
    Bool,
    BinaryEquals,
    IpAddress,
    NotIpAddress,
    ArnEquals,
    ArnNotEquals,
    ArnLike,
    ArnNotLike,
    Null,
}

/// All that there are.
const COMPARISONS: [Comparison; 27] = [
    Comparison::StringEquals,
    Comparison::StringNotEquals,
    Comparison::StringEqualsIgnoreCase,
    Comparison::StringNotEqualsIgnoreCase,
    Comparison::StringLike,
    Comparison::StringNotLike,
    Comparison::NumericEquals,
    Comparison::NumericNotEquals,
    Comparison::NumericLessThan,
    Comparison::NumericLessThanEquals,
    Comparison::NumericGreaterThan,
    Comparison::NumericGreaterThanEquals,
    Comparison::DateEquals,
    Comparison::DateNotEquals,
    Comparison::DateLessThan,
    Comparison::DateLessThanEquals,
    Comparison::DateGreaterThan,
    Comparison::DateGreaterThanEquals,
    Comparison::Bool,
    Comparison::BinaryEquals,
    Comparison::IpAddress,
    Comparison::NotIpAddress,
    Comparison::ArnEquals,
    Comparison::ArnNotEquals,
    Comparison::ArnLike,
    Comparison::ArnNotLike,
    Comparison::Null,
];

impl Operator {
    /// The operator that IAM spells so. `Null` takes neither set operator nor suffix.
    pub fn parse(text: &str) -> Option<Self> {
        let (quantifier, rest) = if let Some(rest) = text.strip_prefix("ForAllValues:") {
            (Quantifier::ForAllValues, rest)
        } else if let Some(rest) = text.strip_prefix("ForAnyValue:") {
            (Quantifier::ForAnyValue, rest)
        } else {
            (Quantifier::Single, text)
        };
        let (absence, name) = match rest.strip_suffix("IfExists") {
            Some(name) => (Absence::Passes, name),
            None => (Absence::Compared, rest),
        };
        let comparison = COMPARISONS.into_iter().find(|one| one.as_str() == name)?;
        let is_bare = (quantifier, absence) == (Quantifier::Single, Absence::Compared);
        (comparison != Comparison::Null || is_bare).then_some(Self {
            quantifier,
            comparison,
            absence,
        })
    }

    /// The operator that is spelt most like `text`, among those without set operator and suffix.
    pub(super) fn nearest(text: &str) -> Option<&'static str> {
        let bare = text.rsplit(':').next().unwrap_or(text);
        let bare = bare.strip_suffix("IfExists").unwrap_or(bare).to_lowercase();
        let names = COMPARISONS.into_iter().map(Comparison::as_str);
        let likeness = |name: &str| strsim::jaro_winkler(&bare, &name.to_lowercase());
        names
            .map(|name| (likeness(name), name))
            .filter(|(likeness, _)| *likeness > 0.9)
            .max_by(|one, other| one.0.total_cmp(&other.0))
            .map(|(_, name)| name)
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.quantifier {
            Quantifier::Single => "",
            Quantifier::ForAllValues => "ForAllValues:",
            Quantifier::ForAnyValue => "ForAnyValue:",
        })?;
        f.write_str(self.comparison.as_str())?;
        f.write_str(match self.absence {
            Absence::Compared => "",
            Absence::Passes => "IfExists",
        })
    }
}

impl Comparison {
    /// IAM's name of it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StringEquals => "StringEquals",
            Self::StringNotEquals => "StringNotEquals",
            Self::StringEqualsIgnoreCase => "StringEqualsIgnoreCase",
            Self::StringNotEqualsIgnoreCase => "StringNotEqualsIgnoreCase",
            Self::StringLike => "StringLike",
            Self::StringNotLike => "StringNotLike",
            Self::NumericEquals => "NumericEquals",
            Self::NumericNotEquals => "NumericNotEquals",
            Self::NumericLessThan => "NumericLessThan",
            Self::NumericLessThanEquals => "NumericLessThanEquals",
            Self::NumericGreaterThan => "NumericGreaterThan",
            Self::NumericGreaterThanEquals => "NumericGreaterThanEquals",
            Self::DateEquals => "DateEquals",
            Self::DateNotEquals => "DateNotEquals",
            Self::DateLessThan => "DateLessThan",
            Self::DateLessThanEquals => "DateLessThanEquals",
            Self::DateGreaterThan => "DateGreaterThan",
            Self::DateGreaterThanEquals => "DateGreaterThanEquals",
            Self::Bool => "Bool",
            Self::BinaryEquals => "BinaryEquals",
            Self::IpAddress => "IpAddress",
            Self::NotIpAddress => "NotIpAddress",
            Self::ArnEquals => "ArnEquals",
            Self::ArnNotEquals => "ArnNotEquals",
            Self::ArnLike => "ArnLike",
            Self::ArnNotLike => "ArnNotLike",
            Self::Null => "Null",
        }
    }

    /// Whether it holds when a value matches or when none does.
    pub fn polarity(self) -> Polarity {
        match self {
            Self::StringNotEquals
            | Self::StringNotEqualsIgnoreCase
            | Self::StringNotLike
            | Self::NumericNotEquals
            | Self::DateNotEquals
            | Self::NotIpAddress
            | Self::ArnNotEquals
            | Self::ArnNotLike => Polarity::Negated,
            Self::StringEquals
            | Self::StringEqualsIgnoreCase
            | Self::StringLike
            | Self::NumericEquals
            | Self::NumericLessThan
            | Self::NumericLessThanEquals
            | Self::NumericGreaterThan
            | Self::NumericGreaterThanEquals
            | Self::DateEquals
            | Self::DateLessThan
            | Self::DateLessThanEquals
            | Self::DateGreaterThan
            | Self::DateGreaterThanEquals
            | Self::Bool
            | Self::BinaryEquals
            | Self::IpAddress
            | Self::ArnEquals
            | Self::ArnLike
            | Self::Null => Polarity::Positive,
        }
    }

    /// What its values are.
    pub(crate) fn domain(self) -> Domain {
        match self {
            Self::StringEquals
            | Self::StringNotEquals
            | Self::StringEqualsIgnoreCase
            | Self::StringNotEqualsIgnoreCase
            | Self::StringLike
            | Self::StringNotLike => Domain::Text,
            Self::NumericEquals
            | Self::NumericNotEquals
            | Self::NumericLessThan
            | Self::NumericLessThanEquals
            | Self::NumericGreaterThan
            | Self::NumericGreaterThanEquals => Domain::Number,
            Self::DateEquals
            | Self::DateNotEquals
            | Self::DateLessThan
            | Self::DateLessThanEquals
            | Self::DateGreaterThan
            | Self::DateGreaterThanEquals => Domain::Date,
            Self::Bool | Self::Null => Domain::Bool,
            Self::BinaryEquals => Domain::Binary,
            Self::IpAddress | Self::NotIpAddress => Domain::Address,
            Self::ArnEquals | Self::ArnNotEquals | Self::ArnLike | Self::ArnNotLike => Domain::Arn,
        }
    }
}
