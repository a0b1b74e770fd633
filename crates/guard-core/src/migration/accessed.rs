//! What somebody used, as the access advisor tells it: services, not actions.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// How far back the access advisor knows (IAM user guide, "Refining permissions in AWS using last accessed information").
pub(super) const KNOWN_DAYS: i64 = 400;
const KNOWN: SignedDuration = SignedDuration::from_hours(KNOWN_DAYS * 24);

/// The access advisor's answer about one role, user or group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Accessed {
    /// Since when it knows.
    pub since: Timestamp,
    /// The services that the policies allow.
    pub services: Vec<Service>,
}

impl Accessed {
    /// What the access advisor said when it was asked at this time.
    pub fn told_at(at: Timestamp, services: Vec<Service>) -> Self {
        Self {
            since: at.checked_sub(KNOWN).unwrap_or(Timestamp::MIN),
            services,
        }
    }
}

/// One service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Service {
    /// What its actions begin with, such as `s3`.
    pub namespace: String,
    /// When it was used last; `None` if not within the time that is known of.
    pub last: Option<Timestamp>,
}

/// Whether a service was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "used")]
pub enum Used {
    /// It was.
    Last {
        /// When last.
        at: Timestamp,
    },
    /// Not since the access advisor knows.
    NotSince {
        /// Since when it does.
        since: Timestamp,
    },
    /// Nobody knows, so that it counts as used.
    Unknown,
}

impl Used {
    /// What is known of the service with this namespace.
    pub(super) fn of(accessed: Option<&Accessed>, namespace: &str) -> Self {
        let Some(accessed) = accessed else {
            return Self::Unknown;
        };
        let mut services = accessed.services.iter();
        match services.find(|service| service.namespace.eq_ignore_ascii_case(namespace)) {
            Some(Service { last: Some(at), .. }) => Self::Last { at: *at },
            Some(Service { last: None, .. }) => Self::NotSince {
                since: accessed.since,
            },
            // A service of which the answer says nothing is no service that was never used.
            None => Self::Unknown,
        }
    }

    /// Whether it has to be kept.
    pub fn counts(&self) -> bool {
        match self {
            Self::Last { .. } | Self::Unknown => true,
            Self::NotSince { .. } => false,
        }
    }
}
