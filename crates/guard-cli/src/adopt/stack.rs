//! Whether a stack of CloudFormation owns the document.

use guard_core::names::{PREFERENCES_DOCUMENT, Region};
use serde::Deserialize;

use crate::live::{Access, ask};

/// The tag that CloudFormation puts on what its stacks own (CloudFormation user guide, "Resource tags").
const TAG: &str = "aws:cloudformation:stack-name";

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stack {
    /// This one does.
    Owner(String),
    /// None does.
    None,
    /// It cannot be told.
    Unknown(String),
}

/// `aws ssm list-tags-for-resource`, as far as it is needed here.
#[derive(Deserialize)]
struct Tags {
    #[serde(rename = "TagList", default)]
    list: Vec<Tag>,
}

#[derive(Deserialize)]
struct Tag {
    #[serde(rename = "Key")]
    key: String,
    #[serde(rename = "Value")]
    value: String,
}

impl Stack {
    /// Asks for the document's tags; the adoption goes on without an answer.
    pub(super) fn of(access: &Access, region: &Region) -> Self {
        let resource = [
            "--resource-type",
            "Document",
            "--resource-id",
            PREFERENCES_DOCUMENT,
        ];
        let question = [&["ssm", "list-tags-for-resource"], &resource[..]].concat();
        match ask(access, region, &question) {
            Ok(said) => Self::read(&said),
            Err(error) => Self::Unknown(error.chain()),
        }
    }

    fn read(said: &str) -> Self {
        match serde_json::from_str::<Tags>(said) {
            Err(error) => Self::Unknown(error.to_string()),
            Ok(tags) => tags
                .list
                .into_iter()
                .find(|tag| tag.key == TAG)
                .map_or(Self::None, |tag| Self::Owner(tag.value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_is_known_by_its_tag() {
        let said = r#"{"TagList":[{"Key":"owner","Value":"x"},{"Key":"aws:cloudformation:stack-name","Value":"base"}]}"#;
        assert_eq!(Stack::read(said), Stack::Owner("base".to_owned()));
        assert_eq!(Stack::read(r#"{"TagList":[]}"#), Stack::None);
        assert!(matches!(Stack::read("nonsense"), Stack::Unknown(_)));
    }
}
