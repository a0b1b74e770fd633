//! `preferences-access`: who can change the Session Manager preferences without being an editor.

use super::standing::{Standing, add_new};
use super::{Finding, FindingCode, Terms};
use crate::access::StatementRef;
use crate::inventory::Bearer;
use crate::names::PREFERENCES_DOCUMENT;
use crate::reach::{Answer, Domain, Open, Presence, Set};

/// Every call that changes what the document says, whether it is there, which version counts, who sees it, or by which
/// tags policies know it (Service Authorization Reference, "Actions, resources, and condition keys for AWS Systems
/// Manager": the write actions on documents).
pub const CHANGING_ACTIONS: [&str; 8] = [
    "ssm:UpdateDocument",
    "ssm:DeleteDocument",
    "ssm:CreateDocument",
    "ssm:UpdateDocumentDefaultVersion",
    "ssm:ModifyDocumentPermission",
    "ssm:UpdateDocumentMetadata",
    "ssm:AddTagsToResource",
    "ssm:RemoveTagsFromResource",
];

/// What is wrong with the bearer, unless the charter names it as an editor or it is the guard itself.
pub fn judge(bearer: &Bearer, terms: &Terms<'_>) -> Vec<Finding> {
    if terms.is_editor(bearer) || terms.is_guard(bearer) {
        return Vec::new();
    }
    let standing = Standing::of(bearer, terms);
    let mut findings = standing.findings_of_unknown();
    findings.extend(changes(&standing));
    if let Some(federated) = standing.federated() {
        add_new(&mut findings, changes(&federated));
    }
    findings
}

/// One finding for each statement by which the document can be changed.
fn changes(standing: &Standing<'_>) -> Vec<Finding> {
    let terms = standing.terms;
    let sets = documents(terms);
    let mut faults: Vec<(StatementRef, Vec<(&str, Answer)>)> = Vec::new();
    for action in CHANGING_ACTIONS {
        let keys = standing
            .keys()
            .with("ssm:DocumentType", document_type(action, terms));
        for (at, _) in standing.grants(action) {
            match standing.reach_by(at, action, &sets, &keys) {
                Answer::Cannot(_) => {}
                answer @ (Answer::Can(_) | Answer::Unknown) => {
                    match faults.iter_mut().find(|(earlier, _)| *earlier == at) {
                        Some((_, answers)) => answers.push((action, answer)),
                        None => faults.push((at, vec![(action, answer)])),
                    }
                }
            }
        }
    }
    let found = faults.iter().filter_map(|(at, answers)| {
        standing.finding_of_many(FindingCode::ChangesPreferences, *at, answers)
    });
    found.collect()
}

/// What is known of the type that a request tells: who creates a document chooses one, and calls on tags tell none
/// (Service Authorization Reference, "Actions, resources, and condition keys for AWS Systems Manager", which does not
/// list the key in all partitions).
fn document_type(action: &str, terms: &Terms<'_>) -> Domain {
    let is_told = match action {
        "ssm:AddTagsToResource" | "ssm:RemoveTagsFromResource" => false,
        _ => terms.scope.partition.as_str() == "aws",
    };
    let inside = match action {
        "ssm:CreateDocument" => Vec::new(),
        _ => vec!["Session".to_owned()],
    };
    Domain::Open(Open {
        presence: if is_told {
            Presence::Required
        } else {
            Presence::Optional
        },
        inside,
        outside: Vec::new(),
    })
}

/// The document in each Region that the charter guards.
fn documents(terms: &Terms<'_>) -> Vec<Set> {
    let (partition, account) = (&terms.scope.partition, &terms.scope.account);
    let regions = terms.regions.iter();
    regions
        .map(|region| {
            Set::of(format!(
                "arn:{partition}:ssm:{region}:{account}:document/{PREFERENCES_DOCUMENT}"
            ))
        })
        .collect()
}
