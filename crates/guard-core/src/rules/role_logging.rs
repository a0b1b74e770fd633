//! `role-logging`: which roles of instances cannot write where sessions are recorded, in some Region of the charter.

use jiff::Timestamp;

use super::{Certainty, Finding, FindingCode, LoggingFault, Place, wording};
use crate::access::{Attached, Context, Outcome, Policies, Request, decide};
use crate::inventory::{self, Bearer, BearerKind, Carried, Document, Entity};
use crate::names::Region;
use crate::policy::PolicyDocument;
use crate::recording::{Consequence, Need, Standing, Writer};
use crate::roles::Mandate;
use crate::trust::{Assumable, by_instances};

/// The calls by which an agent opens the channels of a session (Systems Manager user guide, "Additional sample IAM
/// policies"); without all of them no session comes about.
const CHANNELS: [&str; 4] = [
    "ssmmessages:CreateControlChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenDataChannel",
];

/// What is wrong with a role; `None` for whoever is none of instances, or opens no sessions.
pub fn judge(bearer: &Bearer, mandate: &Mandate, _now: Timestamp) -> Option<Vec<Finding>> {
    if !is_of_instances(bearer.kind, bearer.trust.as_ref(), mandate) || !can_open_channels(bearer) {
        return None;
    }
    let named = |carried: &Carried| wording::policy(&carried.source);
    let known = bearer
        .policies
        .iter()
        .filter_map(|it| Some((named(it), it.document.known()?)));
    let boundary = bearer.boundary.as_ref();
    let boundary = boundary.and_then(|it| {
        Some((
            format!("boundary `{}`", it.source.name()),
            it.document.known()?,
        ))
    });
    let writer = Writer::new(&bearer.arn, &bearer.id, known, boundary);
    let mut findings: Vec<Finding> = gaps(mandate.needs(), &writer)
        .into_iter()
        .map(Gap::finding)
        .collect();
    findings.extend(unknown(bearer));
    findings.sort_by_key(|finding| finding.code);
    Some(findings)
}

/// Whether what is found of somebody rests on what `need` stands for: of a role of instances every policy counts, the
/// boundary included; whoever else it is, is none of the rule's business.
pub fn asks(entity: &Entity, need: &inventory::Need, mandate: &Mandate) -> bool {
    match need {
        inventory::Need::Group(_) => false,
        inventory::Need::ManagedPolicy(_) => {
            is_of_instances(entity.kind(), entity.trust(), mandate)
        }
    }
}

/// Whether instances may assume somebody with this trust policy, or may for all that is known.
pub(super) fn is_of_instances(
    kind: BearerKind,
    trust: Option<&Document>,
    mandate: &Mandate,
) -> bool {
    match kind {
        BearerKind::User | BearerKind::Group => false,
        BearerKind::Role => {
            match by_instances(trust, mandate.scope(), mandate.charter().regions()) {
                Assumable::Yes | Assumable::Unknown { .. } => true,
                Assumable::No => false,
            }
        }
    }
}

/// Whether the bearer can open the channels of a session, or can for all that is known.
pub(super) fn can_open_channels(bearer: &Bearer) -> bool {
    let known = |carried: &Carried| carried.document.known().is_some();
    let is_any_unknown = !bearer.policies.iter().all(known);
    let boundary = bearer.boundary.as_ref().and_then(|it| it.document.known());
    let policies = Policies {
        identity: bearer
            .policies
            .iter()
            .filter_map(|it| it.document.known())
            .map(attached)
            .collect(),
        boundary: boundary.map(|document| vec![attached(document)]),
        ..Policies::default()
    };
    let context = Context::unknown();
    CHANNELS.iter().all(|action| {
        let request = Request {
            action,
            resource: "*",
            principal: None,
            context: &context,
        };
        match decide(&policies, &request).outcome {
            Outcome::Allowed | Outcome::Conditional => true,
            Outcome::ExplicitlyDenied => false,
            Outcome::ImplicitlyDenied => is_any_unknown,
        }
    })
}

fn attached(document: &PolicyDocument) -> Attached<'_> {
    Attached { name: "", document }
}

