//! What AWS Config records in a Region, as far as the rules need it.

mod answers;

use std::fmt;

use guard_core::names::Region;

use super::function::IAM_TYPES;
use crate::error::Error;
use crate::live::Access;
use answers::{Recorder, Status};

/// What stands in the way of the rules in a Region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// There is no recorder, and without one no rule can be made.
    NoRecorder,
    /// The recorder stands still.
    Stopped {
        /// The recorder's name.
        recorder: String,
    },
    /// Changes of principals and policies do not reach the rules on them.
    PrincipalsUnrecorded {
        /// The types that are not recorded.
        types: Vec<&'static str>,
    },
    /// Changes of other resources do not reach the rules on them.
    Unrecorded {
        /// The types that are not recorded.
        types: Vec<&'static str>,
    },
    /// The recorder runs, and fails.
    Failing {
        /// Why, as AWS Config says it.
        code: String,
    },
}

impl Obstacle {
    /// Whether the rules cannot do their work.
    pub(super) fn is_fatal(&self) -> bool {
        match self {
            Self::NoRecorder | Self::Stopped { .. } | Self::PrincipalsUnrecorded { .. } => true,
            Self::Unrecorded { .. } | Self::Failing { .. } => false,
        }
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRecorder => f.write_str(
                "AWS Config has no recorder, and makes no rules without one; set it up in the console of AWS Config or \
                 with `aws configservice put-configuration-recorder`",
            ),
            Self::Stopped { recorder } => write!(
                f,
                "the recorder of AWS Config is stopped, so that no change reaches a rule; start it with \
                 `aws configservice start-configuration-recorder --configuration-recorder-name {recorder}`"
            ),
            Self::PrincipalsUnrecorded { types } => write!(
                f,
                "AWS Config does not record {} here; have the global IAM resource types recorded, or name the Region \
                 where they are in the charter, as `config-region`",
                types.join(", ")
            ),
            Self::Unrecorded { types } => write!(
                f,
                "AWS Config does not record {} here, so that changes are found by the scheduled run only",
                types.join(", ")
            ),
            Self::Failing { code } => write!(
                f,
                "the recorder of AWS Config fails with `{code}`, so that changes may reach no rule"
            ),
        }
    }
}

/// Asks AWS Config what it records in the Region, and compares it with the types that rules have to hear of.
pub(super) fn obstacles(
    access: &Access,
    region: &Region,
    heard: &[&'static str],
) -> Result<Vec<Obstacle>, Error> {
    if heard.is_empty() {
        return Ok(Vec::new());
    }
    let recorder = Recorder::of(access, region)?;
    let status = Status::of(access, region)?;
    Ok(between(recorder.as_ref(), status.as_ref(), heard))
}

fn between(
    recorder: Option<&Recorder>,
    status: Option<&Status>,
    heard: &[&'static str],
) -> Vec<Obstacle> {
    let Some(recorder) = recorder else {
        return vec![Obstacle::NoRecorder];
    };
    let mut obstacles = Vec::new();
    match status {
        Some(status) if status.recording => {
            obstacles.extend(status.failure().map(|code| Obstacle::Failing { code }));
        }
        Some(_) | None => obstacles.push(Obstacle::Stopped {
            recorder: recorder.name.clone(),
        }),
    }
    let unrecorded = heard.iter().filter(|it| !recorder.records(it)).copied();
    let (principals, types): (Vec<_>, Vec<_>) = unrecorded.partition(|it| IAM_TYPES.contains(it));
    if !principals.is_empty() {
        obstacles.push(Obstacle::PrincipalsUnrecorded { types: principals });
    }
    if !types.is_empty() {
        obstacles.push(Obstacle::Unrecorded { types });
    }
    obstacles
}

#[cfg(test)]
mod tests;
