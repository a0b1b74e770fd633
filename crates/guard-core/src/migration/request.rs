//! Whom AWS Config wants rid of a forbidden policy: what a remediation is given.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What `role-migration` is called with.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Request {
    /// The `RESOURCE_ID` of AWS Config: for what IAM keeps, its unique id and no name.
    pub resource_id: BearerId,
}

/// The unique id of a role, user or group, which nobody else ever gets (IAM user guide, "IAM identifiers").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BearerId(String);

/// Why a text is no such id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "found `{found}`, expected the unique id of a role (AROA…), user (AIDA…) or group (AGPA…), as AWS Config knows it"
)]
pub struct NoBearerId {
    /// The text, cut to a length fit for messages.
    found: String,
}

impl BearerId {
    /// Reads an id.
    pub fn parse(text: &str) -> Result<Self, NoBearerId> {
        // The bounds of the IAM API reference, `roleIdType`, and the letters that ids are made of.
        let is_fit = (16..=128).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
            && ["AROA", "AIDA", "AGPA"]
                .iter()
                .any(|prefix| text.starts_with(prefix));
        if is_fit {
            Ok(Self(text.to_owned()))
        } else {
            let found = text.chars().take(80).flat_map(char::escape_debug);
            Err(NoBearerId {
                found: found.collect(),
            })
        }
    }

    /// The id as IAM writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for BearerId {
    type Error = NoBearerId;

    fn try_from(text: String) -> Result<Self, NoBearerId> {
        Self::parse(&text)
    }
}

impl From<BearerId> for String {
    fn from(id: BearerId) -> Self {
        id.0
    }
}

impl fmt::Display for BearerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_that_of_a_role_a_user_or_a_group() {
        for id in [
            "AROADBQP57FF2AEXAMPLE",
            "AIDADBQP57FF2AEXAMPLE",
            "AGPADBQP57FF2AEXAMPLE",
        ] {
            assert_eq!(BearerId::parse(id).unwrap().as_str(), id);
        }
        for no_id in [
            "",
            "web",
            "AROA",
            "ANPADBQP57FF2AEXAMPLE",
            "AROADBQP57FF2Aexample",
            "AROADBQP57FF2A/../web",
            "xAROADBQP57FF2AEXAMPLE",
            &format!("AROA{}", "1".repeat(125)),
        ] {
            assert!(BearerId::parse(no_id).is_err(), "{no_id}");
        }
    }

    #[test]
    fn a_request_with_anything_else_in_it_is_refused() {
        let read = |text: &str| serde_json::from_str::<Request>(text).map_err(|it| it.to_string());
        assert!(read(r#"{"resourceId":"AROADBQP57FF2AEXAMPLE"}"#).is_ok());
        let more = read(r#"{"resourceId":"AROADBQP57FF2AEXAMPLE","policy":"x"}"#).unwrap_err();
        assert!(more.contains("unknown field `policy`"), "{more}");
        let name = read(r#"{"resourceId":"web"}"#).unwrap_err();
        assert!(
            name.contains("found `web`, expected the unique id"),
            "{name}"
        );
        assert!(
            read("{}")
                .unwrap_err()
                .contains("missing field `resourceId`")
        );
    }
}
