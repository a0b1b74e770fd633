//! Every case must come true.

use std::fs;
use std::path::Path;

use guard_core::access::decide;

use super::case::{Ask, Case, Documents, because, outcome};

/// All cases, with their names.
pub(crate) fn all() -> Vec<(String, Case)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/access");
    let mut cases = Vec::new();
    for group in entries(&root) {
        for file in entries(&group) {
            let name = file.strip_prefix(&root).unwrap().display().to_string();
            let case = serde_json::from_str(&read(&file));
            let case = case.unwrap_or_else(|error| panic!("{name}: {error}"));
            cases.push((name, case));
        }
    }
    cases
}

#[expect(clippy::disallowed_methods, reason = "the cases are files")]
fn entries(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

#[expect(clippy::disallowed_methods, reason = "the cases are files")]
fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap()
}

#[test]
fn every_access_case_comes_true() {
    let cases = all();
    assert!(cases.len() > 100);
    let failed: Vec<_> = cases
        .iter()
        .filter_map(|(name, case)| failure(name, case))
        .collect();
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}

/// How a case fails, if it does.
fn failure(name: &str, case: &Case) -> Option<String> {
    assert!(!case.asks.is_empty(), "{name} asks nothing");
    let documents = case.policies.read();
    let asks = case.asks.iter().enumerate();
    let lines: Vec<_> = asks
        .filter_map(|(index, ask)| {
            difference(&documents, ask).map(|line| format!("  [{index}] {line}"))
        })
        .collect();
    (!lines.is_empty()).then(|| format!("{name}: {}\n{}", case.says, lines.join("\n")))
}

fn difference(documents: &Documents, ask: &Ask) -> Option<String> {
    let context = ask.context();
    let policies = documents.policies();
    let decision = decide(&policies, &ask.request(&context));
    let found = (outcome(&decision), because(&decision));
    let expected = (ask.outcome.clone(), ask.because.clone());
    (found != expected).then(|| {
        let Ask {
            says,
            action,
            resource,
            ..
        } = ask;
        format!("{action} {resource} {says}\n    expected {expected:?}\n    found    {found:?}")
    })
}

#[test]
fn a_case_that_says_more_than_anybody_reads_is_refused() {
    let case =
        r#"{"says":"","policies":{},"asks":[{"action":"a:b","outcome":"implicitly denied"}]}"#;
    assert!(serde_json::from_str::<Case>(case).is_ok());
    for place in [r#"{"says""#, r#""policies":{"#, r#"{"action""#] {
        let unread = match place.strip_suffix('{') {
            Some(before) => format!(r#"{before}{{"unread":[]"#),
            None => place.replacen('{', r#"{"unread":[],"#, 1),
        };
        assert!(
            serde_json::from_str::<Case>(&case.replace(place, &unread)).is_err(),
            "{place}"
        );
    }
}
