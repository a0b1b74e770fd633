//! The policy that lets people open sessions, no wider than one of the three patterns.

mod within;

use super::draft::{Draft, document};
use super::key::on_keys;
use super::{Accounts, ComposeError, KeyRef, Limit, Note, Paper, Place, Product};
use crate::charter::{COMMAND_DOCUMENTS, InstancePattern, Sessions, TUNNEL_DOCUMENTS};
use crate::names::DocumentName;

/// What people may do, and who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// How sessions are narrowed to instances.
    pub instances: InstancePattern,
    /// The documents that sessions may use, at least one.
    pub documents: Vec<DocumentName>,
    /// The keys with which sessions are encrypted between client and node.
    pub keys: Vec<KeyRef>,
    /// Who carries the policy.
    pub bearer: Bearer,
}

/// Who carries the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bearer {
    /// IAM users.
    User,
    /// A role.
    Role,
    /// A permission set of Identity Center.
    PermissionSet,
}

impl Bearer {
    fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Role => "role",
            Self::PermissionSet => "permission-set",
        }
    }
}

/// The policy.
pub fn compose(grant: &Grant, place: &Place) -> Result<Product, ComposeError> {
    let pattern = match &grant.instances {
        InstancePattern::Arns(_) => "arn",
        InstancePattern::Tag { .. } => "tag",
        InstancePattern::Abac { .. } => "abac",
    };
    let name = format!("start-session-{pattern}-{}", grant.bearer.word());
    let place = place.of_callers();
    let mut notes = notes(grant);
    match place.accounts {
        Accounts::Callers => notes.push(Note::CallersAccount),
        Accounts::These(_) | Accounts::Any => {}
    }
    Ok(Product {
        papers: vec![paper(name, grant, &place)?],
        notes,
    })
}

/// Whether the grant is no wider than the charter lets sessions be; `documents` apart, where one is made anew.
pub fn check_instances(
    grant: &Grant,
    sessions: &Sessions,
    place: &Place,
) -> Result<(), ComposeError> {
    let is_within = |narrow: &str, wide: &str| {
        place
            .fill(wide)
            .iter()
            .any(|wide| within::is_within(narrow, wide))
    };
    let is_narrower = match (&grant.instances, &sessions.instances) {
        (InstancePattern::Arns(narrow), InstancePattern::Arns(wide)) => {
            let mut narrow = narrow.iter().flat_map(|it| place.fill(it.as_str()));
            let is_covered = |arn: String| wide.iter().any(|it| is_within(&arn, it.as_str()));
            narrow.all(is_covered)
        }
        (
            InstancePattern::Tag { key, values },
            InstancePattern::Tag {
                key: wide_key,
                values: wide,
            },
        ) => {
            let mut narrow = values.iter().flat_map(|it| place.fill(it));
            let is_covered = |value: String| wide.iter().any(|it| is_within(&value, it));
            key == wide_key && narrow.all(is_covered)
        }
        (narrow @ InstancePattern::Abac { .. }, wide @ InstancePattern::Abac { .. }) => {
            narrow == wide
        }
        (
            InstancePattern::Arns(_) | InstancePattern::Tag { .. } | InstancePattern::Abac { .. },
            _,
        ) => false,
    };
    if is_narrower {
        return Ok(());
    }
    Err(ComposeError::Wider {
        asked: grant.instances.to_string(),
        allowed: sessions.instances.to_string(),
    })
}

/// Whether the charter lets sessions use each of the documents.
pub fn check_documents(grant: &Grant, sessions: &Sessions) -> Result<(), ComposeError> {
    let unknown = grant
        .documents
        .iter()
        .find(|it| !sessions.allows_document(it.as_str()));
    match unknown {
        Some(document) => Err(ComposeError::Document {
            document: document.clone(),
        }),
        None => Ok(()),
    }
}

pub(super) fn paper(name: String, grant: &Grant, place: &Place) -> Result<Paper, ComposeError> {
    let limit = match grant.bearer {
        Bearer::User | Bearer::Role => Limit::ManagedPolicy,
        Bearer::PermissionSet => Limit::PermissionSet,
    };
    Paper::new(name, document(&statements(grant, place)), limit)
}

fn statements(grant: &Grant, place: &Place) -> Vec<Draft> {
    let mut statements = vec![
        on_instances(&grant.instances, place),
        with_documents(grant, place),
    ];
    statements.push(data_channel(place));
    let looks = [
        "ssm:DescribeSessions",
        "ssm:GetConnectionStatus",
        "ssm:DescribeInstanceProperties",
        "ec2:DescribeInstances",
    ];
    statements.push(Draft::allow("FindInstances", &looks).on_everything());
    statements.push(own_sessions(place));
    let encrypt = Draft::allow("EncryptSessions", &["kms:GenerateDataKey"]);
    statements.extend(on_keys(&encrypt, &grant.keys, "EncryptSessionsByAlias"));
    statements
}

