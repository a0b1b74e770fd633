//! Every reason as the sentence that people read.

use std::collections::BTreeSet;

use guard_core::approvals::Ignored;
use guard_core::charter::{NearMiss, Unmet};
use guard_core::explain;
use guard_core::floor::{Field, Requirement, Violation};
use guard_core::judge::{Reason, Refusal};
use guard_core::names::{EventId, Version};
use guard_core::preferences::{Defect, FieldPath, PreferencesError};
use guard_core::principal::Mfa;
use jiff::SignedDuration;

/// A new reason stops the build here: give it a number and an example.
const fn number(reason: &Reason) -> usize {
    match reason {
        Reason::CallFailed { .. } => 0,
        Reason::NotAnEditor { .. } => 1,
        Reason::IsEditor { .. } => 2,
        Reason::IsGuard => 3,
        Reason::Missing => 4,
        Reason::AwaitsReplacement => 5,
        Reason::WrongType { .. } => 6,
        Reason::Shared { .. } => 7,
        Reason::HoldsApproved { .. } => 8,
        Reason::BelowFloor { .. } => 9,
        Reason::Unreadable { .. } => 10,
        Reason::StrangersVersion { .. } => 11,
        Reason::OwnButWrong { .. } => 12,
        Reason::Pending { .. } => 13,
        Reason::Waiting { .. } => 14,
        Reason::NeverKnown { .. } => 15,
        Reason::Buried { .. } => 28,
        Reason::TrailFailed { .. } => 16,
        Reason::Outdated { .. } => 17,
        Reason::Unapproved { .. } => 18,
        Reason::Overtaken { .. } => 19,
        Reason::DefaultMoved { .. } => 20,
        Reason::DefaultLags { .. } => 21,
        Reason::Approved { .. } => 22,
        Reason::Refused { .. } => 23,
        Reason::Inherited { .. } => 24,
        Reason::ApprovalsIgnored(_) => 25,
        Reason::RevertWar { .. } => 26,
        Reason::VersionLimit => 27,
    }
}

const REASONS: usize = 29;

#[test]
fn every_reason_is_a_sentence() {
    let reasons = reasons();
    let told: BTreeSet<_> = reasons.iter().map(number).collect();
    assert_eq!(told, (0..REASONS).collect(), "a reason without example");
    let lines: Vec<_> = reasons
        .iter()
        .map(|reason| format!("{}: {}", reason.code(), explain::reason(reason)))
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

/// The codes of all reasons.
pub(crate) fn codes() -> BTreeSet<&'static str> {
    reasons().iter().map(Reason::code).collect()
}

const VERSION: Version = Version(7);

fn reasons() -> Vec<Reason> {
    let mut reasons = of_people();
    reasons.extend(of_the_document());
    reasons.extend(of_versions());
    reasons.extend(of_approvals());
    reasons
}

fn of_people() -> Vec<Reason> {
    let near = |unmet| NearMiss {
        entry: 3,
        name: "role `arn:aws:iam::123456789012:role/deploy`".to_owned(),
        unmet,
    };
    let wanted = vec!["cloudformation.amazonaws.com".to_owned()];
    let via = |found| Unmet::Via {
        wanted: wanted.clone(),
        found,
    };
    let id = |found| Unmet::UniqueId {
        wanted: "AROAEXAMPLEID".to_owned(),
        found,
    };
    let until = "2026-11-10T12:00:00Z".parse().unwrap();
    vec![
        Reason::CallFailed {
            code: "AccessDenied".to_owned(),
        },
        Reason::NotAnEditor { near: Vec::new() },
        Reason::NotAnEditor {
            near: vec![
                near(vec![via(None), Unmet::Mfa { found: Mfa::No }]),
                near(vec![via(Some("ssm-quicksetup.amazonaws.com".to_owned()))]),
                near(vec![
                    Unmet::Mfa {
                        found: Mfa::NotRecorded,
                    },
                    Unmet::Expired { until },
                ]),
                near(vec![id(None), id(Some("AROAANOTHERID".to_owned()))]),
            ],
        },
        Reason::IsEditor {
            name: "permission set `SessionAdmins`".to_owned(),
            reason: "administrators on call".to_owned(),
        },
        Reason::IsGuard,
    ]
}

