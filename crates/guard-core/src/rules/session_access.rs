//! `session-access`: who can open sessions more widely than the charter says, through documents that it does not name,
//! or lay hands on sessions of others.
//!
//! Each statement that allows is asked by itself, so that each that is at fault is named; the statements that deny, and
//! the boundary, are asked along with it.

mod documents;
mod flaws;
mod others;
mod targets;

use super::standing::{Standing, add_new};
use super::{Finding, FindingCode, Terms};
use crate::access::StatementRef;
use crate::charter::InstancePattern;
use crate::inventory::{Bearer, BearerKind};
use crate::policy::{Sense, Statement};
use crate::reach::{Answer, Domain, Keys, Open, Presence, Set};
use documents::Kind;

const START: &str = "ssm:StartSession";
const TERMINATE: &str = "ssm:TerminateSession";
const RESUME: &str = "ssm:ResumeSession";
const SEND_COMMAND: &str = "ssm:SendCommand";
/// Whether the service asks for a right on the session document besides that on the instance (Systems Manager user
/// guide, "Enforce document permission checks").
const DOCUMENT_CHECK: &str = "ssm:SessionDocumentAccessCheck";

/// What is wrong with the bearer, the gravest first.
pub fn judge(bearer: &Bearer, terms: &Terms<'_>) -> Vec<Finding> {
    let standing = Standing::of(bearer, terms);
    let court = Court {
        standing: &standing,
        terms,
    };
    let mut findings = standing.findings_of_unknown();
    findings.extend(court.grants_too_much());
    findings.extend(flaws::of(&court));
    if let Some(federated) = standing.federated() {
        let court = Court {
            standing: &federated,
            terms,
        };
        add_new(&mut findings, court.grants_too_much());
    }
    findings.sort_by_key(|finding| finding.code);
    findings
}

/// A bearer under the charter's terms.
struct Court<'a> {
    standing: &'a Standing<'a>,
    terms: &'a Terms<'a>,
}

type Grant<'a> = (StatementRef, &'a Statement);

