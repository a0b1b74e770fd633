//! Every file under `tests/cases` is one case, and every case must come true. Policies have cases of their own form.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use guard_core::judge::Decision;
use guard_core::plan::Step;
use guard_core::preferences::Preferences;
use guard_core::report::{Done, report};
use serde_json::Value;

use crate::case::{Case, Expected};
use crate::outcome::Outcome;
use crate::run::{Run, Verdict};
use crate::stage::{Stage, stage};

const COMMON: [&str; 3] = ["charter.toml", "contents.json", "people.json"];

/// Folders of cases of another form.
const OTHERS: [&str; 4] = ["access", "policy", "roles", "rules"];

/// A case with its name, `group/what-happens`.
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) case: Case,
}

/// The case of this name.
pub(crate) fn named(name: &str) -> Named {
    let all = all();
    let found = all.into_iter().find(|named| named.name == name);
    found.unwrap_or_else(|| panic!("no case `{name}`"))
}

/// All cases, by name.
pub(crate) fn all() -> Vec<Named> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut named = Vec::new();
    for entry in entries(&root) {
        let group = file_name(&entry);
        if entry.is_file_named(&COMMON) || OTHERS.contains(&group.as_str()) {
            continue;
        }
        for file in entries(&entry) {
            let name = file_name(&file);
            let stem = name.strip_suffix(".json");
            let stem = stem.unwrap_or_else(|| panic!("{group}/{name} is no case"));
            let text = read(&file);
            let case = serde_json::from_str(&text);
            let case = case.unwrap_or_else(|error| panic!("{group}/{name}: {error}"));
            named.push(Named {
                name: format!("{group}/{stem}"),
                text,
                case,
            });
        }
    }
    named
}

trait Listed {
    fn is_file_named(&self, names: &[&str]) -> bool;
}

impl Listed for PathBuf {
    fn is_file_named(&self, names: &[&str]) -> bool {
        names.contains(&file_name(self).as_str())
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

#[expect(clippy::disallowed_methods, reason = "the cases are files")]
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

#[expect(clippy::disallowed_methods, reason = "the cases are files")]
fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap()
}

#[test]
fn every_case_comes_true() {
    let stage = stage();
    let failures: Vec<_> = all()
        .iter()
        .filter_map(|named| failure(&stage, named))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn failure(stage: &Stage, named: &Named) -> Option<String> {
    let run = Run::of(stage, &named.case);
    let (verdict, asks) = run.judged();
    let lines = match (&named.case.expect, verdict) {
        (Expected::Verdict(expected), Verdict::Decided(decision)) => {
            check(&run, &decision);
            expected.differences(&Outcome::of(&run, &decision, asks))
        }
        (Expected::StartOver(expected), Verdict::StartOver) => {
            let is_true = expected.start_over == asks;
            let line = format!("  asks expected {:?} found {asks:?}", expected.start_over);
            (!is_true).then_some(line).into_iter().collect()
        }
        (_, Verdict::Unanswered) => vec![format!("  no answer to the last of {asks:?}")],
        (_, Verdict::Endless) => vec![format!("  no end of questions: {asks:?}")],
        (Expected::Verdict(_), Verdict::StartOver) => vec!["  starts over".to_owned()],
        (Expected::StartOver(_), Verdict::Decided(_)) => vec!["  does not start over".to_owned()],
    };
    let says = &named.case.says;
    (!lines.is_empty()).then(|| format!("{}: {says}\n{}", named.name, lines.join("\n")))
}

/// What holds of every decision.
fn check(run: &Run<'_>, decision: &Decision) {
    let plan = &decision.plan;
    let sets_content = |step: &Step| {
        matches!(
            step,
            Step::Create { .. } | Step::Update { .. } | Step::MoveDefault { .. }
        )
    };
    assert_eq!(
        plan.goal.is_some(),
        plan.steps.iter().any(sets_content),
        "a goal without a step"
    );
    for step in &plan.steps {
        if let Step::Update {
            content,
            if_duplicate,
            ..
        } = step
        {
            let (one, other) = (
                Preferences::parse(content),
                Preferences::parse(if_duplicate),
            );
            let (one, other) = (one.unwrap(), other.unwrap());
            assert!(one.means_the_same_as(&other), "{if_duplicate}");
            assert_ne!(one.description(), other.description());
            assert_eq!(run.mandate.charter().floor().violations(&one), []);
        }
    }
    let done = Done {
        steps: &[],
        failed: None,
        began: run.now,
        ended: run.now,
    };
    let report = report(&run.mandate, &run.trigger, decision, done);
    assert_eq!(report.alert.is_some(), decision.is_alert);
    assert!(
        report.is_news || !decision.is_alert,
        "an alert that is no news"
    );
}

#[test]
fn a_case_that_says_more_than_anybody_reads_is_refused() {
    let text = named("changes/stranger-turns-logging-off").text;
    assert!(serde_json::from_str::<Case>(&text).is_ok());
    for place in ["/facts", "/facts/document", "/trigger", "/expect"] {
        let mut case: Value = serde_json::from_str(&text).unwrap();
        let members = case.pointer_mut(place).and_then(Value::as_object_mut);
        members.unwrap().insert("unread".to_owned(), Value::Null);
        assert!(serde_json::from_value::<Case>(case).is_err(), "{place}");
    }
}

#[test]
fn every_content_and_every_person_is_in_some_case() {
    let stage = stage();
    let cases = all();
    let unused: BTreeSet<_> = stage
        .contents
        .names()
        .chain(stage.people.names())
        .filter(|name| !is_named(&cases, name))
        .collect();
    assert_eq!(unused, BTreeSet::new(), "nobody needs these");
}

fn is_named(cases: &[Named], name: &str) -> bool {
    let quoted = format!("\"{name}\"");
    name == "baseline" || cases.iter().any(|named| named.text.contains(&quoted))
}
