use serde_json::{Value, json};

use super::*;

/// What the rules hear of where all of them are.
fn heard() -> Vec<&'static str> {
    IAM_TYPES
        .iter()
        .copied()
        .chain(["AWS::SSM::Document"])
        .collect()
}

fn recorder(group: &Value) -> Recorder {
    let described = json!({ "name": "default", "roleARN": "arn:aws:iam::123456789012:role/x", "recordingGroup": group });
    serde_json::from_value(described).unwrap()
}

fn running() -> Status {
    serde_json::from_value(json!({ "name": "default", "recording": true, "lastStatus": "SUCCESS" }))
        .unwrap()
}

fn unrecorded(group: &Value) -> Vec<Obstacle> {
    between(Some(&recorder(group)), Some(&running()), &heard())
}

fn everything() -> Value {
    json!({ "allSupported": true, "includeGlobalResourceTypes": true, "resourceTypes": [] })
}

#[test]
fn a_recorder_of_everything_stands_in_nobodys_way() {
    assert_eq!(unrecorded(&everything()), []);
    let named = heard();
    assert_eq!(
        unrecorded(&json!({ "allSupported": false, "resourceTypes": named })),
        []
    );
}

#[test]
fn without_a_recorder_no_rule_can_be_made() {
    let obstacles = between(None, None, &heard());
    assert_eq!(obstacles, [Obstacle::NoRecorder]);
    assert!(obstacles.iter().all(Obstacle::is_fatal));
}

#[test]
fn a_recorder_that_stands_still_is_named() {
    let stopped = serde_json::from_value(json!({ "recording": false })).unwrap();
    for status in [Some(&stopped), None] {
        let obstacles = between(Some(&recorder(&everything())), status, &heard());
        let [obstacle @ Obstacle::Stopped { .. }] = obstacles.as_slice() else {
            panic!("{obstacles:?}")
        };
        assert!(obstacle.is_fatal());
        let told = obstacle.to_string();
        assert!(
            told.ends_with("--configuration-recorder-name default`"),
            "{told}"
        );
    }
}

#[test]
fn a_recorder_that_fails_is_told_of_and_stops_nothing() {
    let failing =
        json!({ "recording": true, "lastStatus": "Failure", "lastErrorCode": "AccessDenied" });
    let failing = serde_json::from_value(failing).unwrap();
    let obstacles = between(Some(&recorder(&everything())), Some(&failing), &heard());
    let code = "AccessDenied".to_owned();
    assert_eq!(obstacles, [Obstacle::Failing { code }]);
    assert!(!obstacles.iter().any(Obstacle::is_fatal));
}

#[test]
fn all_types_are_not_the_global_ones_unless_they_are_included() {
    let types = IAM_TYPES.to_vec();
    assert_eq!(
        unrecorded(&json!({ "allSupported": true, "includeGlobalResourceTypes": false })),
        [Obstacle::PrincipalsUnrecorded { types }]
    );
}

#[test]
fn what_is_excluded_is_missing_and_global_types_are_not() {
    let strategy = json!({ "useOnly": "EXCLUSION_BY_RESOURCE_TYPES" });
    let excluding = |types: &Value| {
        unrecorded(&json!({
            "allSupported": false,
            "includeGlobalResourceTypes": false,
            "exclusionByResourceTypes": { "resourceTypes": types },
            "recordingStrategy": strategy,
        }))
    };
    assert_eq!(excluding(&json!(["AWS::EC2::Volume"])), []);
    assert_eq!(
        excluding(&json!(["AWS::IAM::User", "AWS::SSM::Document"])),
        [
            Obstacle::PrincipalsUnrecorded {
                types: vec!["AWS::IAM::User"]
            },
            Obstacle::Unrecorded {
                types: vec!["AWS::SSM::Document"]
            },
        ]
    );
}

#[test]
fn a_document_that_is_not_recorded_is_left_to_the_schedule() {
    let obstacles = unrecorded(&json!({ "allSupported": false, "resourceTypes": IAM_TYPES }));
    let types = vec!["AWS::SSM::Document"];
    assert_eq!(obstacles, [Obstacle::Unrecorded { types }]);
    assert!(!obstacles.iter().any(Obstacle::is_fatal));
}

#[test]
fn where_no_rule_listens_nothing_is_asked() {
    let nowhere = Access::new(Some("http://127.0.0.1:1"));
    let region = Region::parse("eu-central-1").unwrap();
    assert_eq!(obstacles(&nowhere, &region, &[]).unwrap(), []);
}
