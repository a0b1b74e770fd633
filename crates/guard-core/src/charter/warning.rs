//! What is no error in a charter and yet hardly meant.

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;

use super::Charter;
use crate::floor::{Floor, Requirement};
use crate::preferences::Preferences;

/// The two destinations with the switch that makes each of them hold.
///
/// While the switch is off, a destination that cannot be reached stops no session: it goes on unrecorded (SSM Agent,
/// start of a shell session: a log group that is missing or cannot be described only gives a warning).
const DESTINATIONS: [(&str, &str); 2] = [
    ("s3BucketName", "s3EncryptionEnabled"),
    ("cloudWatchLogGroupName", "cloudWatchEncryptionEnabled"),
];

/// One warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Warning {
    /// The baseline names neither a bucket nor a log group.
    LogsNowhere,
    /// The floor requires nothing.
    EmptyFloor,
    /// The floor requires something, but no destination of logs.
    FloorWithoutDestination,
    /// The baseline names a destination without the switch that stops sessions which cannot be recorded there.
    NotEnforced {
        /// The field that names the destination.
        destination: &'static str,
        /// The field that should be `true`.
        switch: &'static str,
    },
    /// The guard will hold still.
    Suspended {
        /// Until when.
        until: Timestamp,
        /// Why, in the operator's words.
        reason: String,
    },
}

pub(super) fn of(charter: &Charter, baseline: &Preferences) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if DESTINATIONS
        .iter()
        .all(|(destination, _)| baseline.input(destination).is_none())
    {
        warnings.push(Warning::LogsNowhere);
    }
    if charter.floor().is_empty() {
        warnings.push(Warning::EmptyFloor);
    } else if !names_destination(charter.floor()) {
        warnings.push(Warning::FloorWithoutDestination);
    }
    for (destination, switch) in DESTINATIONS {
        let is_named = baseline.input(destination).is_some();
        if is_named && baseline.input(switch).as_deref() != Some("true") {
            warnings.push(Warning::NotEnforced {
                destination,
                switch,
            });
        }
    }
    warnings.extend(charter.suspensions().iter().map(|it| Warning::Suspended {
        until: it.until,
        reason: it.reason.clone(),
    }));
    warnings
}

fn names_destination(floor: &Floor) -> bool {
    floor.entries().iter().any(|(field, requirement)| {
        let asks_for_value = match requirement {
            Requirement::Is(_) | Requirement::OneOf(_) | Requirement::Set => true,
            Requirement::AtMost(_) | Requirement::AtLeast(_) | Requirement::NotSet => false,
        };
        asks_for_value
            && DESTINATIONS
                .iter()
                .any(|(destination, _)| *destination == field.key())
    })
}

/// A sentence without a full stop.
impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LogsNowhere => f.write_str(
                "the baseline names neither a bucket nor a log group: sessions are not recorded",
            ),
            Self::EmptyFloor => f.write_str(
                "the floor is empty: an editor may change everything, recording included",
            ),
            Self::FloorWithoutDestination => f.write_str(
                "the floor requires neither s3BucketName nor cloudWatchLogGroupName: \
                 an editor may switch recording off",
            ),
            Self::NotEnforced {
                destination,
                switch,
            } => write!(
                f,
                "the baseline names `{destination}` while `{switch}` is not true: \
                 sessions go on unrecorded when it cannot be written"
            ),
            Self::Suspended { until, reason } => {
                write!(
                    f,
                    "a suspension is stated, which ends {until}; until then the guard changes nothing: {}",
                    reason.escape_debug()
                )
            }
        }
    }
}