/// What does not go through, what sessions are refused for first.
///
/// Where every session of a Region is refused, none of them goes on unrecorded: what is lacking there besides comes to
/// light only after that is mended, and is told with it.
fn gaps(needs: &[Need], writer: &Writer) -> Vec<Gap> {
    let found = needs.iter();
    let found = found.filter_map(|need| Some((need, Gap::of(need, writer.standing(need))?)));
    let mut found: Vec<(&Need, Gap)> = found.collect();
    found.sort_by_key(|(_, gap)| gap.fault != LoggingFault::Refused);
    let refusing = found.iter().filter(|(_, gap)| gap.refuses_all_sessions());
    let refused: Vec<Region> = refusing.map(|(need, _)| need.region.clone()).collect();
    let mut gaps: Vec<Gap> = Vec::new();
    for (need, mut gap) in found {
        if gap.fault == LoggingFault::Unrecorded && refused.contains(&need.region) {
            gap.fault = LoggingFault::Refused;
        }
        match gaps.iter_mut().find(|earlier| earlier.is_like(&gap)) {
            Some(earlier) => earlier.calls.extend(gap.calls),
            None => gaps.push(gap),
        }
    }
    gaps
}

/// Calls that do not go through for one reason.
struct Gap {
    fault: LoggingFault,
    certainty: Certainty,
    place: Option<Place>,
    example: Option<String>,
    /// The call, and on what.
    calls: Vec<(&'static str, String)>,
}

impl Gap {
    fn of(need: &Need, standing: Standing) -> Option<Self> {
        let fault = match need.consequence {
            Consequence::Unrecorded => LoggingFault::Unrecorded,
            Consequence::Refused => LoggingFault::Refused,
        };
        let gap = |certainty| Self {
            fault,
            certainty,
            place: None,
            example: None,
            calls: vec![(need.action, need.place())],
        };
        Some(match standing {
            Standing::Can => return None,
            Standing::NotAllowed => gap(Certainty::Certain),
            Standing::Given(on) => gap(Certainty::Conditional { on }),
            Standing::SomeKey => Self {
                fault: LoggingFault::KeyUnsettled,
                ..gap(Certainty::Certain)
            },
            Standing::Unknown => gap(Certainty::Unknown {
                why: "too entangled to be searched through".to_owned(),
            }),
            Standing::Denied(bar) => Self {
                place: Some(Place {
                    policy: bar.policy,
                    statement: bar.statement,
                    sid: bar.sid,
                }),
                example: Some(bar.example),
                ..gap(if bar.on.is_empty() {
                    Certainty::Certain
                } else {
                    Certainty::Conditional { on: bar.on }
                })
            },
        })
    }

    /// Whether it is sure, and for every session of its Region: no refusing call is made on what differs by session.
    fn refuses_all_sessions(&self) -> bool {
        self.fault == LoggingFault::Refused && self.certainty == Certainty::Certain
    }

    fn is_like(&self, other: &Self) -> bool {
        (self.fault, &self.certainty, &self.place) == (other.fault, &other.certainty, &other.place)
    }

    fn finding(self) -> Finding {
        let calls = told(&self.calls);
        let (what, advice) = match (self.fault, &self.place) {
            (LoggingFault::KeyUnsettled, _) => (
                format!(
                    "the role may use certain keys, and whether that allows {calls} is not known"
                ),
                "name the key of the alias, or ask for kms:ResourceAliases",
            ),
            (LoggingFault::Unrecorded | LoggingFault::Refused, Some(_)) => (
                format!("keeps the role from {calls}: {}", self.fault.meaning()),
                "narrow the denial",
            ),
            (LoggingFault::Unrecorded | LoggingFault::Refused, None) => (
                format!("the role lacks {calls}: {}", self.fault.meaning()),
                "allow it there, within the boundary too",
            ),
        };
        Finding {
            code: FindingCode::Logging(self.fault),
            certainty: self.certainty,
            place: self.place,
            example: self.example,
            what,
            advice: advice.to_owned(),
        }
    }
}

/// The first call, and how many there are besides.
fn told(calls: &[(&'static str, String)]) -> String {
    let (action, place) = match calls {
        [] => return String::new(),
        [(action, place), ..] => (action, place),
    };
    match calls.len() {
        1 => format!("{action} on {place}"),
        number => format!("{action} on {place} and {} more", number - 1),
    }
}

/// What nobody can read may deny anything; a boundary may, too.
fn unknown(bearer: &Bearer) -> impl Iterator<Item = Finding> {
    let carried = bearer.policies.iter().chain(&bearer.boundary);
    carried.filter_map(wording::unknown)
}
