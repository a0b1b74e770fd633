//! An explanation for people.

use std::io::{self, Write};

use guard_core::change::{Change, Operation};
use guard_core::explain::{self, plain};
use guard_core::judge::Decision;
use guard_core::names::Scope;
use guard_core::preferences::Drift;

use super::Explained;
use crate::differences;
use crate::paint::{BAD, FAINT, GOOD, HEAD, ODD, Painted};

pub(super) fn write(explained: &Explained<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Explained {
        change, decision, ..
    } = explained;
    let headline = explain::headline(decision, *change);
    writeln!(out, "{}", Painted(HEAD, &headline))?;
    writeln!(out)?;
    facts(explained, out)?;
    list("Why", decision.reasons.iter().map(explain::reason), out)?;
    drift(&decision.drift, out)?;
    match &explained.open {
        Some(open) => list("The rest depends on", open.iter().cloned(), out)?,
        None => plan(decision, out)?,
    }
    list("Assumed", explained.assumed.iter().cloned(), out)
}

fn facts(explained: &Explained<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Scope {
        account, region, ..
    } = explained.scope;
    let mut line = |name: &str, text: &str| {
        let name = format!("{name:<8}");
        writeln!(out, "  {} {text}", Painted(FAINT, &name))
    };
    line("verdict", &verdict(explained.decision))?;
    if let Some(change) = explained.change {
        line("call", &call(change))?;
        line("by", &plain(&change.principal.label, 300))?;
        if let Some(via) = &change.principal.via {
            line("through", &plain(via, 100))?;
        }
        if let Some(ip) = &change.source_ip {
            line("from", &plain(ip, 100))?;
        }
        line("event", change.event_id.as_str())?;
    }
    line("time", &explained.at.to_string())?;
    line("where", &format!("account {account}, Region {region}"))
}

fn verdict(decision: &Decision) -> String {
    let code = explain::verdict_code(decision.verdict);
    let style = match code {
        "strangers" => BAD,
        "failed-call" => ODD,
        _ => GOOD,
    };
    Painted(style, code).to_string()
}

fn call(change: &Change) -> String {
    if let Some(failure) = &change.failure {
        return format!("failed with {}", plain(&failure.code, 60));
    }
    match &change.operation {
        Operation::Wrote {
            written: Some(written),
        } => format!("wrote version {}", written.version),
        Operation::Wrote { written: None } => {
            "wrote a version that the record does not name".to_owned()
        }
        Operation::MovedDefault { to: Some(to) } => format!("moved the default version to {to}"),
        Operation::MovedDefault { to: None } => "moved the default version".to_owned(),
        Operation::Deleted => "deleted the document".to_owned(),
        Operation::DeletedVersion => "deleted one version".to_owned(),
        Operation::ChangedSharing => "changed the sharing".to_owned(),
    }
}

fn drift(drift: &[Drift], out: &mut dyn Write) -> io::Result<()> {
    if drift.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{}", Painted(HEAD, "Differences"))?;
    differences::write(drift, "approved", out)
}

fn plan(decision: &Decision, out: &mut dyn Write) -> io::Result<()> {
    let title = match &decision.held {
        Some(_) => "Plan, not carried out",
        None => "Plan",
    };
    writeln!(out, "\n{}", Painted(HEAD, title))?;
    if decision.plan.is_empty() {
        writeln!(out, "  nothing is to be done")?;
    }
    for (number, step) in decision.plan.steps.iter().enumerate() {
        writeln!(out, "  {}. {}", number + 1, explain::step(step))?;
    }
    match &decision.held {
        Some(held) => writeln!(out, "  {}", Painted(ODD, &explain::held(held))),
        None => Ok(()),
    }
}

fn list(title: &str, items: impl Iterator<Item = String>, out: &mut dyn Write) -> io::Result<()> {
    let mut items = items.peekable();
    if items.peek().is_some() {
        writeln!(out, "\n{}", Painted(HEAD, title))?;
    }
    for item in items {
        writeln!(out, "  - {item}")?;
    }
    Ok(())
}
