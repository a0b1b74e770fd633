//! Statements that cannot do what they were written for: harmless, until somebody widens them to make them work.

use super::{Court, Grant, RESUME, START, TERMINATE, documents};
use crate::inventory::BearerKind;
use crate::policy::{Sense, Statement};
use crate::reach::Answer;
use crate::rules::{Finding, FindingCode};

pub(super) fn of(court: &Court<'_>) -> Vec<Finding> {
    let mut findings = username_in_a_roles_policy(court);
    let starts = court.standing.grants(START);
    findings.extend(
        starts
            .iter()
            .filter_map(|grant| condition_beside_document(court, grant)),
    );
    findings
}

/// Sessions of a role have no `aws:username`, so that the pattern matches nothing (IAM user guide, "IAM policy elements:
/// Variables and tags").
fn username_in_a_roles_policy(court: &Court<'_>) -> Vec<Finding> {
    match court.standing.bearer.kind {
        BearerKind::User | BearerKind::Group => return Vec::new(),
        BearerKind::Role => {}
    }
    let grants = [START, TERMINATE, RESUME]
        .into_iter()
        .flat_map(|action| court.standing.grants(action));
    let mut findings: Vec<Finding> = Vec::new();
    for (at, statement) in grants {
        if names_users_only(statement) {
            let finding = court.standing.flaw(FindingCode::UsernameInRolePolicy, at);
            if !findings
                .iter()
                .any(|earlier| earlier.place == finding.place)
            {
                findings.push(finding);
            }
        }
    }
    findings
}

fn names_users_only(statement: &Statement) -> bool {
    statement.resource.as_ref().is_some_and(|resource| {
        let mut patterns = resource.patterns.iter();
        resource.sense == Sense::Listed
            && patterns.all(|pattern| {
                pattern
                    .as_str()
                    .to_ascii_lowercase()
                    .contains("${aws:username}")
            })
    })
}

/// A document carries none of the tags that instances do, so that it is never taken in by a statement which asks for
/// one (Systems Manager user guide, the sample policies: two statements).
fn condition_beside_document(court: &Court<'_>, (at, statement): &Grant<'_>) -> Option<Finding> {
    let named = statement
        .resource
        .as_ref()
        .filter(|resource| resource.sense == Sense::Listed)?;
    let names_document = |pattern: &str| pattern.contains(":document/");
    if !named
        .patterns
        .iter()
        .any(|pattern| names_document(pattern.as_str()))
    {
        return None;
    }
    let tagged = court.with_check(&["true"]);
    let untagged = documents::keys(tagged.clone());
    let sets = documents::all(court.terms);
    match court.standing.reach(START, &sets, &untagged) {
        Answer::Cannot(_) => {}
        // Another statement, or this one, does take a document in, or may: then it is no flaw for sure.
        Answer::Can(_) | Answer::Unknown => return None,
    }
    if court.names_tagged_documents() {
        return None;
    }
    // Only the tag stands in the way: with it, the document would be taken in.
    match court.standing.reach_by(*at, START, &sets, &tagged) {
        Answer::Cannot(_) => None,
        Answer::Can(_) | Answer::Unknown => Some(
            court
                .standing
                .flaw(FindingCode::TagConditionBesideDocument, *at),
        ),
    }
}
