//! Sentences for people: the only place that makes text of reasons, verdicts and steps.

mod plain;
mod reasons;

use jiff::Timestamp;

use crate::change::{Change, Operation};
use crate::judge::{Decision, Held, Verdict};
use crate::names::PREFERENCES_DOCUMENT;
use crate::plan::Step;
use crate::preferences::Drift;

pub use plain::plain;
pub use reasons::reason;

/// What was found, in one line.
pub fn headline(decision: &Decision, change: Option<&Change>) -> String {
    let who = change.map_or_else(
        || "somebody".to_owned(),
        |change| plain(&change.principal.label, 200),
    );
    let what = change.map_or("changed the session preferences", |change| {
        deed(&change.operation)
    });
    match decision.verdict {
        Verdict::FailedCall => format!("{who} tried in vain what would have {}", passive(change)),
        Verdict::OwnWrite => "the guard's own write came back as an event".to_owned(),
        Verdict::Editors => format!("{who}, an editor, {what}"),
        Verdict::Strangers => format!("{who}, who is no editor, {what}"),
        Verdict::Sweep => "a sweep looked at the session preferences".to_owned(),
    }
}

fn deed(operation: &Operation) -> &'static str {
    match operation {
        Operation::Wrote { .. } => "wrote the session preferences",
        Operation::MovedDefault { .. } => "moved the default version of the session preferences",
        Operation::Deleted => "deleted the session preferences",
        Operation::DeletedVersion => "deleted a version of the session preferences",
        Operation::ChangedSharing => "changed with whom the session preferences are shared",
    }
}

fn passive(change: Option<&Change>) -> &'static str {
    match change.map(|change| &change.operation) {
        Some(Operation::Wrote { .. }) | None => "written the session preferences",
        Some(Operation::MovedDefault { .. }) => {
            "moved the default version of the session preferences"
        }
        Some(Operation::Deleted) => "deleted the session preferences",
        Some(Operation::DeletedVersion) => "deleted a version of the session preferences",
        Some(Operation::ChangedSharing) => "changed with whom the session preferences are shared",
    }
}

/// The verdict's name for programs.
pub fn verdict_code(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::FailedCall => "failed-call",
        Verdict::OwnWrite => "own-write",
        Verdict::Editors => "editors",
        Verdict::Strangers => "strangers",
        Verdict::Sweep => "sweep",
    }
}

/// One step as something that is to be done.
pub fn step(step: &Step) -> String {
    match step {
        Step::KeepApprovals { .. } => "keep in a parameter what is approved and settled".to_owned(),
        Step::Unshare { accounts } => {
            format!("stop sharing the document with {}", some_of(accounts))
        }
        Step::Delete => {
            format!("delete {PREFERENCES_DOCUMENT}, since a document's type cannot be changed")
        }
        Step::Create { .. } => format!("create {PREFERENCES_DOCUMENT} with the approved content"),
        Step::DropVersions { versions } => {
            format!("delete the {} oldest versions to make room", versions.len())
        }
        Step::Update { read, .. } => {
            format!(
                "revert: write the approved content over version {read} and make it the default version"
            )
        }
        Step::MoveDefault { to } => format!("make version {to} the default version"),
        Step::KeepNotes { .. } => "note it for the next runs".to_owned(),
    }
}

/// Why the document is left as it is.
pub fn held(held: &Held) -> String {
    match held {
        Held::ReportMode => "the charter's mode is `report`: nothing is reverted".to_owned(),
        Held::Suspended { until, reason } => {
            format!(
                "the charter suspends reverting until {}: {}",
                time(*until),
                plain(reason, 200)
            )
        }
    }
}

/// One field that differs.
pub fn drift(drift: &Drift) -> String {
    let value = |value: &Option<String>| {
        value.as_ref().map_or_else(
            || "not set".to_owned(),
            |value| format!("`{}`", plain(value, 200)),
        )
    };
    format!(
        "{} is {}, approved is {}",
        plain(drift.field.as_str(), 120),
        value(&drift.found),
        value(&drift.expected)
    )
}

fn time(time: Timestamp) -> String {
    format!("{time:.0}")
}

/// At most ten of a list, and how many more.
fn some_of(items: &[String]) -> String {
    let shown: Vec<_> = items.iter().take(10).map(|item| plain(item, 40)).collect();
    let more = items.len().saturating_sub(shown.len());
    let list = shown.join(", ");
    if more == 0 {
        list
    } else {
        format!("{list} and {more} more")
    }
}
