//! Findings in words.

use super::{Certainty, Finding, FindingCode, Terms};
use crate::charter::InstancePattern;
use crate::inventory::{Carried, Document, Source, Unknown};

/// Which statement narrows sessions to one's own.
const OWN_SESSIONS: &str =
    "ask for ssm:resourceTag/aws:ssmmessages:session-id = ${aws:userid} instead";

const CANNOT_BE_JUDGED: &str = "cannot be judged";
const MEND: &str = "mend or detach it";

/// What is wrong, as it continues the name of a statement; `example` is a resource on which it can be done, `actions` are
/// the calls it is about.
pub(super) fn what(
    code: FindingCode,
    terms: &Terms<'_>,
    actions: &[&str],
    example: Option<&str>,
) -> String {
    let document = example.map_or("it", name_of);
    match code {
        FindingCode::Preferences(fault) => fault.meaning().to_owned(),
        FindingCode::StartSessionOnEverything => {
            "allows sessions on everything through every document".to_owned()
        }
        FindingCode::StartSessionByNotAction => {
            "takes in ssm:StartSession, which its NotAction does not list".to_owned()
        }
        FindingCode::StartSessionByNotResource => {
            "allows sessions on everything that its NotResource does not list".to_owned()
        }
        FindingCode::InstanceNotListed => {
            "allows sessions on instances that the charter does not list".to_owned()
        }
        FindingCode::TagConditionMissing | FindingCode::AbacConditionMissing => {
            let instances = &terms.sessions.instances;
            format!("allows sessions on instances other than those {instances}")
        }
        FindingCode::AnyDocument => {
            "allows sessions through whatever document somebody makes, recorded or not".to_owned()
        }
        FindingCode::TunnelDocument => {
            format!("allows {document}, a tunnel of which nothing is recorded")
        }
        FindingCode::CommandDocument => {
            format!("allows {document}, which runs any command and is not recorded while it runs")
        }
        FindingCode::ForeignDocument => {
            "allows sessions through documents of other accounts".to_owned()
        }
        FindingCode::UnlistedDocument => {
            format!("allows sessions through {document}, which the charter does not name")
        }
        FindingCode::EndsOthersSessions => "lets sessions of others be ended".to_owned(),
        FindingCode::ResumesOthersSessions => "lets sessions of others be taken over".to_owned(),
        FindingCode::SendCommand => {
            "lets commands be run on instances without a session".to_owned()
        }
        FindingCode::ChangesPreferences => {
            format!("lets the preferences be changed ({})", calls(actions))
        }
        FindingCode::Forbidden(fault) => fault.meaning().to_owned(),
        FindingCode::Logging(fault) => fault.meaning().to_owned(),
        FindingCode::PolicyUnknown => CANNOT_BE_JUDGED.to_owned(),
        FindingCode::DocumentNotNamed => "allows sessions and names no document".to_owned(),
        FindingCode::SessionNamePrefix => {
            "takes sessions of people whose names begin alike for one's own".to_owned()
        }
        FindingCode::TagConditionBesideDocument => {
            "asks a document for an instance's tag, and so never allows the document".to_owned()
        }
        FindingCode::UsernameInRolePolicy => {
            "asks for ${aws:username}, which a role never has, and so allows nothing".to_owned()
        }
    }
}

