//! What people and programs are told of the main outcomes.

use guard_core::explain;
use guard_core::judge::Decision;
use guard_core::report::{Done, Report, report};
use jiff::SignedDuration;

use crate::cases::named;
use crate::run::{Run, Verdict};
use crate::stage::stage;

/// The report on a case, as if everything that is not held had been done in a second and a half.
fn told(name: &str) -> Report {
    let (stage, named) = (stage(), named(name));
    let run = Run::of(&stage, &named.case);
    let (Verdict::Decided(decision), _) = run.judged() else {
        panic!("`{name}` is not decided");
    };
    let steps = done(&decision);
    let done = Done {
        steps: &steps,
        failed: None,
        began: run.now,
        ended: run.now + SignedDuration::from_millis(1_500),
    };
    report(&run.mandate, &run.trigger, &decision, done)
}

/// Nothing on the document is done while it is held; that something was noted is not told.
fn done(decision: &Decision) -> Vec<String> {
    let steps = decision.plan.steps.iter();
    let on_document = steps.filter(|step| step.changes_document() && decision.held.is_none());
    on_document.map(explain::step).collect()
}

fn alert(name: &str) -> String {
    let alert = told(name).alert;
    let alert = alert.unwrap_or_else(|| panic!("`{name}` alerts nobody"));
    assert!(
        alert.subject.is_ascii() && alert.subject.len() <= 100,
        "{}",
        alert.subject
    );
    format!("# {name}\n{}\n\n{}", alert.subject, alert.text)
}

#[test]
fn alerts_about_changes() {
    let alerts = [
        "changes/stranger-turns-logging-off",
        "changes/pipelines-role-by-hand-is-a-stranger",
        "changes/stranger-is-already-reverted",
        "changes/editor-turns-encryption-off",
        "changes/own-role-writes-something-else",
        "floor/shell-text-that-the-floor-forbids",
        "war/stranger-writes-above-the-floor",
        "modes/report-a-strangers-change",
        "modes/suspended",
    ];
    insta::assert_snapshot!(alerts.map(alert).join("\n"));
}

#[test]
fn alerts_about_the_document() {
    let alerts = [
        "deletion/stranger-deletes-the-document",
        "deletion/strangers-deletion-was-made-good",
        "type/shared-command-document",
        "default/stranger-moves-it-below-the-floor",
        "sharing/stranger-shares-with-everybody",
        "approvals/stranger-writes-a-record",
    ];
    insta::assert_snapshot!(alerts.map(alert).join("\n"));
}

#[test]
fn alerts_of_sweeps() {
    let alerts = [
        "sweep/version-is-never-known",
        "sweep/strangers-version-is-known",
        "sweep/strangers-fields-are-inherited",
        "sweep/version-too-large-to-keep-is-refused",
        "deletion/sweep-finds-no-document",
        "modes/sweep-reports",
    ];
    insta::assert_snapshot!(alerts.map(alert).join("\n"));
}

#[test]
fn the_body_for_programs() {
    insta::assert_json_snapshot!(
        "the_body_on_a_strangers_change",
        told("changes/stranger-turns-logging-off").body
    );
    insta::assert_json_snapshot!(
        "the_body_on_an_approval",
        told("sweep/default-follows-the-approved-version").body
    );
    insta::assert_json_snapshot!(
        "the_body_on_a_failed_call",
        told("changes/denied-attempt-is-only-told").body
    );
}

#[test]
fn only_news_is_published() {
    for (name, is_news) in [
        ("sweep/at-rest", false),
        ("sweep/version-waits", false),
        ("changes/own-revert-comes-back", false),
        ("changes/own-role-writes-something-else", true),
        ("changes/editor-lengthens-the-timeout", true),
        ("changes/stranger-writes-the-approved-content", true),
        ("changes/denied-attempt-is-only-told", true),
        ("sweep/editors-version-is-approved", true),
        ("sweep/trail-fails", true),
        ("sharing/sweep-finds-it-shared", true),
    ] {
        assert_eq!(told(name).is_news, is_news, "{name}");
    }
}
