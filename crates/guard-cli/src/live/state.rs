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
