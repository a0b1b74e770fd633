//! How a live version's content stands to the floor and to the approved content.

use crate::facts::{Content, Facts};
use crate::floor::Violation;
use crate::mandate::Mandate;
use crate::names::Version;
use crate::preferences::{Preferences, PreferencesError};

use super::needs::{self, Lack, Needs};
use super::reason::Reason;

/// How a live version's content stands, whoever wrote it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Stand {
    /// It is the approved content.
    Approved,
    /// It keeps the floor and is something else.
    Other(Preferences),
    /// It is below the floor.
    Below(Vec<Violation>, Preferences),
    /// It cannot be read, which is below any floor.
    Unreadable(PreferencesError),
}

impl Stand {
    /// The reason that makes a version intolerable whoever wrote it.
    pub(super) fn intolerable(&self, version: Version) -> Option<Reason> {
        match self {
            Self::Approved | Self::Other(_) => None,
            Self::Below(violations, _) => Some(Reason::BelowFloor {
                version,
                violations: violations.clone(),
            }),
            Self::Unreadable(error) => Some(Reason::Unreadable {
                version,
                error: error.clone(),
            }),
        }
    }

    /// The content, where it is not the approved one and can be read.
    pub(super) fn content(&self) -> Option<&Preferences> {
        match self {
            Self::Other(content) | Self::Below(_, content) => Some(content),
            Self::Approved | Self::Unreadable(_) => None,
        }
    }
}

/// How one live version stands to `approved`.
pub(super) fn stand(
    mandate: &Mandate,
    facts: &Facts,
    version: Version,
    approved: &Preferences,
) -> Needs<Stand> {
    let text = match needs::content(facts, version)? {
        Content::Text(text) => text,
        // A live version that is gone was live only before.
        Content::Gone => return Err(Lack::Sense),
    };
    Ok(match Preferences::parse(text) {
        Err(error) => Stand::Unreadable(error),
        Ok(content) => {
            let violations = mandate.charter().floor().violations(&content);
            if !violations.is_empty() {
                Stand::Below(violations, content)
            } else if content.means_the_same_as(approved) {
                Stand::Approved
            } else {
                Stand::Other(content)
            }
        }
    })
}
