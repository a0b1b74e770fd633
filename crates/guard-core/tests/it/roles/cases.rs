//! Every case must come true, by its conclusion, its steps and its reasons.

use std::path::{Path, PathBuf};

use guard_core::roles::{Conclusion, Plan, Step};

use super::case::{AGENT, CORE, Case, FORBIDDEN, LOGGING};

#[expect(clippy::disallowed_methods, reason = "the cases are files")]
fn all() -> Vec<(String, Case)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/roles");
    let entries = std::fs::read_dir(&root).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let read = |file: PathBuf| {
        let name = file.file_name().unwrap().display().to_string();
        let case = serde_json::from_str(&std::fs::read_to_string(&file).unwrap());
        let case = case.unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, case)
    };
    files.into_iter().map(read).collect()
}

fn short(arn: &str) -> &str {
    match arn {
        FORBIDDEN => "forbidden",
        CORE => "core",
        AGENT => "agent",
        LOGGING => "logging",
        other => other,
    }
}

fn steps(plan: &Plan) -> Vec<String> {
    let told = plan.steps().into_iter().map(|step| match step {
        Step::Attach { policy } => format!("attach {}", short(&policy)),
        Step::Verify => "verify".to_owned(),
        Step::Detach { policy } => format!("detach {}", short(&policy)),
        Step::ReadBack => "read back".to_owned(),
    });
    told.collect()
}

#[test]
fn every_case_of_a_forbidden_policy_comes_true() {
    let mut failed = Vec::new();
    let cases = all();
    assert!(cases.len() > 30, "{}", cases.len());
    for (name, case) in cases {
        let ruling = case.ruling();
        let (comes_to, steps) = match &ruling.conclusion {
            Conclusion::Settled => ("settled", Vec::new()),
            Conclusion::Report { would } => {
                ("report", would.as_ref().map(steps).unwrap_or_default())
            }
            Conclusion::Act(plan) => ("act", steps(plan)),
        };
        let because: Vec<_> = ruling.reasons.iter().map(ToString::to_string).collect();
        if (comes_to, &steps, &because) != (case.comes_to.as_str(), &case.steps, &case.because) {
            failed.push(format!(
                "{name}: {}\n  \"comes-to\": {comes_to:?},\n  \"steps\": {steps:?},\n  \"because\": {because:?}",
                case.says
            ));
        }
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}
