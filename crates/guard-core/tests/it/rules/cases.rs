//! Every case must come true, and what people read of it stands in a snapshot.

use std::fs;
use std::path::{Path, PathBuf};

use guard_core::rules::{CODES, Certainty, Finding, FindingCode, LoggingFault, RuleId, annotation};

use super::case::{Case, Rule};

const RULES: [(&str, Rule); 4] = [
    ("session-access", Rule::SessionAccess),
    ("preferences-access", Rule::PreferencesAccess),
    ("forbidden-policy", Rule::ForbiddenPolicy),
    ("role-logging", Rule::RoleLogging),
];

#[expect(clippy::disallowed_methods, reason = "the cases are files")]
fn all() -> Vec<(String, Rule, Case)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/rules");
    let mut cases = Vec::new();
    for (folder, rule) in RULES {
        let entries = fs::read_dir(root.join(folder)).unwrap();
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for file in files {
            let name = file.strip_prefix(&root).unwrap().display().to_string();
            let case = serde_json::from_str(&fs::read_to_string(&file).unwrap());
            let case = case.unwrap_or_else(|error| panic!("{name}: {error}"));
            cases.push((name, rule, case));
        }
    }
    cases
}

/// A finding as cases tell it.
fn in_short(finding: &Finding) -> String {
    let mut text = finding.code.to_string();
    if let Some(place) = &finding.place {
        let policy = place.policy.split('`').nth(1).unwrap();
        text.extend([format!(" in {policy}[{}]", place.statement)]);
    }
    match &finding.certainty {
        Certainty::Certain => {}
        Certainty::Conditional { on } => text.extend([format!(" given {}", on.join(", "))]),
        Certainty::Unknown { .. } => text += " perhaps",
    }
    text
}

#[test]
fn every_case_of_a_rule_comes_true() {
    let mut failed = Vec::new();
    for (name, rule, case) in all() {
        let found: Vec<_> = case.findings(rule).iter().map(in_short).collect();
        if found != case.finds {
            failed.push(format!(
                "{name}: {}\n  expected {:?}\n  found    {found:?}",
                case.says, case.finds
            ));
        }
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}

/// What AWS Config is told where the words are not plain from the findings: out of scope, exempt, told and no fault.
#[test]
fn the_words_for_config_follow_from_scope_exemptions_and_codes() {
    let told = of_carriers()
        .into_iter()
        .map(|(name, id, case)| format!("{name}: {}", case.evaluation(id).compliance));
    insta::assert_snapshot!("words", told.collect::<Vec<_>>().join("\n"));
}

/// Functions look up no more than that.
#[test]
fn what_a_rule_does_not_ask_for_changes_none_of_its_words() {
    for (name, id, case) in of_carriers() {
        let asked = case.evaluation_by_what_is_asked(id);
        assert_eq!(asked, case.evaluation(id), "{name}");
    }
}

/// The cases of rules that judge under a mandate over policies.
fn of_carriers() -> Vec<(String, RuleId, Case)> {
    let cases = all().into_iter();
    let of_carriers = cases.filter_map(|(name, rule, case)| match rule {
        Rule::ForbiddenPolicy => Some((name, RuleId::ForbiddenPolicy, case)),
        Rule::RoleLogging => Some((name, RuleId::RoleLogging, case)),
        Rule::SessionAccess | Rule::PreferencesAccess => None,
    });
    of_carriers.collect()
}

/// The cases have one Region, in which the encryption flags and the key decide which of the two happens.
#[test]
fn sessions_of_a_region_are_refused_or_go_on_unrecorded_and_never_both() {
    let both = [LoggingFault::Refused, LoggingFault::Unrecorded];
    for (name, rule, case) in all() {
        let findings = case.findings(rule).into_iter();
        let certain = findings.filter(|it| it.certainty == Certainty::Certain);
        let told: Vec<Finding> = certain.collect();
        let says = |fault| move |it: &&Finding| it.code == FindingCode::Logging(fault);
        let found = both.map(|fault| told.iter().filter(says(fault)).count());
        assert!(found.contains(&0), "{name}: {told:?}");
        for fault in both {
            for finding in told.iter().filter(says(fault)) {
                assert!(finding.what.ends_with(fault.meaning()), "{name}: {finding}");
            }
        }
    }
}

#[test]
fn every_code_is_found_in_a_case() {
    let cases = all();
    let told: Vec<&str> = cases
        .iter()
        .flat_map(|(_, _, case)| &case.finds)
        .map(String::as_str)
        .collect();
    let missing: Vec<_> = CODES
        .into_iter()
        // What the rule on the document finds follows from judgements, which have cases of their own.
        .filter(|code| code.rules() != [RuleId::Preferences])
        .filter(|code| {
            !told
                .iter()
                .any(|told| told.split(' ').next() == Some(code.as_str()))
        })
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn annotations_say_where_what_and_what_to_do_in_little_room() {
    let mut text = String::new();
    for (name, rule, case) in all() {
        let findings = case.findings(rule);
        for finding in &findings {
            let told = annotation(std::slice::from_ref(finding)).unwrap();
            assert!((1..=256).contains(&told.chars().count()), "{name}: {told}");
            text.extend([format!("{name}\n    {told}\n")]);
        }
        if findings.len() > 1 {
            let told = annotation(&findings).unwrap();
            assert!(
                told.chars().count() <= 256 && told.ends_with("more)"),
                "{name}: {told}"
            );
        }
    }
    insta::assert_snapshot!("annotations", text);
}
