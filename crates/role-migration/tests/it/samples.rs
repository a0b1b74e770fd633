//! The sample events: where they are, and what comes of each on an account as it was when they happened.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use guard_core::inventory::BearerKind;
use guard_core::migration::Service;
use guard_testkit::FakeAccount;
use guard_testkit::policies::{FORBIDDEN, account};
use serde_json::Value;

use crate::scenarios::{answer, replacing};

/// Every sample, and the verdict on it or the kind of the failure.
const SAMPLES: [(&str, &str); 3] = [
    ("role-of-instances", "migrated"),
    ("user", "migrated"),
    ("name-instead-of-id", "Permanent.UnreadableEvent"),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/remediation/MigrateRole")
}

/// The text of a sample, by its name without `.json`.
pub(crate) fn text(sample: &str) -> String {
    let file = folder().join(format!("{sample}.json"));
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// A sample as JSON.
pub(crate) fn event(sample: &str) -> Value {
    serde_json::from_str(&text(sample)).unwrap()
}

/// Role `web` of instances and user `bob`, who used nothing but Systems Manager with the policy that they carry.
pub(crate) fn carrying() -> FakeAccount {
    let account = account("web");
    let principals = account.principals();
    principals.attach(BearerKind::Role, "web", FORBIDDEN);
    principals.create(BearerKind::User, "bob");
    principals.attach(BearerKind::User, "bob", FORBIDDEN);
    for (arn, used) in [("role/web", true), ("user/bob", false)] {
        let services = [
            "ssm",
            "ssmmessages",
            "ec2messages",
            "cloudwatch",
            "ec2",
            "ds",
            "logs",
            "s3",
        ];
        let services = services.map(|namespace| Service {
            namespace: namespace.to_owned(),
            last: (used && namespace == "ssm").then(|| account.time()),
        });
        let arn = format!("arn:aws:iam::123456789012:{arn}");
        account.set_used(&arn, services.to_vec());
    }
    account
}

#[test]
fn each_sample_comes_to_what_it_should() {
    for (sample, expected) in SAMPLES {
        let found = match answer(&replacing(), &carrying(), event(sample)) {
            Ok(answer) => answer.body["verdict"].as_str().unwrap().to_owned(),
            Err(failure) => failure.kind.name().to_owned(),
        };
        assert_eq!(found, expected, "{sample}");
    }
}

#[test]
fn no_sample_lies_about_unused() {
    let files = std::fs::read_dir(folder()).unwrap().map(|file| {
        let name = file.unwrap().path().with_extension("");
        name.file_name().unwrap().to_str().unwrap().to_owned()
    });
    let used = SAMPLES.iter().map(|(sample, _)| (*sample).to_owned());
    assert_eq!(files.collect::<BTreeSet<_>>(), used.collect());
}