fn of_the_document() -> Vec<Reason> {
    let accounts = |count: usize| (0..count).map(|_| "111122223333".to_owned()).collect();
    vec![
        Reason::Missing,
        Reason::AwaitsReplacement,
        Reason::WrongType {
            found: "Command".to_owned(),
        },
        Reason::Shared {
            with: vec!["all".to_owned()],
        },
        Reason::Shared { with: accounts(12) },
        Reason::RevertWar { reverts: 11 },
        Reason::VersionLimit,
        Reason::DefaultMoved {
            default: Version(2),
            latest: VERSION,
        },
        Reason::DefaultLags {
            default: Version(6),
            latest: VERSION,
        },
        Reason::TrailFailed {
            why: "ThrottlingException: Rate exceeded".to_owned(),
        },
    ]
}

fn of_versions() -> Vec<Reason> {
    let version = VERSION;
    let open_for = Some(SignedDuration::from_secs(5));
    vec![
        Reason::HoldsApproved { version },
        Reason::BelowFloor {
            version,
            violations: violations(),
        },
        Reason::Unreadable {
            version,
            error: PreferencesError::NotAnObject { found: "a list" },
        },
        Reason::Unreadable {
            version,
            error: PreferencesError::TooLong { bytes: 70_000 },
        },
        Reason::StrangersVersion {
            version,
            by: "arn:aws:iam::123456789012:user/mallory".to_owned(),
        },
        Reason::OwnButWrong { version },
        Reason::Pending { version },
        Reason::Waiting { version },
        Reason::NeverKnown { version },
        Reason::Buried { version },
        Reason::Outdated { version },
        Reason::Unapproved { version },
        Reason::Overtaken {
            version: Some(version),
            open_for,
        },
        Reason::Overtaken {
            version: Some(version),
            open_for: None,
        },
        Reason::Overtaken {
            version: None,
            open_for,
        },
    ]
}

fn of_approvals() -> Vec<Reason> {
    let version = VERSION;
    let by = "arn:aws:sts::123456789012:assumed-role/session-editors/erin".to_owned();
    let refused = |why| Reason::Refused {
        version,
        by: by.clone(),
        why,
    };
    let foreign = |by: &str| Ignored::Foreign { by: by.to_owned() };
    let mut reasons = vec![
        Reason::Approved {
            version,
            by: by.clone(),
            event_id: EventId::parse("b1c2d3e4-1111-4222-8333-444455556666").unwrap(),
        },
        refused(Refusal::BelowFloor(violations())),
        refused(Refusal::Unreadable(PreferencesError::NotAnObject {
            found: "a text",
        })),
        refused(Refusal::Gone),
        refused(Refusal::TooLarge { bytes: 9_000 }),
        Reason::Inherited {
            version,
            fields: vec![
                FieldPath::input("s3BucketName"),
                FieldPath::input("kmsKeyId"),
            ],
        },
    ];
    reasons.extend(
        [
            foreign("arn:aws:iam::123456789012:user/mallory"),
            foreign(""),
            Ignored::Unreadable,
            Ignored::OtherBaseline,
            Ignored::EditorNoLonger,
            Ignored::BelowFloor,
        ]
        .map(Reason::ApprovalsIgnored),
    );
    reasons
}

/// One of each kind, and so many that not all are shown.
fn violations() -> Vec<Violation> {
    let input = FieldPath::input;
    let unmet = |key: &str, required, found: Option<&str>| Violation::Unmet {
        field: Field::named(key).unwrap(),
        required,
        found: found.map(str::to_owned),
    };
    vec![
        Violation::Unfit(Defect::DuplicateKey(input("kmsKeyId"))),
        Violation::Unfit(Defect::CaseTwin(input("KmsKeyId"))),
        Violation::Unfit(Defect::Placeholder(input("s3BucketName"))),
        Violation::Unfit(Defect::SchemaVersion),
        Violation::Unfit(Defect::SessionType),
        Violation::Unfit(Defect::Shape(FieldPath::top("inputs"))),
        unmet(
            "s3EncryptionEnabled",
            Requirement::Is("true".to_owned()),
            Some("false"),
        ),
        unmet("idleSessionTimeout", Requirement::AtMost(15), None),
        unmet("maxSessionDuration", Requirement::AtMost(480), None),
        unmet("idleSessionTimeout", Requirement::AtLeast(5), Some("1")),
        unmet("kmsKeyId", Requirement::Set, None),
        unmet("s3KeyPrefix", Requirement::NotSet, Some("x")),
    ]
}
