//! The values that conditions compare, understood once.

mod decimal;
mod moment;
mod network;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

pub(crate) use self::decimal::Decimal;
pub(crate) use self::moment::moment;
pub(crate) use self::network::Network;
use super::glob::Glob;
use super::operator::{Comparison, Domain};
use super::template::Template;

/// One value of a condition, as its operator understands it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Comparand {
    /// A text, compared whole or with wildcards.
    Text(Glob, Template),
    /// An ARN with wildcards.
    Arn(Glob, Template),
    Number(Decimal),
    Date(Timestamp),
    Bool(bool),
    Binary(Box<[u8]>),
    Network(Network),
}

impl Comparand {
    /// What `text` means in this domain, or else what belongs there.
    pub(super) fn parse(domain: Domain, text: &str) -> Result<Self, &'static str> {
        match domain {
            Domain::Text => Ok(Self::Text(Glob::new(text), Template::of(text))),
            Domain::Arn => Ok(Self::Arn(Glob::new(text), Template::of(text))),
            Domain::Number => Decimal::parse(text)
                .map(Self::Number)
                .ok_or("a number such as 10 or 2.5"),
            Domain::Date => moment(text)
                .map(Self::Date)
                .ok_or("a date such as 2026-01-15T02:03:04Z, or seconds since 1970"),
            Domain::Bool => boolean(text).map(Self::Bool).ok_or("true or false"),
            Domain::Binary => bytes(text).map(Self::Binary).ok_or("bytes in base64"),
            Domain::Address => Network::parse(text)
                .map(Self::Network)
                .ok_or("an IP address, or a range such as 203.0.113.0/24"),
        }
    }

    /// Whether it matches whatever a key says.
    pub(crate) fn takes_any(&self, comparison: Comparison) -> bool {
        match (self, comparison) {
            (
                Self::Text(glob, Template::Plain),
                Comparison::StringLike | Comparison::StringNotLike,
            )
            | (Self::Arn(glob, Template::Plain), _) => glob.as_str() == "*",
            (
                Self::Text(..)
                | Self::Arn(..)
                | Self::Number(_)
                | Self::Date(_)
                | Self::Bool(_)
                | Self::Binary(_)
                | Self::Network(_),
                _,
            ) => false,
        }
    }

    /// Its variables, where it is a text.
    pub(crate) fn template(&self) -> &Template {
        match self {
            Self::Text(_, template) | Self::Arn(_, template) => template,
            Self::Number(_)
            | Self::Date(_)
            | Self::Bool(_)
            | Self::Binary(_)
            | Self::Network(_) => &Template::Plain,
        }
    }
}

/// `true` or `false`, in any case.
pub(crate) fn boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// What a text in base64 stands for.
pub(crate) fn bytes(text: &str) -> Option<Box<[u8]>> {
    STANDARD.decode(text).ok().map(Into::into)
}
