//! `docs/rules.md` tells of every rule and of every code, and of no other.

use std::path::Path;

use guard_core::rules::{CODES, RULES};

#[expect(clippy::disallowed_methods, reason = "the page is a file")]
fn page() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    std::fs::read_to_string(root.join("docs/rules.md")).unwrap()
}

/// The first column of the tables under a heading.
fn codes(page: &str, heading: &str) -> Vec<String> {
    let section = page
        .split("\n## ")
        .find(|section| section.starts_with(&format!("{heading}\n")));
    let lines = section
        .unwrap_or_else(|| panic!("no heading `{heading}`"))
        .lines();
    let cells = lines.filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    cells.map(|(code, _)| code.to_owned()).collect()
}

#[test]
fn the_page_has_a_heading_for_each_rule_and_a_line_for_each_of_its_codes() {
    let page = page();
    for rule in RULES.map(|rule| rule.id) {
        let told = codes(&page, rule.as_str());
        let known: Vec<_> = CODES
            .into_iter()
            .filter(|code| code.rules().contains(&rule))
            .map(|code| code.to_string())
            .collect();
        let (mut told_sorted, mut known_sorted) = (told.clone(), known);
        told_sorted.sort_unstable();
        known_sorted.sort_unstable();
        assert_eq!(told_sorted, known_sorted, "{rule}");
    }
    let headings = page.lines().filter(|line| line.starts_with("## ")).count();
    assert_eq!(
        headings,
        RULES.len() + 1,
        "one for each rule, and one on the mapping"
    );
}
