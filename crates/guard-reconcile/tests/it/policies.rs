//! Forbidden policies where they arrive: one named story for every trap, and random histories.

mod bounds;
mod convergence;
mod migrate;
mod remediate;
mod rulings;
mod setbacks;
mod texts;
mod undo;
mod waiting;

use std::collections::BTreeSet;

use guard_core::inventory::BearerKind;
use guard_core::roles::Mandate;
use guard_reconcile::error::PoliciesError;
use guard_reconcile::policies::{Outcome, mind};
use guard_testkit::policies::{CORE, FORBIDDEN, LOGGING, attached, change, charter, mandate};
use guard_testkit::turns::run;
use guard_testkit::{FakeAccount, Person};
use serde_json::Value;

/// Replaces, with both successors.
fn replacing() -> Mandate {
    mandate(&charter("replace", &[CORE, LOGGING]))
}

/// One run on an event, which neither crashes nor fails before it has decided.
fn one_run(mandate: &Mandate, account: &FakeAccount, event: &Value) -> Outcome {
    try_run(mandate, account, event).unwrap()
}

fn try_run(
    mandate: &Mandate,
    account: &FakeAccount,
    event: &Value,
) -> Result<Outcome, PoliciesError> {
    let change = change(mandate, event);
    run(account, mind(mandate, &change, account)).expect("no crash was planned")
}

/// Mallory attaches the forbidden policy; the event of it.
fn mallory_attaches(account: &FakeAccount, kind: BearerKind, name: &str) -> Value {
    account.principals().attach(kind, name, FORBIDDEN);
    attached(account, &Person::stranger(), (kind, name), FORBIDDEN)
}

fn carried(account: &FakeAccount, name: &str) -> Vec<String> {
    let attached: BTreeSet<String> = account.principals().attached(BearerKind::Role, name);
    attached.into_iter().collect()
}

fn verdict(outcome: &Outcome) -> &str {
    let verdict = outcome.report.body.get("verdict");
    verdict.and_then(Value::as_str).unwrap()
}

fn reasons(outcome: &Outcome) -> Vec<&'static str> {
    let reasons = outcome.ruling.reasons.iter().chain(&outcome.stopped);
    reasons.map(guard_core::roles::Reason::code).collect()
}