/// What to do about it.
pub(super) fn advice(code: FindingCode, terms: &Terms<'_>) -> String {
    match code {
        FindingCode::Preferences(_) => "look at the document itself".to_owned(),
        FindingCode::StartSessionOnEverything => {
            format!("{} and name the document {}", narrow(terms), documents(terms))
        }
        FindingCode::StartSessionByNotAction => "list in Action what is meant".to_owned(),
        FindingCode::StartSessionByNotResource => "list in Resource what is meant".to_owned(),
        FindingCode::InstanceNotListed
        | FindingCode::TagConditionMissing
        | FindingCode::AbacConditionMissing => narrow(terms),
        FindingCode::AnyDocument | FindingCode::TunnelDocument | FindingCode::CommandDocument => {
            format!("name the document {} instead", documents(terms))
        }
        FindingCode::ForeignDocument => "name this account in the document's ARN".to_owned(),
        FindingCode::UnlistedDocument => {
            format!("name the document {} instead, or add it to the charter", documents(terms))
        }
        FindingCode::EndsOthersSessions
        | FindingCode::ResumesOthersSessions
        | FindingCode::SessionNamePrefix
        | FindingCode::UsernameInRolePolicy => OWN_SESSIONS.to_owned(),
        FindingCode::SendCommand => "take ssm:SendCommand out".to_owned(),
        FindingCode::ChangesPreferences => {
            "take SSM-SessionManagerRunShell out or deny these calls on it, or name an editor in the charter"
                .to_owned()
        }
        FindingCode::Forbidden(_) => "detach it".to_owned(),
        FindingCode::Logging(_) => "allow its role to write there".to_owned(),
        FindingCode::PolicyUnknown => MEND.to_owned(),
        FindingCode::DocumentNotNamed => {
            format!("name the document {} in Resource", documents(terms))
        }
        FindingCode::TagConditionBesideDocument => {
            "give the document a statement of its own".to_owned()
        }
    }
}

/// That nothing is known of a policy; `None` where it is known. In the same words by every rule, so that it is told once.
pub(super) fn unknown(carried: &Carried) -> Option<Finding> {
    match &carried.document {
        Document::Known(_) => None,
        Document::Unknown(why) => Some(Finding {
            code: FindingCode::PolicyUnknown,
            certainty: Certainty::Unknown {
                why: why.to_string(),
            },
            place: None,
            example: None,
            what: format!("{} {CANNOT_BE_JUDGED}", policy(&carried.source)),
            advice: advice_on_unknown(why).to_owned(),
        }),
    }
}

fn advice_on_unknown(why: &Unknown) -> &'static str {
    match why {
        Unknown::Unreadable(_)
        | Unknown::NotGiven
        | Unknown::NoDefaultVersion
        | Unknown::DisputedDefaultVersion => MEND,
        Unknown::NotListed | Unknown::AwsNotListed | Unknown::GroupNotListed => {
            "get the file by GetAccountAuthorizationDetails without --filter"
        }
        Unknown::Unasked | Unknown::Unavailable { .. } => "see why it cannot be looked up",
    }
}

/// How a statement is narrowed to the charter's instances.
fn narrow(terms: &Terms<'_>) -> String {
    match &terms.sessions.instances {
        InstancePattern::Arns(_) => "limit Resource to the instances of the charter".to_owned(),
        InstancePattern::Tag { key, values } => {
            format!("ask for ssm:resourceTag/{key} = {}", values.join(" or "))
        }
        InstancePattern::Abac { key, principal_key } => {
            format!("ask for aws:ResourceTag/{key} = ${{aws:PrincipalTag/{principal_key}}}")
        }
    }
}

fn documents(terms: &Terms<'_>) -> String {
    let names: Vec<&str> = terms.sessions.document_names().take(2).collect();
    names.join(" or ")
}

/// `UpdateDocument, DeleteDocument and 3 more`.
fn calls(actions: &[&str]) -> String {
    let bare = |action: &&str| action.rsplit(':').next().unwrap_or_default().to_owned();
    let shown: Vec<String> = actions.iter().take(2).map(bare).collect();
    match actions.len().saturating_sub(shown.len()) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// The last part of an ARN.
fn name_of(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

/// A policy as it is told in little room.
pub(super) fn policy(source: &Source) -> String {
    let name = source.name();
    match source {
        Source::Inline { .. } => format!("inline policy `{name}`"),
        Source::Managed { .. } => format!("policy `{name}`"),
        Source::GroupInline { group, .. } => format!("inline policy `{name}` of group `{group}`"),
        Source::GroupManaged { group, .. } => format!("policy `{name}` of group `{group}`"),
        Source::Group { .. } => format!("group `{name}`"),
    }
}
