//! What is no error in a charter and yet hardly meant.

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;

use super::{Charter, Forbidden, InstanceArn, InstancePattern, Permission, Remediation, Sessions};
use crate::floor::{Floor, Requirement};
use crate::names::Region;
use crate::preferences::Preferences;

/// The two destinations with the switch that makes each of them hold.
///
/// While the switch is off, a destination that cannot be reached stops no session: it goes on unrecorded (SSM Agent,
/// start of a shell session: a log group that is missing or cannot be described only gives a warning).
const DESTINATIONS: [(&str, &str); 2] = [
    ("s3BucketName", "s3EncryptionEnabled"),
    ("cloudWatchLogGroupName", "cloudWatchEncryptionEnabled"),
];

/// Regions in which AWS Config does not record IAM's resources: those that it came to after February 2022 (AWS Config
/// developer guide, "Recording AWS Resources"; the list as in the Regions of the managed rule iam-policy-in-use, read
/// 2026-11). A Region that is missing here is warned of too little, never refused.
const WITHOUT_IAM: [&str; 11] = [
    "ap-east-2",
    "ap-south-2",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-7",
    "ca-west-1",
    "eu-central-2",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "mx-central-1",
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
    /// AWS Config records no roles, users and groups where they are to be judged.
    WithoutIam {
        /// The Region.
        region: Region,
    },
    /// An instance is named by a part of its id.
    OpenId {
        /// The ARN.
        arn: InstanceArn,
    },
    /// Sessions may be opened in a Region that is not guarded.
    Unguarded {
        /// The Region.
        region: String,
    },
    /// Sessions may be tunnels.
    Tunnels,
    /// Sessions may run any command.
    Commands,
    /// An entry wants AWS Config to remedy without being asked, and it will wait for a person.
    NotAutomatic {
        /// The key of the entry.
        entry: String,
    },
    /// An entry no longer holds.
    Lapsed {
        /// The key of the entry and whom it names, set off by commas.
        entry: String,
        /// Since when.
        until: Timestamp,
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
    if let Some(region) = charter.config_region()
        && WITHOUT_IAM.contains(&region.as_str())
    {
        warnings.push(Warning::WithoutIam {
            region: region.clone(),
        });
    }
    if let Some(sessions) = charter.sessions() {
        of_sessions(charter, sessions, &mut warnings);
    }
    let forbidden = charter.forbidden().iter().enumerate();
    warnings.extend(forbidden.filter_map(|(index, entry)| of_forbidden(charter, index, entry)));
    warnings.extend(charter.suspensions().iter().map(|it| Warning::Suspended {
        until: it.until,
        reason: it.reason.clone(),
    }));
    warnings
}

/// An entry that wants more than will be done must not pass for one that is obeyed.
fn of_forbidden(charter: &Charter, index: usize, entry: &Forbidden) -> Option<Warning> {
    let is_unheard = match entry.remediation {
        Remediation::Manual => false,
        Remediation::Automatic => !charter.is_remedied_automatically(),
    };
    is_unheard.then(|| Warning::NotAutomatic {
        entry: format!("forbidden[{}]", index + 1),
    })
}

fn of_sessions(charter: &Charter, sessions: &Sessions, warnings: &mut Vec<Warning>) {
    let arns: &[InstanceArn] = match &sessions.instances {
        InstancePattern::Arns(arns) => arns,
        InstancePattern::Tag { .. } | InstancePattern::Abac { .. } => &[],
    };
    for arn in arns {
        if arn.is_id_open() {
            warnings.push(Warning::OpenId { arn: arn.clone() });
        }
        let region = arn.region();
        let is_guarded = charter.regions().iter().any(|it| it.as_str() == region);
        let warning = Warning::Unguarded {
            region: region.to_owned(),
        };
        // A Region with wildcards is every guarded one, and a plain way to write that.
        if !is_guarded && !region.contains(['*', '?']) && !warnings.contains(&warning) {
            warnings.push(warning);
        }
    }
    for (permission, warning) in [
        (sessions.tunnels, Warning::Tunnels),
        (sessions.commands, Warning::Commands),
    ] {
        match permission {
            Permission::Granted => warnings.push(warning),
            Permission::Refused => {}
        }
    }
}

/// Suspensions are left out: of those every charter that has one is warned in any case.
pub(super) fn lapsed(charter: &Charter, now: Timestamp) -> Vec<Warning> {
    let editors = charter.editors().iter().enumerate();
    let editors = editors.map(|(index, it)| ("editor", index, it.who.to_string(), it.until));
    let exemptions = charter.exemptions().iter().enumerate();
    let exemptions =
        exemptions.map(|(index, it)| ("exemption", index, it.who.to_string(), it.until));
    editors
        .chain(exemptions)
        .filter_map(|(key, index, who, until)| {
            let until = until.filter(|until| now >= *until)?;
            let entry = format!("{key}[{}], {who},", index + 1);
            Some(Warning::Lapsed { entry, until })
        })
        .collect()
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
            Self::WithoutIam { region } => write!(
                f,
                "AWS Config does not record IAM's roles, users and groups in {region}: nobody would be judged there; \
                 name another config-region"
            ),
            Self::OpenId { arn } => write!(
                f,
                "`{arn}` names instances by a part of their ids, which are drawn by chance: it will match instances \
                 that nobody meant"
            ),
            Self::Unguarded { region } => write!(
                f,
                "sessions may be opened in {region}, where this charter guards no preferences"
            ),
            Self::Tunnels => f.write_str(
                "tunnels = true: sessions over SSH and port forwarding may be opened, of which nothing is recorded",
            ),
            Self::Commands => f.write_str(
                "commands = true: sessions may run any command through AWS's documents, without being recorded as they run",
            ),
            Self::NotAutomatic { entry } => write!(
                f,
                "{entry}: remediation = \"automatic\" is not carried out: AWS Config knows one switch for the whole \
                 rule, so every entry has to say so, and the mode must not be \"report\""
            ),
            Self::Lapsed { entry, until } => write!(f, "{entry} ended {until}; take it out, or name a later time"),
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
