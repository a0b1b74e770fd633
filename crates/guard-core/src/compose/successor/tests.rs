use serde_json::json;

use super::*;
use crate::access::Outcome;
use crate::compose::trial::{Trial, bearer, context, place, scope};
use crate::inventory::BearerKind;
use crate::policy::Kind;
use crate::preferences::Preferences;
use crate::recording::{Grant, Writer};

fn recordings(inputs: &serde_json::Value) -> Vec<Recording> {
    let text = json!({ "inputs": inputs }).to_string();
    let preferences = Preferences::parse(&text).unwrap();
    ["eu-central-1", "eu-west-1"]
        .map(|region| Recording::of(&preferences, &scope(region)).unwrap())
        .to_vec()
}

/// The role with the policy writes every record that the rule asks for, wherever sessions are recorded.
#[test]
fn whoever_has_the_policy_for_records_writes_them_in_every_region() {
    for inputs in [
        json!({ "cloudWatchLogGroupName": "/sessions" }),
        json!({ "cloudWatchLogGroupName": "/sessions", "cloudWatchEncryptionEnabled": true, "kmsKeyId": "alias/sessions" }),
        json!({ "s3BucketName": "records", "s3KeyPrefix": "a/b", "s3EncryptionEnabled": true }),
        json!({ "s3BucketName": "records", "kmsKeyId": "arn:aws:kms:eu-central-1:123456789012:key/1234abcd" }),
        json!({ "s3BucketName": "records", "cloudWatchLogGroupName": "x" }),
    ] {
        let recordings = recordings(&inputs);
        let product = session_logging(&recordings).unwrap();
        let role = bearer(BearerKind::Role, "role/web", &[&product.papers[0].value]);
        let carried = role.policies.iter();
        let known = carried.map(|it| (String::new(), it.document.known().unwrap()));
        let writer = Writer::new(&role.arn, &role.id, known, None);
        for need in needs(&recordings) {
            assert_eq!(writer.grant(&need), Grant::Yes, "{inputs}: {need:?}");
        }
    }
}

#[test]
fn where_nothing_is_recorded_there_is_nothing_to_grant() {
    let error = session_logging(&recordings(&json!({}))).unwrap_err();
    assert!(error.to_string().contains("eu-central-1"), "{error}");
}

fn bucket(name: &str, prefix: Option<&str>) -> Bucket {
    Bucket {
        name: name.to_owned(),
        prefix: prefix.map(str::to_owned),
    }
}

#[test]
fn certain_buckets_are_reached_and_no_others() {
    let named = [
        bucket("output", None),
        bucket("shared", Some("run/command")),
    ];
    let product = buckets(&named, &place(&["eu-central-1"]), OwnBuckets::LeftOut).unwrap();
    let trial = Trial::of(&product.papers[0], Kind::Identity);
    let nothing = context(&[]);
    for (action, resource, is_allowed) in [
        ("s3:PutObject", "arn:aws:s3:::output/a", true),
        ("s3:ListBucket", "arn:aws:s3:::output", true),
        ("s3:GetObject", "arn:aws:s3:::shared/run/command/a", true),
        ("s3:GetObject", "arn:aws:s3:::shared/run/commander", false),
        ("s3:GetObject", "arn:aws:s3:::shared/other", false),
        ("s3:GetObject", "arn:aws:s3:::outputs/a", false),
        ("s3:DeleteObject", "arn:aws:s3:::output/a", false),
        (
            "s3:GetObject",
            "arn:aws:s3:::amazon-ssm-eu-central-1/a",
            false,
        ),
    ] {
        let outcome = trial.alone(action, resource, &nothing);
        assert_eq!(
            outcome == Outcome::Allowed,
            is_allowed,
            "{action} {resource}"
        );
    }
    let lists = |prefix| {
        let context = context(&[("s3:prefix", prefix)]);
        trial.alone("s3:ListBucket", "arn:aws:s3:::shared", &context)
    };
    assert_eq!(lists("run/command/a"), Outcome::Allowed);
    assert_eq!(lists("run/other"), Outcome::ImplicitlyDenied);
}

#[test]
fn the_agents_own_buckets_are_named_for_endpoints_region_by_region() {
    let place = place(&["af-south-1", "eu-central-1"]);
    let product = buckets(&[], &place, OwnBuckets::Named).unwrap();
    let text = product.papers[0].value.to_string();
    for expected in [
        "amazon-ssm-eu-central-1/*",
        "eu-central-1-birdwatcher-prod/*",
        "aws-ssm-distributor-file-af-south-1/*",
        "patch-baseline-snapshot-af-south-1-tbxdb5b9/*",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert!(!text.contains("af-south-1-birdwatcher"), "{text}");
    assert!(!text.contains("PutObject"), "{text}");
    assert_eq!(
        buckets(&[], &place, OwnBuckets::LeftOut),
        Err(ComposeError::NothingToGrant)
    );
}
