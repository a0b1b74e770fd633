//! A migration as people read it before they let it be carried out.

use std::fmt;

use super::accessed::KNOWN_DAYS;
use super::{Entry, Loss, Migration, Used};
use crate::roles::Step;

impl fmt::Display for Migration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let leaving = self
            .entries
            .iter()
            .filter(|entry| entry.plan.is_some())
            .count();
        writeln!(
            f,
            "account {}: `{}` leaves {leaving} of {} who carry it",
            self.account,
            self.forbidden,
            self.entries.len()
        )?;
        writeln!(
            f,
            "What was used is told by service, not by action, as the access advisor knows it, over at most {KNOWN_DAYS} days."
        )?;
        write!(f, "{}", self.looked)?;
        self.entries
            .iter()
            .try_for_each(|entry| write!(f, "\n{entry}"))?;
        if !self.elsewhere.is_empty() {
            writeln!(f, "\nelsewhere")?;
        }
        lines(f, "change", self.elsewhere.iter().map(ToString::to_string))
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.arn)?;
        match &self.plan {
            Some(plan) => {
                for step in plan.steps() {
                    match step {
                        Step::Attach { policy } => writeln!(f, "  attach   {policy}")?,
                        Step::Verify => writeln!(f, "  verify   that sessions stay recorded")?,
                        Step::Detach { policy } => writeln!(f, "  detach   {policy}")?,
                        Step::ReadBack => {}
                    }
                }
            }
            None => writeln!(f, "  stays as it is")?,
        }
        lines(f, "because", self.reasons.iter().cloned())?;
        lines(f, "loses", grouped(self.lost()))?;
        lines(f, "narrower", grouped(self.narrower()))?;
        lines(f, "look at", self.surprises.iter().cloned())?;
        lines(
            f,
            "instance",
            self.surroundings
                .instances
                .iter()
                .map(|id| id.escape_debug().to_string()),
        )?;
        lines(
            f,
            "change",
            self.surroundings.references.iter().map(ToString::to_string),
        )
    }
}

fn lines(
    f: &mut fmt::Formatter<'_>,
    title: &str,
    texts: impl IntoIterator<Item = String>,
) -> fmt::Result {
    texts
        .into_iter()
        .try_for_each(|text| writeln!(f, "  {title:<8} {text}"))
}

/// One line for each service: its actions, and whether it was used.
fn grouped<'l>(losses: impl Iterator<Item = &'l Loss>) -> Vec<String> {
    let mut services: Vec<(&str, Vec<&str>, &Used)> = Vec::new();
    for loss in losses {
        let (service, action) = loss.action.split_once(':').unwrap_or((&loss.action, ""));
        match services.iter_mut().find(|(known, _, _)| *known == service) {
            Some((_, actions, _)) => actions.push(action),
            None => services.push((service, vec![action], &loss.service)),
        }
    }
    let told = services.into_iter().map(|(service, actions, used)| {
        let used = match used {
            Used::Last { at } => format!("used, last on {}", at.strftime("%F")),
            Used::NotSince { since } => format!(
                "no use since {}, as far back as is known",
                since.strftime("%F")
            ),
            Used::Unknown => "whether used is not known".to_owned(),
        };
        format!("{service}: {} ({used})", actions.join(", "))
    });
    told.collect()
}
