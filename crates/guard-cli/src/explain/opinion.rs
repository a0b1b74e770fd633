//! What can be said of a change when nobody knows what the document says: whose it is.

use guard_core::change::Change;
use guard_core::charter::Editorship;
use guard_core::explain;
use guard_core::facts::{Facts, Question};
use guard_core::judge::{Decision, Judgement, Reason, Trigger, Verdict, judge};
use guard_core::mandate::Mandate;
use guard_core::names::PREFERENCES_DOCUMENT;
use guard_core::plan::Plan;
use jiff::Timestamp;

/// Whose change it was, without a plan.
pub(super) fn on(mandate: &Mandate, trigger: &Trigger) -> Decision {
    let (verdict, reasons) = match trigger {
        Trigger::Sweep => (Verdict::Sweep, Vec::new()),
        Trigger::Change(change) => {
            let (verdict, reason) = author(mandate, change);
            (verdict, vec![reason])
        }
    };
    Decision {
        verdict,
        reasons,
        drift: Vec::new(),
        plan: Plan::default(),
        held: None,
        is_alert: false,
    }
}

fn author(mandate: &Mandate, change: &Change) -> (Verdict, Reason) {
    if mandate.own().is(&change.principal) {
        return (Verdict::OwnWrite, Reason::IsGuard);
    }
    match mandate.charter().editor(&change.principal, change.at) {
        Editorship::Editor { name, reason, .. } => {
            (Verdict::Editors, Reason::IsEditor { name, reason })
        }
        Editorship::NotEditor { near } => (Verdict::Strangers, Reason::NotAnEditor { near }),
    }
}

/// What the guard would look at first.
pub(super) fn open_questions(mandate: &Mandate, trigger: &Trigger, now: Timestamp) -> Vec<String> {
    match judge(mandate, trigger, &Facts::at(now)) {
        Judgement::Ask(questions) => questions.iter().map(question).collect(),
        Judgement::Decided(_) | Judgement::StartOver => Vec::new(),
    }
}

fn question(question: &Question) -> String {
    let text = match question {
        Question::Document => {
            return format!("{PREFERENCES_DOCUMENT} as it is live (--live gives its content)");
        }
        Question::SharedWith => "with whom the document is shared",
        Question::Content(version) => return format!("the content of version {version}"),
        Question::Hash(version) => return format!("the hash of version {version}"),
        Question::Versions => "which versions there are",
        Question::Approvals => "which content is approved (--approved gives it)",
        Question::Notes => "the guard's notes",
        Question::Trail(_) => "CloudTrail's event history",
    };
    explain::plain(text, 200)
}
