//! Recorders: which resources each Region records (AWS Config developer guide, "Working with the Configuration
//! Recorder"). The account begins with one in every Region; only its home Region records IAM's resources, which are
//! global and would otherwise be recorded several times.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::refusals;
use crate::ACCOUNT;
use crate::access::policy::texts;
use crate::locked::Locked;
use crate::trail::time::epoch;
use crate::wire::answer::Refusal;
use crate::wire::call::ApiCall;

const DEFAULT_NAME: &str = "default";

/// A Region's recorder.
#[derive(Debug, Clone)]
pub(crate) struct Recorder {
    definition: Value,
    is_recording: bool,
    changed: Timestamp,
}

impl Recorder {
    fn original(globals: Globals) -> Self {
        let role = format!(
            "arn:aws:iam::{ACCOUNT}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
        );
        Self {
            definition: json!({
                "name": DEFAULT_NAME,
                "roleARN": role,
                "recordingGroup": {
                    "allSupported": true,
                    "includeGlobalResourceTypes": globals == Globals::Recorded,
                    "resourceTypes": [],
                },
            }),
            is_recording: true,
            changed: Timestamp::now(),
        }
    }

    /// The role that Config acts as.
    pub(crate) fn role_arn(&self) -> &str {
        self.text("roleARN")
    }

    /// Whether resources of this type are recorded now.
    pub(crate) fn records(&self, kind: &str) -> bool {
        let types = |path: &str| self.definition.pointer(path).map(texts).unwrap_or_default();
        let has = |types: &[String]| types.iter().any(|listed| listed == kind);
        let excluded = types("/recordingGroup/exclusionByResourceTypes/resourceTypes");
        let listed = types("/recordingGroup/resourceTypes");
        let globals = self
            .definition
            .pointer("/recordingGroup/includeGlobalResourceTypes")
            .and_then(Value::as_bool)
            .unwrap_or_default();
        let is_wanted = if !excluded.is_empty() {
            !has(&excluded)
        } else if !listed.is_empty() {
            has(&listed)
        } else {
            globals || !kind.starts_with("AWS::IAM::")
        };
        self.is_recording && is_wanted
    }

    fn text(&self, member: &str) -> &str {
        self.definition
            .get(member)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }

