//! The answers of AWS Config, as far as they are needed here.

use guard_core::names::Region;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::IAM_TYPES;
use crate::error::Error;
use crate::live::{Access, ask};

/// The customer's own recorder; a Region has one at most.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Recorder {
    pub(super) name: String,
    #[serde(rename = "recordingGroup", default)]
    group: Group,
}

/// Which types are recorded (AWS Config API reference, `RecordingGroup`).
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Group {
    all_supported: bool,
    include_global_resource_types: bool,
    resource_types: Vec<String>,
    exclusion_by_resource_types: Exclusion,
    recording_strategy: Strategy,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Exclusion {
    resource_types: Vec<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Strategy {
    use_only: String,
}

impl Recorder {
    /// Asks which recorder there is.
    pub(super) fn of(access: &Access, region: &Region) -> Result<Option<Self>, Error> {
        #[derive(Deserialize)]
        struct Recorders {
            #[serde(rename = "ConfigurationRecorders")]
            recorders: Vec<Recorder>,
        }
        let command = "aws configservice describe-configuration-recorders";
        let Recorders { recorders } = answer(access, region, command)?;
        Ok(recorders.into_iter().next())
    }

    /// Whether it records resources of a type.
    pub(super) fn records(&self, resource_type: &str) -> bool {
        let group = &self.group;
        let lists = |types: &[String]| types.iter().any(|it| it == resource_type);
        match group.recording_strategy.use_only.as_str() {
            // The flag for global types means nothing here: what is not excluded is recorded.
            "EXCLUSION_BY_RESOURCE_TYPES" => {
                !lists(&group.exclusion_by_resource_types.resource_types)
            }
            // A recorder older than strategies has none; both ways of it are left.
            _ if group.all_supported => {
                group.include_global_resource_types || !IAM_TYPES.contains(&resource_type)
            }
            _ => lists(&group.resource_types),
        }
    }
}

/// How it does.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Status {
    pub(super) recording: bool,
    #[serde(rename = "lastStatus", default)]
    outcome: String,
    #[serde(default)]
    last_error_code: Option<String>,
}

impl Status {
    /// Asks how the recorder does.
    pub(super) fn of(access: &Access, region: &Region) -> Result<Option<Self>, Error> {
        #[derive(Deserialize)]
        struct Statuses {
            #[serde(rename = "ConfigurationRecordersStatus")]
            statuses: Vec<Status>,
        }
        let command = "aws configservice describe-configuration-recorder-status";
        let Statuses { statuses } = answer(access, region, command)?;
        Ok(statuses.into_iter().next())
    }

    /// Why it fails, if it does.
    pub(super) fn failure(&self) -> Option<String> {
        // AWS writes the three states in different cases in different places.
        let fails = self.outcome.eq_ignore_ascii_case("failure");
        let code = self.last_error_code.as_deref().unwrap_or("no reason given");
        fails.then(|| code.to_owned())
    }
}

fn answer<T: DeserializeOwned>(
    access: &Access,
    region: &Region,
    command: &'static str,
) -> Result<T, Error> {
    let question: Vec<_> = command.split(' ').skip(1).collect();
    let said = ask(access, region, &question)?;
    serde_json::from_str(&said).map_err(|source| Error::Answer { command, source })
}
