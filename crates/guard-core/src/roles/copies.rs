//! Policies of the account's own that grant what the deprecated policy is forbidden for, whatever they are called.

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::access::{Attached, Policies};
use crate::names::Scope;
use crate::policy::PolicyDocument;
use crate::preferences::hex;
use crate::reach::{Answer, Keys, Question, Set, reach};

/// What makes the deprecated policy dangerous: it reads and writes every bucket.
const DANGERS: (&str, &str) = ("s3:GetObject", "s3:PutObject");

/// What tells a policy of instances: each opens the channels on which commands and sessions come.
const NODE: [&str; 4] = [
    "ssm:UpdateInstanceInformation",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenDataChannel",
    "ec2messages:GetMessages",
];

/// What only an administrator's policy allows, all of it and under no condition: it copies nothing, and other controls
/// are about it. A statement about one user or under a condition makes no administrator of a copy.
const ADMINISTRATION: [(&str, &str); 3] = [
    ("iam:CreateUser", "user"),
    ("iam:AttachRolePolicy", "role"),
    ("iam:CreatePolicyVersion", "policy"),
];

/// What a bucket's name can begin with.
const FIRST: &str = "abcdefghijklmnopqrstuvwxyz0123456789";

/// A statement that grants what is forbidden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Copied {
    /// Which, counted from 0.
    pub statement: usize,
    /// The context keys on which it depends.
    pub on: Vec<String>,
}

/// Whether a document grants what the deprecated policy does: to read and to write every bucket, to an instance.
///
/// What may be granted counts as granted. A policy on certain buckets is none, however many it names.
pub fn copied(document: &PolicyDocument, scope: &Scope) -> Option<Copied> {
    let policies = policies(&[document], None);
    let any = [Set::of("*".to_owned())];
    let is_node = NODE
        .iter()
        .any(|action| is_allowed(&ask(&policies, action, &any)));
    if !is_node || is_an_administrators(document, scope) {
        return None;
    }
    opened(&[document], None, scope).map(|(_, copied)| copied)
}

/// Whether documents together, within a boundary, let every bucket be read and written, and which of them does.
pub fn opened(
    documents: &[&PolicyDocument],
    boundary: Option<&PolicyDocument>,
    scope: &Scope,
) -> Option<(usize, Copied)> {
    let policies = policies(documents, boundary);
    let objects = probes(&unforeseen(documents, boundary), scope);
    let (reading, writing) = DANGERS;
    let writes = ask(&policies, writing, &objects);
    if !is_allowed(&ask(&policies, reading, &objects)) || !is_allowed(&writes) {
        return None;
    }
    Some(match writes {
        Answer::Can(witness) => {
            let at = witness.by.first();
            let copied = Copied {
                statement: at.map_or(0, |at| at.statement),
                on: witness.assumed,
            };
            (at.map_or(0, |at| at.policy), copied)
        }
        Answer::Cannot(_) | Answer::Unknown => {
            let (statement, on) = (0, Vec::new());
            (0, Copied { statement, on })
        }
    })
}

fn is_an_administrators(document: &PolicyDocument, scope: &Scope) -> bool {
    let policies = policies(&[document], None);
    // A name that the document itself decides on, so that it cannot have been written for that name.
    let name = unforeseen(&[document], None);
    ADMINISTRATION.iter().all(|(action, kind)| {
        let Scope {
            partition, account, ..
        } = scope;
        let some = Set::of(format!("arn:{partition}:iam::{account}:{kind}/{name}"));
        match ask(&policies, action, &[some]) {
            Answer::Can(witness) => witness.assumed.is_empty(),
            Answer::Cannot(_) | Answer::Unknown => false,
        }
    })
}

/// Letters and digits that follow from all the documents together: whoever writes one of them to let just these through,
/// or just these not, has changed them by that.
fn unforeseen(documents: &[&PolicyDocument], boundary: Option<&PolicyDocument>) -> String {
    let all = documents.iter().copied().chain(boundary);
    let together = all.map(PolicyDocument::fingerprint).collect::<String>();
    let digest = hex(Sha256::digest(together.as_bytes()).as_slice());
    digest.chars().take(20).collect()
}

fn policies<'a>(
    documents: &[&'a PolicyDocument],
    boundary: Option<&'a PolicyDocument>,
) -> Policies<'a> {
    fn attached(document: &PolicyDocument) -> Attached<'_> {
        Attached { name: "", document }
    }
    Policies {
        identity: documents
            .iter()
            .map(|document| attached(document))
            .collect(),
        boundary: boundary.map(|document| vec![attached(document)]),
        ..Policies::default()
    }
}

/// Objects in buckets that nobody means by name, one for each letter or digit that a name can begin with: who reaches
/// one of them by a pattern reaches buckets of everybody.
fn probes(name: &str, scope: &Scope) -> Vec<Set> {
    let object = |first| {
        let partition = &scope.partition;
        Set::of(format!("arn:{partition}:s3:::{first}{name}/zq7/x1v9k3m5"))
    };
    FIRST.chars().map(object).collect()
}

fn is_allowed(answer: &Answer) -> bool {
    match answer {
        Answer::Can(_) | Answer::Unknown => true,
        Answer::Cannot(_) => false,
    }
}

fn ask(policies: &Policies<'_>, action: &str, resources: &[Set]) -> Answer {
    let keys = Keys::with_twins("s3:ResourceTag/", "aws:ResourceTag/");
    let question = Question {
        action,
        principal: None,
        resources,
        keys: &keys,
    };
    reach(policies, &question)
}

#[cfg(test)]
mod tests;
