//! Reasons, steps and questions in a few words: the code, and the members that matter.

use guard_core::approvals::{Approvals, Ignored};
use guard_core::charter::{NearMiss, Unmet};
use guard_core::facts::Question;
use guard_core::floor::Violation;
use guard_core::judge::{Reason, Refusal};
use guard_core::notes::Notes;
use guard_core::plan::Step;

use crate::run::Run;

pub(crate) fn reason(reason: &Reason) -> String {
    let members = match reason {
        Reason::CallFailed { code } => code.clone(),
        Reason::NotAnEditor { near } => list(near, near_miss),
        Reason::WrongType { found } => found.clone(),
        Reason::Shared { with } => with.join(", "),
        Reason::HoldsApproved { version }
        | Reason::Unreadable { version, .. }
        | Reason::StrangersVersion { version, .. }
        | Reason::OwnButWrong { version }
        | Reason::Pending { version }
        | Reason::Waiting { version }
        | Reason::NeverKnown { version }
        | Reason::Buried { version }
        | Reason::Outdated { version }
        | Reason::Unapproved { version }
        | Reason::Approved { version, .. } => version.to_string(),
        Reason::BelowFloor {
            version,
            violations,
        } => format!("{version}: {}", list(violations, place)),
        Reason::TrailFailed { why } => why.clone(),
        Reason::Overtaken { version, open_for } => {
            let which = version.map(|version| version.to_string());
            let after = open_for.map(|span| format!("after {span:#}"));
            which.into_iter().chain(after).collect::<Vec<_>>().join(" ")
        }
        Reason::DefaultMoved { default, latest } | Reason::DefaultLags { default, latest } => {
            format!("{default}, latest {latest}")
        }
        Reason::Refused { version, why, .. } => format!("{version}: {}", refusal(why)),
        Reason::Inherited { version, fields } => {
            format!("{version}: {}", list(fields, ToString::to_string))
        }
        Reason::ApprovalsIgnored(why) => ignored(why).to_owned(),
        Reason::RevertWar { reverts } => reverts.to_string(),
        Reason::IsEditor { .. }
        | Reason::IsGuard
        | Reason::Missing
        | Reason::AwaitsReplacement
        | Reason::VersionLimit => String::new(),
    };
    format!("{} {members}", reason.code()).trim_end().to_owned()
}

pub(crate) fn step(run: &Run<'_>, step: &Step) -> String {
    let named = |content: &str| run.stage.contents.name_of(content);
    match step {
        Step::KeepApprovals { value, read } => {
            let kept = Approvals::decode(value).expect("what is written can be read");
            assert_eq!(kept.baseline, run.mandate.baseline_hash());
            let approved = kept.approved.map_or_else(
                || "baseline".to_owned(),
                |it| format!("{} {}", it.version, named(&it.content)),
            );
            let settled = kept.settled.map_or_else(
                || "nothing".to_owned(),
                |it| match it.hash {
                    Some(_) => it.version.to_string(),
                    None => format!("{} without hash", it.version),
                },
            );
            format!("keep-approvals over {read}: {approved}, settled {settled}")
        }
        Step::Unshare { accounts } => format!("unshare {}", accounts.join(", ")),
        Step::Delete => "delete".to_owned(),
        Step::Create { content, tags } => {
            assert_eq!(tags, run.mandate.charter().tags());
            format!("create {}", named(content))
        }
        Step::DropVersions { versions } => {
            format!("drop-versions {}", list(versions, ToString::to_string))
        }
        Step::Update { read, content, .. } => format!("update over {read}: {}", named(content)),
        Step::MoveDefault { to } => format!("move-default to {to}"),
        Step::KeepNotes { value } => {
            let notes: Notes = serde_json::from_str(value).unwrap();
            let mut parts = vec![format!("{} reverts", notes.reverts.len())];
            parts.extend(notes.deletion.map(|it| format!("deletion {:.0}", it.at)));
            let is_new = |at| {
                if at == run.now {
                    "alerted now"
                } else {
                    "alerted before"
                }
            };
            parts.extend(notes.accused.map(|it| format!("accused {}", it.version)));
            parts.extend(notes.alerted.map(|it| is_new(it.at).to_owned()));
            format!("keep-notes {}", parts.join(", "))
        }
    }
}

pub(crate) fn question(question: &Question) -> String {
    match question {
        Question::Document => "document".to_owned(),
        Question::SharedWith => "shared-with".to_owned(),
        Question::Content(version) => format!("content {version}"),
        Question::Hash(version) => format!("hash {version}"),
        Question::Versions => "versions".to_owned(),
        Question::Approvals => "approvals".to_owned(),
        Question::Notes => "notes".to_owned(),
        Question::Trail(window) => {
            let clock = |time| format!("{time:.0}").replace("2026-11-10T", "");
            format!("trail {} to {}", clock(window.from), clock(window.to))
        }
    }
}

fn near_miss(near: &NearMiss) -> String {
    let unmet = list(&near.unmet, |unmet| {
        match unmet {
            Unmet::Via { .. } => "via",
            Unmet::Mfa { .. } => "mfa",
            Unmet::Expired { .. } => "expired",
            Unmet::UniqueId { .. } => "unique-id",
        }
        .to_owned()
    });
    format!("near {}: {unmet}", near.entry)
}

fn refusal(why: &Refusal) -> String {
    match why {
        Refusal::BelowFloor(violations) => format!("below-floor {}", list(violations, place)),
        Refusal::Unreadable(_) => "unreadable".to_owned(),
        Refusal::Gone => "gone".to_owned(),
        Refusal::TooLarge { .. } => "too-large".to_owned(),
    }
}

fn ignored(why: &Ignored) -> &'static str {
    match why {
        Ignored::Foreign { .. } => "foreign",
        Ignored::Unreadable => "unreadable",
        Ignored::OtherBaseline => "other-baseline",
        Ignored::EditorNoLonger => "editor-no-longer",
        Ignored::BelowFloor => "below-floor",
    }
}

fn place(violation: &Violation) -> String {
    violation.path().to_string()
}

fn list<T>(items: &[T], show: impl Fn(&T) -> String) -> String {
    items.iter().map(show).collect::<Vec<_>>().join(", ")
}
