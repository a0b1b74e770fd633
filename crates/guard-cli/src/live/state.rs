//! The document of one Region as it stands.

use guard_core::facts::Described;
use guard_core::names::{Region, Version};
use guard_core::preferences::{Preferences, PreferencesError};
use guard_reconcile::ports::ReadPreferences;

use crate::error::Error;

/// What a version says, or why that cannot be told.
pub(crate) type Content = Result<Preferences, PreferencesError>;

/// The live document.
#[derive(Debug, Clone)]
pub(crate) struct State {
    /// Its versions and type.
    pub(crate) described: Described,
    /// What the latest version says.
    pub(crate) latest: Content,
    /// What the default version says, where that is another one.
    pub(crate) default: Option<Content>,
    /// The accounts that it is shared with.
    pub(crate) shared_with: Vec<String>,
}

/// Reads the document of a Region; `None` when there is none.
pub(crate) async fn read<R: ReadPreferences>(
    reader: &R,
    region: &Region,
) -> Result<Option<State>, Error> {
    let failed = |source| Error::Live {
        region: region.clone(),
        source: Box::new(source),
    };
    let Some(described) = reader.describe().await.map_err(failed)? else {
        return Ok(None);
    };
    let latest = content(reader, described.latest, region).await?;
    let default = match described.default {
        same if same == described.latest => None,
        other => Some(content(reader, other, region).await?),
    };
    let shared_with = reader.shared_with().await.map_err(failed)?;
    Ok(Some(State {
        described,
        latest,
        default,
        shared_with,
    }))
}

async fn content<R: ReadPreferences>(
    reader: &R,
    version: Version,
    region: &Region,
) -> Result<Content, Error> {
    let text = reader
        .content(version)
        .await
        .map_err(|source| Error::Live {
            region: region.clone(),
            source: Box::new(source),
        })?;
    let text = text.ok_or_else(|| Error::Moving {
        region: region.clone(),
    })?;
    Ok(Preferences::parse(&text))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use guard_core::facts::ListedVersion;
    use guard_reconcile::error::{FailureClass, PortError};

    use super::*;
    use crate::live::block_on;

    /// A document of which some versions can be read.
    struct Document {
        described: Result<Option<Described>, FailureClass>,
        contents: BTreeMap<Version, &'static str>,
    }

    impl ReadPreferences for Document {
        async fn describe(&self) -> Result<Option<Described>, PortError> {
            self.described.clone().map_err(|class| PortError {
                operation: "describe",
                on: "the document".to_owned(),
                class,
                source: "nobody may".into(),
            })
        }

        async fn hash(&self, _: Version) -> Result<Option<String>, PortError> {
            Ok(None)
        }

        async fn content(&self, version: Version) -> Result<Option<String>, PortError> {
            Ok(self.contents.get(&version).map(|text| (*text).to_owned()))
        }

        async fn versions(&self) -> Result<Vec<ListedVersion>, PortError> {
            Ok(Vec::new())
        }

        async fn shared_with(&self) -> Result<Vec<String>, PortError> {
            Ok(vec!["111122223333".to_owned()])
        }

        async fn is_active(&self, _: Version) -> Result<bool, PortError> {
            Ok(true)
        }
    }

    fn described(latest: u64, default: u64) -> Described {
        Described {
            latest: Version(latest),
            default: Version(default),
            hash: "x".to_owned(),
            document_type: "Session".to_owned(),
            created: None,
        }
    }

    fn look(document: &Document) -> Result<Option<State>, Error> {
        let region = Region::parse("eu-central-1")?;
        block_on(read(document, &region))
    }

    #[test]
    fn latest_and_default_are_both_read_where_they_differ() {
        let contents = BTreeMap::from([(Version(1), "[]"), (Version(2), "{}")]);
        let mut document = Document {
            described: Ok(Some(described(2, 1))),
            contents,
        };
        let state = look(&document).unwrap().unwrap();
        assert!(state.latest.is_ok());
        assert!(state.default.unwrap().is_err());
        assert_eq!(state.shared_with, ["111122223333"]);
        document.described = Ok(Some(described(2, 2)));
        assert!(look(&document).unwrap().unwrap().default.is_none());
    }

    #[test]
    fn a_document_that_is_not_there_is_no_error() {
        let document = Document {
            described: Ok(None),
            contents: BTreeMap::new(),
        };
        assert!(look(&document).unwrap().is_none());
    }

    #[test]
    fn a_version_that_is_gone_meanwhile_is_said_so() {
        let document = Document {
            described: Ok(Some(described(2, 2))),
            contents: BTreeMap::new(),
        };
        let error = look(&document).unwrap_err();
        assert!(
            error.to_string().ends_with("changed meanwhile; try again"),
            "{error}"
        );
    }

    #[test]
    fn a_refused_call_is_told_with_its_region_and_cause() {
        let document = Document {
            described: Err(FailureClass::Denied),
            contents: BTreeMap::new(),
        };
        let error = look(&document).unwrap_err();
        let expected = "failed to read what is live in `eu-central-1`: failed to describe `the document`: nobody may";
        assert_eq!(error.chain(), expected);
    }
}