/// The instances, apart from the documents: a document has no such tags, so that with the tag's condition in one
/// statement with it no session could use it.
fn on_instances(pattern: &InstancePattern, place: &Place) -> Draft {
    let start = start("StartOnInstances");
    let any_instance = || {
        let mut arns = place.arns("ec2", "instance/*");
        arns.extend(place.arns("ssm", "managed-instance/*"));
        arns
    };
    match pattern {
        InstancePattern::Arns(arns) => {
            start.on(arns.iter().flat_map(|arn| place.fill(arn.as_str())))
        }
        InstancePattern::Tag { key, values } => {
            let has_wildcard = values.iter().any(|value| value.contains(['*', '?']));
            let operator = if has_wildcard {
                "StringLike"
            } else {
                "StringEquals"
            };
            let values: Vec<_> = values.iter().flat_map(|value| place.fill(value)).collect();
            start
                .on(any_instance())
                .when(operator, &format!("ssm:resourceTag/{key}"), values)
        }
        InstancePattern::Abac { key, principal_key } => start.on(any_instance()).when(
            "StringEquals",
            &format!("aws:ResourceTag/{key}"),
            [format!("${{aws:PrincipalTag/{principal_key}}}")],
        ),
    }
}

fn with_documents(grant: &Grant, place: &Place) -> Draft {
    let arns = grant.documents.iter().flat_map(|name| {
        if name.is_of_aws() {
            // AWS's own documents belong to no account.
            place.fill(&format!(
                "arn:${{partition}}:ssm:${{region}}::document/{name}"
            ))
        } else {
            place.arns("ssm", &format!("document/{name}"))
        }
    });
    start("UseDocuments").on(arns)
}

/// Both statements ask for the check: where it is off, the right on an instance alone would open AWS's plain shell.
///
/// (Systems Manager user guide, "Enforce a session document permission check for the AWS CLI"; by the present pages the
/// document must be named in any case, and `IfExists` keeps the policy working where the key is not sent.)
fn start(sid: &str) -> Draft {
    Draft::allow(sid, &["ssm:StartSession"]).when(
        "BoolIfExists",
        "ssm:SessionDocumentAccessCheck",
        ["true".to_owned()],
    )
}

/// The channel through which the client talks to the session that it has started.
///
/// AWS's samples narrow it to `session/${aws:userid}-*`, while recorded session ids begin with the name of the user or of
/// the role session, which that never matches. A channel opens only with the token that `StartSession` or `ResumeSession`
/// gave out, so that the account's sessions are narrow enough; AWS's own managed policies allow the same.
fn data_channel(place: &Place) -> Draft {
    Draft::allow("OpenDataChannel", &["ssmmessages:OpenDataChannel"])
        .on(place.arns("ssm", "session/*"))
}

/// Sessions of one's own, told by the tag that Session Manager puts on each with the user id of whoever started it.
///
/// By name it would not do: `${aws:username}` is nothing for a role session, and `session/ann-*` is `ann-marie`'s too.
fn own_sessions(place: &Place) -> Draft {
    Draft::allow(
        "EndOwnSessions",
        &["ssm:TerminateSession", "ssm:ResumeSession"],
    )
    .on(place.arns("ssm", "session/*"))
    .when(
        "StringEquals",
        "ssm:resourceTag/aws:ssmmessages:session-id",
        ["${aws:userid}".to_owned()],
    )
}

pub(super) fn notes(grant: &Grant) -> Vec<Note> {
    let mut notes = Vec::new();
    match (&grant.instances, grant.bearer) {
        (InstancePattern::Abac { principal_key, .. }, Bearer::PermissionSet) => {
            notes.push(Note::SessionTags {
                key: principal_key.clone(),
            });
        }
        (InstancePattern::Abac { principal_key, .. }, bearer @ (Bearer::User | Bearer::Role)) => {
            notes.push(Note::PrincipalTags {
                key: principal_key.clone(),
                bearer: bearer.word(),
            });
        }
        (InstancePattern::Arns(_) | InstancePattern::Tag { .. }, _) => {}
    }
    match &grant.instances {
        InstancePattern::Tag { key, .. } | InstancePattern::Abac { key, .. } => {
            notes.push(Note::InstanceTags { key: key.clone() });
        }
        InstancePattern::Arns(_) => {}
    }
    match grant.bearer {
        Bearer::User => {}
        Bearer::Role | Bearer::PermissionSet => notes.push(Note::UntaggedSessions),
    }
    for document in &grant.documents {
        let name = document.as_str();
        if TUNNEL_DOCUMENTS.contains(&name) || COMMAND_DOCUMENTS.contains(&name) {
            notes.push(Note::Unrecorded {
                document: name.to_owned(),
            });
        }
    }
    notes
}

#[cfg(test)]
mod tests;
