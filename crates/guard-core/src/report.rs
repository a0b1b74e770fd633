//! What leaves the system about one decision: one body for logs and events, and a text for people.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::change::Change;
use crate::explain;
use crate::judge::{Decision, Reason, Trigger, Verdict};
use crate::mandate::Mandate;
use crate::names::PREFERENCES_DOCUMENT;
use crate::preferences::Drift;

/// As many differing fields as a report shows; a hostile document can have thousands.
const MOST_DRIFT: usize = 20;

/// A decision with what was done about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The body for logs and events.
    pub body: Value,
    /// The alert's subject and text, when people are to be alerted.
    pub alert: Option<Alert>,
    /// Whether there is anything to tell: a look that found everything in order is only logged.
    pub is_news: bool,
}

/// A message for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// One line of at most 100 ASCII characters, as SNS wants it (SNS API reference, `Publish`).
    pub subject: String,
    /// The text.
    pub text: String,
}

/// What was done, and how long it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Done<'a> {
    /// The steps that were carried out, as sentences.
    pub steps: &'a [String],
    /// Why not everything was done.
    pub failed: Option<&'a str>,
    /// When the judgement began.
    pub began: Timestamp,
    /// When everything was done and read back.
    pub ended: Timestamp,
}

/// Puts a report together.
pub fn report(mandate: &Mandate, trigger: &Trigger, decision: &Decision, done: Done<'_>) -> Report {
    let change = match trigger {
        Trigger::Change(change) => Some(&**change),
        Trigger::Sweep => None,
    };
    Report {
        body: body(mandate, change, decision, done),
        alert: decision
            .is_alert
            .then(|| alert(mandate, change, decision, done)),
        is_news: is_news(decision),
    }
}

fn is_news(decision: &Decision) -> bool {
    let is_routine = match decision.verdict {
        Verdict::OwnWrite | Verdict::Sweep => true,
        Verdict::FailedCall | Verdict::Editors | Verdict::Strangers => false,
    };
    let is_at_rest = decision.reasons.iter().all(|reason| {
        matches!(
            reason,
            Reason::IsGuard | Reason::HoldsApproved { .. } | Reason::Waiting { .. }
        )
    });
    !(is_routine && is_at_rest && !decision.plan.changes_document())
}

fn body(mandate: &Mandate, change: Option<&Change>, decision: &Decision, done: Done<'_>) -> Value {
    let scope = mandate.scope();
    let reasons: Vec<_> = decision
        .reasons
        .iter()
        .map(|reason| json!({ "code": reason.code(), "text": explain::reason(reason) }))
        .collect();
    json!({
        "account": scope.account,
        "region": scope.region,
        "document": PREFERENCES_DOCUMENT,
        "verdict": explain::verdict_code(decision.verdict),
        "headline": explain::headline(decision, change),
        "change": change.map(told),
        "reasons": reasons,
        "drift": decision.drift.iter().take(MOST_DRIFT).map(shown).collect::<Vec<_>>(),
        "driftFields": decision.drift.len(),
        "plan": decision.plan.steps.iter().map(explain::step).collect::<Vec<_>>(),
        "held": decision.held.as_ref().map(explain::held),
        "done": done.steps,
        "failed": done.failed,
        "durationMs": i64::try_from(done.ended.duration_since(done.began).as_millis()).unwrap_or(i64::MAX),
    })
}

/// One field that differs; a path or a value alone can be as long as a document, and an event must not.
fn shown(drift: &Drift) -> Value {
    let value = |value: &Option<String>| value.as_deref().map(|value| explain::plain(value, 300));
    json!({
        "field": explain::plain(drift.field.as_str(), 300),
        "expected": value(&drift.expected),
        "found": value(&drift.found),
    })
}

fn told(change: &Change) -> Value {
    json!({
        "eventId": change.event_id,
        "time": change.at,
        "operation": change.operation,
        "principal": {
            "arn": change.principal.deciding_arn(),
            "label": explain::plain(&change.principal.label, 300),
            "via": change.principal.via.as_deref().map(|via| explain::plain(via, 100)),
        },
        "sourceIp": change.source_ip.as_deref().map(|ip| explain::plain(ip, 100)),
        "error": change.failure.as_ref().map(|failure| explain::plain(&failure.code, 100)),
    })
}

fn alert(mandate: &Mandate, change: Option<&Change>, decision: &Decision, done: Done<'_>) -> Alert {
    let scope = mandate.scope();
    let outcome = outcome(decision, done);
    let subject = format!(
        "Session Guard: {outcome} ({} {})",
        scope.account, scope.region
    );
    let mut lines = vec![
        format!("{}.", explain::headline(decision, change)),
        String::new(),
    ];
    lines.push(format!(
        "Account   {}  Region {}",
        scope.account, scope.region
    ));
    lines.push(format!("Outcome   {outcome}"));
    if let Some(change) = change {
        lines.push(format!("When      {}", change.at));
        lines.push(format!("Event     {}", change.event_id));
        if let Some(ip) = &change.source_ip {
            lines.push(format!("From      {}", explain::plain(ip, 100)));
        }
        if let Some(via) = &change.principal.via {
            lines.push(format!("Through   {}", explain::plain(via, 100)));
        }
    }
    section(
        &mut lines,
        "Why",
        decision.reasons.iter().map(explain::reason),
    );
    section(
        &mut lines,
        "Differences",
        decision
            .drift
            .iter()
            .take(MOST_DRIFT)
            .map(explain::drift)
            .chain(more_drift(decision)),
    );
    section(&mut lines, "Done", done.steps.iter().cloned());
    section(
        &mut lines,
        "Failed",
        done.failed.map(str::to_owned).into_iter(),
    );
    if let Some(held) = &decision.held {
        let steps = decision.plan.steps.iter();
        let held_back = steps.filter(|step| step.changes_document());
        let items = std::iter::once(explain::held(held)).chain(held_back.map(explain::step));
        section(&mut lines, "Not done", items);
    }
    Alert {
        subject: subject.chars().take(100).collect(),
        text: lines.join("\n") + "\n",
    }
}

fn more_drift(decision: &Decision) -> Option<String> {
    let more = decision.drift.len().saturating_sub(MOST_DRIFT);
    (more > 0).then(|| format!("and {more} more"))
}

/// Adds a list under its title, if there is anything in it.
pub(crate) fn section(lines: &mut Vec<String>, title: &str, items: impl Iterator<Item = String>) {
    let mut items = items.peekable();
    if items.peek().is_some() {
        lines.push(String::new());
        lines.push(title.to_owned());
        lines.extend(items.map(|item| format!("  - {item}")));
    }
}

fn outcome(decision: &Decision, done: Done<'_>) -> &'static str {
    if done.failed.is_some() {
        "not everything could be put right"
    } else if decision.held.is_some() {
        "preferences differ, reported only"
    } else if decision.plan.changes_document() && !done.steps.is_empty() {
        "preferences reverted"
    } else if decision.plan.changes_document() {
        "preferences are to be reverted"
    } else {
        "preferences need attention"
    }
}
