//! A policy's document, or why it is not known.

use std::fmt;
use std::sync::Arc;

use crate::policy::{Kind, PolicyDocument, PolicyError};

/// What a policy says, as far as that is known.
#[derive(Debug, Clone, PartialEq)]
pub enum Document {
    /// Read; equal documents may be one.
    Known(Arc<PolicyDocument>),
    /// Not known: whatever is decided about its bearer must take that into account.
    Unknown(Unknown),
}

/// Why a policy's document is not known.
#[derive(Debug, Clone, PartialEq)]
pub enum Unknown {
    /// It is there and no policy.
    Unreadable(Arc<PolicyError>),
    /// The source speaks of the policy and holds no document for it.
    NotGiven,
    /// A managed policy of the account that the source does not list.
    NotListed,
    /// A managed policy of AWS's that the source does not list.
    AwsNotListed,
    /// A managed policy without the version that is said to be the default one.
    NoDefaultVersion,
    /// A managed policy with several default versions, or with one under another name than the policy says.
    DisputedDefaultVersion,
    /// A group that the source does not list, so that nothing is known of what it gives to its members.
    GroupNotListed,
    /// A question that nobody has answered.
    Unasked,
    /// Somebody tried to get it, in vain.
    Unavailable {
        /// Why, as a fragment without a full stop.
        why: String,
    },
}

impl Document {
    /// Reads the policy of a role, user or group, or a managed one, in any form in which AWS writes it; what is none is
    /// unknown for that reason.
    pub fn read(text: &str) -> Self {
        Self::read_as(Kind::Identity, text)
    }

    /// Reads a role's trust policy.
    pub fn read_trust(text: &str) -> Self {
        Self::read_as(Kind::Trust, text)
    }

    pub(super) fn read_as(kind: Kind, text: &str) -> Self {
        let read = PolicyDocument::read(text);
        let read = read.and_then(|document| document.check(kind).map(|()| document));
        match read {
            Ok(document) => Self::Known(Arc::new(document)),
            Err(error) => Self::Unknown(Unknown::Unreadable(Arc::new(error))),
        }
    }

    /// The document, if it is known.
    pub fn known(&self) -> Option<&PolicyDocument> {
        match self {
            Self::Known(document) => Some(document),
            Self::Unknown(_) => None,
        }
    }
}

/// A fragment that continues the policy's name: "policy `x`: …".
impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unreadable(error) => return error.fmt(f),
            Self::Unavailable { why } => why,
            Self::NotGiven => "its document is not there",
            Self::NotListed => "it is not among the policies that were read",
            Self::AwsNotListed => {
                "it is AWS's own and not among the policies that were read; `--filter` may have left it out"
            }
            Self::NoDefaultVersion => "its default version is not there",
            Self::DisputedDefaultVersion => "it does not say clearly which version is the default one",
            Self::GroupNotListed => "it is not among the groups that were read",
            Self::Unasked => "it has not been looked up",
        })
    }
}