    fn status(&self) -> Value {
        json!({
            "name": self.text("name"),
            "recording": self.is_recording,
            "lastStatus": "SUCCESS",
            "lastStatusChangeTime": epoch(self.changed),
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Globals {
    Recorded,
    LeftOut,
}

/// The recorders of the account.
#[derive(Debug)]
pub(crate) struct Recorders {
    home: String,
    /// What differs from the beginning; `None` where the recorder was deleted.
    changed: Locked<BTreeMap<String, Option<Recorder>>>,
}

impl Recorders {
    pub(crate) fn new(home: &str) -> Self {
        Self {
            home: home.to_owned(),
            changed: Locked::default(),
        }
    }

    pub(crate) fn of(&self, region: &str) -> Option<Recorder> {
        if let Some(recorder) = self.changed.lock().get(region) {
            return recorder.clone();
        }
        let globals = if region == self.home {
            Globals::Recorded
        } else {
            Globals::LeftOut
        };
        Some(Recorder::original(globals))
    }

    /// The Regions that record resources of a global type.
    pub(crate) fn of_global(&self, kind: &str) -> Vec<String> {
        let mut regions: Vec<String> = self.changed.lock().keys().cloned().collect();
        if !regions.contains(&self.home) {
            regions.push(self.home.clone());
        }
        regions.retain(|region| self.records(region, kind));
        regions
    }

    pub(crate) fn records(&self, region: &str, kind: &str) -> bool {
        self.of(region)
            .is_some_and(|recorder| recorder.records(kind))
    }

    /// Answers a call on the Region's recorder.
    pub(crate) fn answer(&self, call: &ApiCall) -> Result<Value, Refusal> {
        let recorder = self.of(&call.region);
        match call.operation.as_str() {
            "PutConfigurationRecorder" => self.put(call, recorder),
            "DescribeConfigurationRecorders" => {
                let found = named(call, recorder)?.map(|recorder| recorder.definition);
                Ok(json!({"ConfigurationRecorders": found.into_iter().collect::<Vec<_>>()}))
            }
            "DescribeConfigurationRecorderStatus" => {
                let found = named(call, recorder)?.map(|recorder| recorder.status());
                Ok(json!({"ConfigurationRecordersStatus": found.into_iter().collect::<Vec<_>>()}))
            }
            operation => {
                let name = call.text("ConfigurationRecorderName").unwrap_or_default();
                let mut recorder = recorder
                    .filter(|recorder| recorder.text("name") == name)
                    .ok_or_else(|| refusals::no_such_recorder(name))?;
                recorder.is_recording = operation == "StartConfigurationRecorder";
                recorder.changed = Timestamp::now();
                let kept = (operation != "DeleteConfigurationRecorder").then_some(recorder);
                self.changed.lock().insert(call.region.clone(), kept);
                Ok(json!({}))
            }
        }
    }

    fn put(&self, call: &ApiCall, present: Option<Recorder>) -> Result<Value, Refusal> {
        let mut definition = call
            .parameters
            .get("ConfigurationRecorder")
            .cloned()
            .unwrap_or_default();
        let name = definition
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or(DEFAULT_NAME)
            .to_owned();
        if let Value::Object(members) = &mut definition {
            members.insert("name".into(), Value::from(name.as_str()));
        }
        if present
            .as_ref()
            .is_some_and(|present| present.text("name") != name)
        {
            let message = format!(
                "Failed to put configuration recorder '{name}' because the maximum number of configuration recorders: 1 is reached."
            );
            return Err(Refusal::new(
                "MaxNumberOfConfigurationRecordersExceededException",
                message,
            ));
        }
        let recorder = Recorder {
            definition,
            is_recording: present.is_some_and(|present| present.is_recording),
            changed: Timestamp::now(),
        };
        self.changed
            .lock()
            .insert(call.region.clone(), Some(recorder));
        Ok(json!({}))
    }
}

fn named(call: &ApiCall, recorder: Option<Recorder>) -> Result<Option<Recorder>, Refusal> {
    let names = call
        .parameters
        .get("ConfigurationRecorderNames")
        .map(texts)
        .unwrap_or_default();
    let unknown = names.iter().find(|name| {
        recorder
            .as_ref()
            .is_none_or(|recorder| recorder.text("name") != name.as_str())
    });
    match unknown {
        Some(name) => Err(refusals::no_such_recorder(name)),
        None => Ok(recorder),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorder(group: &Value) -> Recorder {
        Recorder {
            definition: json!({"name": "default", "recordingGroup": group}),
            is_recording: true,
            changed: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn the_group_says_which_types_are_recorded() {
        let (role, document) = ("AWS::IAM::Role", "AWS::SSM::Document");
        for (group, records_role, records_document) in [
            (json!({"allSupported": true}), false, true),
            (
                json!({"allSupported": true, "includeGlobalResourceTypes": true}),
                true,
                true,
            ),
            (json!({"resourceTypes": [role]}), true, false),
            (
                json!({"exclusionByResourceTypes": {"resourceTypes": [document]}}),
                true,
                false,
            ),
        ] {
            let recorder = recorder(&group);
            assert_eq!(recorder.records(role), records_role, "{group}");
            assert_eq!(recorder.records(document), records_document, "{group}");
        }
    }

    #[test]
    fn only_the_home_region_records_global_types_at_first() {
        let recorders = Recorders::new("eu-central-1");
        assert_eq!(recorders.of_global("AWS::IAM::Role"), ["eu-central-1"]);
        assert!(recorders.records("us-east-1", "AWS::SSM::Document"));
        let stop = ApiCall::example(
            "config",
            "StopConfigurationRecorder",
            &json!({"ConfigurationRecorderName": "default"}),
        );
        recorders.answer(&stop).unwrap();
        assert!(recorders.of_global("AWS::IAM::Role").is_empty());
    }
}
