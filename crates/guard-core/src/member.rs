//! Members of JSON objects that AWS wrote, read by name; what does not fit is told with its name.

use serde_json::Value;

/// Why a member of a record, an event or an item cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MemberError {
    /// A member is missing, null or of the wrong type.
    #[error("`{member}` is {found}, expected {expected}")]
    Member {
        /// The path of the member.
        member: String,
        /// What stands there.
        found: &'static str,
        /// What belongs there.
        expected: &'static str,
    },
    /// A member has a value that cannot be read.
    #[error("`{member}` cannot be read: {detail}")]
    Value {
        /// The path of the member.
        member: String,
        /// What is wrong with it.
        detail: String,
    },
}

impl MemberError {
    /// The same, told from the outside: `outer` holds what the error speaks of.
    #[must_use]
    pub(crate) fn inside(self, outer: &str) -> Self {
        match self {
            Self::Member {
                member,
                found,
                expected,
            } => Self::Member {
                member: format!("{outer}.{member}"),
                found,
                expected,
            },
            Self::Value { member, detail } => Self::Value {
                member: format!("{outer}.{member}"),
                detail,
            },
        }
    }
}

/// A text that must be there.
pub(crate) fn required<'a>(object: &'a Value, member: &str) -> Result<&'a str, MemberError> {
    let found = object.get(member);
    found
        .and_then(Value::as_str)
        .ok_or_else(|| wrong(member, found, "a text"))
}

/// A text that may be missing or null.
pub(crate) fn optional<'a>(
    object: &'a Value,
    member: &str,
) -> Result<Option<&'a str>, MemberError> {
    match object.get(member) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        found => Err(wrong(member, found, "a text")),
    }
}

/// What is wrong with a member.
pub(crate) fn wrong(member: &str, found: Option<&Value>, expected: &'static str) -> MemberError {
    let found = match found {
        None => "missing",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "a boolean",
        Some(Value::Number(_)) => "a number",
        Some(Value::String(_)) => "a text",
        Some(Value::Array(_)) => "a list",
        Some(Value::Object(_)) => "an object",
    };
    MemberError::Member {
        member: member.to_owned(),
        found,
        expected,
    }
}

/// A member whose value says nothing that can be used.
pub(crate) fn unreadable(member: &str, detail: impl Into<String>) -> MemberError {
    MemberError::Value {
        member: member.to_owned(),
        detail: detail.into(),
    }
}
