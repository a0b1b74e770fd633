//! The sample events: where they are, and what comes of each on an account as it was when they happened.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use guard_core::inventory::BearerKind;
use guard_testkit::policies::{FORBIDDEN, account, logging_document};
use guard_testkit::{Call, FakeAccount};
use serde_json::Value;

use crate::scenarios::{answer, replacing};

/// Every sample, the verdict on it, and the calls that it takes beside those that tell.
const SAMPLES: [(&str, &str, usize); 12] = [
    (
        "AttachRolePolicy/forbidden-to-a-role-of-instances",
        "replaced",
        8,
    ),
    (
        "AttachRolePolicy/identity-center-user-attaches",
        "replaced",
        8,
    ),
    ("AttachRolePolicy/another-policy", "not-ours", 0),
    ("AttachRolePolicy/denied", "not-ours", 0),
    ("AttachRolePolicy/at-the-quota", "reported", 0),
    ("AttachUserPolicy/forbidden-to-a-user", "detached", 3),
    ("AttachGroupPolicy/forbidden-to-a-group", "detached", 3),
    (
        "PutRolePermissionsBoundary/forbidden-as-boundary",
        "reported",
        1,
    ),
    ("CreatePolicyVersion/copies-the-grants", "reported", 0),
    ("CreatePolicyVersion/not-made-default", "not-ours", 0),
    ("SetDefaultPolicyVersion/back-to-the-copy", "reported", 1),
    ("PutRolePolicy/copies-the-grants", "reported", 1),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/iam")
}

/// The text of a sample, by its path under `events/iam/` without `.json`.
pub(crate) fn text(sample: &str) -> String {
    let file = folder().join(format!("{sample}.json"));
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// A sample as JSON.
pub(crate) fn event(sample: &str) -> Value {
    serde_json::from_str(&text(sample)).unwrap()
}

/// The account after what the samples tell of.
pub(crate) fn after(sample: &str) -> FakeAccount {
    let account = account("web");
    let principals = account.principals();
    principals.create(BearerKind::User, "bob");
    principals.create(BearerKind::Group, "ops");
    let document = event("PutRolePolicy/copies-the-grants");
    let document = document["detail"]["requestParameters"]["policyDocument"].as_str();
    let harmless = principals.create_policy("harmless", &logging_document());
    principals.add_version(&harmless, "v3", document.unwrap());
    match sample.split('/').next().unwrap() {
        "AttachRolePolicy" => principals.attach(BearerKind::Role, "web", FORBIDDEN),
        "AttachUserPolicy" => principals.attach(BearerKind::User, "bob", FORBIDDEN),
        "AttachGroupPolicy" => principals.attach(BearerKind::Group, "ops", FORBIDDEN),
        "PutRolePermissionsBoundary" => {
            principals.set_boundary(BearerKind::Role, "web", FORBIDDEN);
        }
        _ => {}
    }
    account
}

#[test]
fn each_sample_comes_to_what_it_should_with_as_few_calls() {
    for (sample, verdict, calls) in SAMPLES {
        let account = after(sample);
        let answer = answer(&replacing(), &account, event(sample)).unwrap();
        assert_eq!(answer.body["verdict"], verdict, "{sample}: {answer:#?}");
        let made = account.calls().into_iter().map(|called| called.call);
        let made: Vec<_> = made
            .filter(|call| ![Call::Publish, Call::Alert].contains(call))
            .collect();
        assert_eq!(made.len(), calls, "{sample}: {made:?}");
    }
}

#[test]
fn the_envelope_of_each_sample_is_that_of_its_record() {
    for (sample, ..) in SAMPLES {
        let event = event(sample);
        assert_eq!(event["time"], event["detail"]["eventTime"], "{sample}");
        let call = event["detail"]["eventName"].as_str();
        assert_eq!(sample.split('/').next(), call);
    }
}

#[test]
fn no_sample_lies_about_unused() {
    let mut files = BTreeSet::new();
    for call in std::fs::read_dir(folder()).unwrap() {
        for file in std::fs::read_dir(call.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let name = path.strip_prefix(folder()).unwrap().with_extension("");
            files.insert(name.to_str().unwrap().to_owned());
        }
    }
    let used = SAMPLES.iter().map(|(sample, ..)| (*sample).to_owned());
    assert_eq!(files, used.collect());
}
