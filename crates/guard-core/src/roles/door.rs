//! The door: what `EventBridge` hands over, and whether it is our business. Passing it makes nothing true.

use serde::Serialize;

use super::change::{Change, Reading, read_record};
use crate::change::RecordError;
use crate::charter::Charter;
use crate::envelope::Envelope;
use crate::names::Scope;

/// What an event turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Arrival {
    /// A call that has to be judged.
    Change(Box<Change>),
    /// Something else, for which nobody has to be asked.
    NotOurs(NotOurs),
}

/// Why an event is not our business.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case", tag = "not-ours")]
pub enum NotOurs {
    /// The envelope's source or kind is not that of a call of IAM's.
    #[error(
        "it is a `{detail_type}` of `{source_name}`, not a call of aws.iam that CloudTrail recorded"
    )]
    Kind {
        /// The source found.
        source_name: String,
        /// The detail type found.
        detail_type: String,
    },
    /// Another account or Region than this guard's.
    #[error("its {member} is `{found}`, not `{expected}`")]
    Elsewhere {
        /// Which member says so.
        member: &'static str,
        /// What stands there.
        found: String,
        /// What this guard stands for.
        expected: String,
    },
    /// Another service or call.
    #[error("`{call}` brings no policy to anybody")]
    OtherCall {
        /// The call.
        call: String,
    },
    /// A policy that nobody forbids.
    #[error("the charter does not forbid `{found}`")]
    OtherPolicy {
        /// The policy.
        found: String,
    },
    /// A version that nobody's policies say yet.
    #[error("the version was not made the default one, so that nobody carries it")]
    NotLive,
    /// A denied call, of which nobody says what it was about.
    #[error("the call was refused, and its record does not say which policy it was about")]
    Unnamed,
}

impl NotOurs {
    pub(super) fn elsewhere(member: &'static str, found: &str, expected: &str) -> Self {
        Self::Elsewhere {
            member,
            found: cut(found, 80),
            expected: expected.to_owned(),
        }
    }
}

/// Says what an event is, and reads the record in it where it holds one.
pub fn open(envelope: &Envelope, scope: &Scope, charter: &Charter) -> Result<Arrival, RecordError> {
    let kind = (envelope.source.as_str(), envelope.detail_type.as_str());
    if kind != ("aws.iam", "AWS API Call via CloudTrail") {
        return Ok(Arrival::NotOurs(NotOurs::Kind {
            source_name: cut(kind.0, 100),
            detail_type: cut(kind.1, 100),
        }));
    }
    for (member, found, expected) in [
        ("account", &envelope.account, scope.account.as_str()),
        ("region", &envelope.region, scope.region.as_str()),
    ] {
        if found != expected {
            return Ok(Arrival::NotOurs(NotOurs::elsewhere(
                member, found, expected,
            )));
        }
    }
    Ok(match read_record(&envelope.detail, scope, charter)? {
        Reading::Change(change) => Arrival::Change(change),
        Reading::NotOurs(not_ours) => Arrival::NotOurs(not_ours),
    })
}

pub(super) fn cut(text: &str, length: usize) -> String {
    text.chars().take(length).collect()
}
