//! The sample events: where they are, and that they tell what happened.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use guard_core::change::{Change, Reading, read_record};
use guard_testkit::{FakeAccount, content, person};
use serde_json::Value;

use crate::story::{self, STORIES};

/// Samples that record no call on our document, or one that never happened.
const OTHERS: [&str; 3] = [
    "schedule/sweep",
    "ssm/UpdateDocument/another-document",
    "ssm/UpdateDocument/forged-editor",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events")
}

/// The text of a sample, by its path under `events/` without `.json`.
pub(crate) fn text(sample: &str) -> String {
    let file = folder().join(format!("{sample}.json"));
    std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// A sample as JSON.
pub(crate) fn event(sample: &str) -> Value {
    serde_json::from_str(&text(sample)).unwrap()
}

/// What a record tells, without what differs from delivery to delivery.
fn told(record: &Value) -> Change {
    match read_record(record, &person::scope()) {
        Ok(Reading::Change(mut change)) => {
            let any = read_record(
                &event("ssm/UpdateDocument/root")["detail"],
                &person::scope(),
            );
            if let Ok(Reading::Change(any)) = any {
                (change.event_id, change.source_ip) = (any.event_id, any.source_ip);
            }
            *change
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_sample_tells_what_happened() {
    for story in STORIES {
        let account = FakeAccount::holding(&content::baseline());
        story::play(&story, &account);
        let records: Vec<Change> = account.records().iter().map(told).collect();
        let sample = told(&event(story.sample)["detail"]);
        assert!(
            records.contains(&sample),
            "{}: {sample:#?}\nis none of {records:#?}",
            story.sample
        );
    }
}

#[test]
fn the_envelope_of_each_sample_is_that_of_its_record() {
    for story in STORIES {
        let event = event(story.sample);
        assert_eq!(
            event["time"], event["detail"]["eventTime"],
            "{}",
            story.sample
        );
        let call = event["detail"]["eventName"].as_str().unwrap();
        assert_eq!(story.sample.split('/').nth(1), Some(call));
    }
}

#[test]
fn the_forged_sample_is_the_editors_under_another_id() {
    let (forged, real) = (
        event("ssm/UpdateDocument/forged-editor"),
        event("ssm/UpdateDocument/editor-lengthens-idle-timeout"),
    );
    assert_eq!(told(&forged["detail"]), told(&real["detail"]));
    assert_ne!(forged["detail"]["eventID"], real["detail"]["eventID"]);
}

#[test]
fn no_sample_lies_about_unused() {
    let mut files = BTreeSet::new();
    let mut sources: Vec<_> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    sources.sort();
    // Those of AWS Config are for its rules, those of IAM for the guard of policies.
    assert_eq!(sources, ["config", "iam", "remediation", "schedule", "ssm"]);
    for source in ["schedule", "ssm"] {
        collect(&folder().join(source), &mut files);
    }
    let used = STORIES.iter().map(|story| story.sample).chain(OTHERS);
    assert_eq!(files, used.map(str::to_owned).collect());
}

fn collect(folder: &Path, files: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            let name = path
                .strip_prefix(self::folder())
                .unwrap()
                .with_extension("");
            files.insert(name.to_str().unwrap().to_owned());
        }
    }
}