impl Court<'_> {
    fn grants_too_much(&self) -> Vec<Finding> {
        let mut findings = self.starts(&self.standing.grants(START));
        findings.extend(self.sessions_of_others());
        findings.extend(self.commands());
        findings
    }

    fn starts(&self, grants: &[Grant<'_>]) -> Vec<Finding> {
        let checked = self.with_check(&["true", "false"]);
        let can_start = self
            .standing
            .reach(START, &targets::all(self.terms), &checked);
        if matches!(can_start, Answer::Cannot(_)) {
            return Vec::new();
        }
        let mut findings = Vec::new();
        for &(at, statement) in grants {
            let beyond = self.beyond_the_pattern(at, statement, &checked);
            // Whoever may do everything may use every document, too: to say so again helps nobody.
            let is_everything = beyond
                .as_ref()
                .is_some_and(|it| it.code == FindingCode::StartSessionOnEverything);
            findings.extend(beyond);
            if !is_everything {
                findings.extend(self.document(at, &checked));
            }
        }
        findings.extend(self.document_not_named(grants));
        findings
    }

    fn beyond_the_pattern(
        &self,
        at: StatementRef,
        statement: &Statement,
        keys: &Keys,
    ) -> Option<Finding> {
        let keys = targets::keys_beyond(self.terms, keys.clone());
        let answer = self
            .standing
            .reach_by(at, START, &targets::beyond(self.terms), &keys);
        let code = match wideness(statement) {
            Wideness::Everything => FindingCode::StartSessionOnEverything,
            Wideness::NotAction => FindingCode::StartSessionByNotAction,
            Wideness::NotResource => FindingCode::StartSessionByNotResource,
            Wideness::Listed => match &self.terms.sessions.instances {
                InstancePattern::Arns(_) => FindingCode::InstanceNotListed,
                InstancePattern::Tag { .. } => FindingCode::TagConditionMissing,
                InstancePattern::Abac { .. } => FindingCode::AbacConditionMissing,
            },
        };
        self.standing.finding(code, at, START, &answer)
    }

    fn document(&self, at: StatementRef, keys: &Keys) -> Option<Finding> {
        let untagged = documents::keys(keys.clone());
        documents::KINDS.into_iter().find_map(|kind| {
            let code = match kind {
                Kind::Any => FindingCode::AnyDocument,
                Kind::Tunnel => FindingCode::TunnelDocument,
                Kind::Command => FindingCode::CommandDocument,
                Kind::Foreign => FindingCode::ForeignDocument,
                Kind::Unlisted => FindingCode::UnlistedDocument,
            };
            let sets = documents::of_kind(self.terms, kind);
            let keys = match kind {
                // Whoever gives a document a name of his own may give it tags, too.
                Kind::Any => keys,
                Kind::Tunnel | Kind::Command | Kind::Foreign | Kind::Unlisted => &untagged,
            };
            let answer = self.standing.reach_by(at, START, &sets, keys);
            self.standing.finding(code, at, START, &answer)
        })
    }

    /// A session on an instance without a right on any document: the default one opens, if the service does not check.
    fn document_not_named(&self, grants: &[Grant<'_>]) -> Option<Finding> {
        let checked = documents::keys(self.with_check(&["true"]));
        let some = self
            .standing
            .reach(START, &documents::all(self.terms), &checked);
        match some {
            Answer::Can(_) => return None,
            Answer::Cannot(_) | Answer::Unknown => {}
        }
        if self.names_tagged_documents() {
            return None;
        }
        let unchecked = self.with_check(&["false"]);
        grants.iter().find_map(|&(at, _)| {
            let answer = self
                .standing
                .reach_by(at, START, &targets::all(self.terms), &unchecked);
            self.standing
                .finding(FindingCode::DocumentNotNamed, at, START, &answer)
        })
    }

    /// Whether documents are named by tags that whoever makes one may give it.
    fn names_tagged_documents(&self) -> bool {
        let sets = documents::of_kind(self.terms, Kind::Any);
        let answer = self
            .standing
            .reach(START, &sets, &self.with_check(&["true"]));
        matches!(answer, Answer::Can(_))
    }

    fn sessions_of_others(&self) -> Vec<Finding> {
        let keys = others::keys(self.standing.keys());
        let sets = others::sets(self.standing.bearer, self.terms);
        let namesakes = match self.standing.bearer.kind {
            BearerKind::User | BearerKind::Group => others::sets_of_namesakes(self.terms),
            BearerKind::Role => Vec::new(),
        };
        let mut findings = Vec::new();
        for (action, code) in [
            (TERMINATE, FindingCode::EndsOthersSessions),
            (RESUME, FindingCode::ResumesOthersSessions),
        ] {
            for (at, _) in self.standing.grants(action) {
                let ask = |code, sets: &[Set]| {
                    let answer = self.standing.reach_by(at, action, sets, &keys);
                    self.standing.finding(code, at, action, &answer)
                };
                let found =
                    ask(code, &sets).or_else(|| ask(FindingCode::SessionNamePrefix, &namesakes));
                findings.extend(found);
            }
        }
        findings
    }

    /// A command is run without a session and leaves no record of one.
    fn commands(&self) -> Option<Finding> {
        let (partition, region) = (&self.terms.scope.partition, self.terms.first_region());
        let account = &self.terms.scope.account;
        let any = [
            Set::of(format!(
                "arn:{partition}:ssm:{region}::document/AWS-RunShellScript"
            )),
            Set::of(format!("arn:{partition}:ssm:*:*:document/?*")),
        ];
        let own = [Set::of(format!(
            "arn:{partition}:ssm:*:{account}:document/?*"
        ))];
        let tagged = self.standing.keys();
        let asked = [
            (&any[..], &documents::keys(tagged.clone())),
            (&own[..], &tagged),
        ];
        let is_no_document = |(sets, keys)| {
            matches!(
                self.standing.reach(SEND_COMMAND, sets, keys),
                Answer::Cannot(_)
            )
        };
        if asked.into_iter().all(is_no_document) {
            return None;
        }
        self.standing
            .grants(SEND_COMMAND)
            .into_iter()
            .find_map(|(at, _)| {
                let sets = targets::all(self.terms);
                let answer = self
                    .standing
                    .reach_by(at, SEND_COMMAND, &sets, &self.standing.keys());
                self.standing
                    .finding(FindingCode::SendCommand, at, SEND_COMMAND, &answer)
            })
    }

    fn with_check(&self, values: &[&str]) -> Keys {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        let domain = Domain::Open(Open {
            presence: Presence::Required,
            inside: values,
            outside: Vec::new(),
        });
        self.standing.keys().with(DOCUMENT_CHECK, domain)
    }
}

/// How a statement comes to take something in.
enum Wideness {
    Everything,
    NotAction,
    NotResource,
    Listed,
}

fn wideness(statement: &Statement) -> Wideness {
    let (sense, is_any) = match &statement.resource {
        None => (Sense::Listed, true),
        Some(resource) => {
            let is_any = resource
                .patterns
                .iter()
                .any(|pattern| pattern.as_str() == "*");
            (resource.sense, is_any)
        }
    };
    match (statement.action.sense, sense) {
        (Sense::NotListed, _) => Wideness::NotAction,
        (Sense::Listed, Sense::NotListed) => Wideness::NotResource,
        (Sense::Listed, Sense::Listed) if is_any && statement.conditions.is_empty() => {
            Wideness::Everything
        }
        (Sense::Listed, Sense::Listed) => Wideness::Listed,
    }
}
