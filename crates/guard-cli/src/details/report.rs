//! What was found, for people and for programs.

use std::collections::BTreeSet;
use std::io::{self, Write};

use guard_core::inventory::{BearerKind, Inventory};
use guard_core::names::AccountId;
use serde::Serialize;

use super::line::{Line, Sure};
use super::table::{Cell, Table};
use super::terms::Unjudged;
use crate::error::Error;
use crate::paint::{BAD, FAINT, GOOD, ODD, Painted, counted, one_line};
use crate::streams::Streams;

/// Everything that was found, and how much was looked at.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<AccountId>,
    findings: Vec<Line>,
    /// What no finding can be expected of, although nothing was found to be right.
    unjudged: Vec<Unjudged>,
    summary: Summary,
}

#[derive(Debug, Serialize)]
struct Summary {
    roles: usize,
    users: usize,
    groups: usize,
    /// Findings that are a reason to act.
    findings: usize,
    /// Roles, users and groups that they are about.
    about: usize,
    /// Findings that the charter exempts.
    exempt: usize,
    /// Findings that are worth knowing, and nothing wrong by themselves.
    hints: usize,
}

const HEADINGS: [&str; 5] = ["KIND", "NAME", "FINDING", "STATEMENT", "WHAT TO DO"];

impl Report {
    pub(super) fn new(inventory: &Inventory, findings: Vec<Line>, unjudged: Vec<Unjudged>) -> Self {
        let bearers = inventory.bearers().iter();
        let of_kind = |kind| bearers.clone().filter(|bearer| bearer.kind == kind).count();
        let (open, others): (Vec<&Line>, Vec<&Line>) =
            findings.iter().partition(|line| line.is_open());
        let exempt = others.iter().filter(|line| line.exempt.is_some()).count();
        let summary = Summary {
            roles: of_kind(BearerKind::Role),
            users: of_kind(BearerKind::User),
            groups: of_kind(BearerKind::Group),
            findings: open.len(),
            about: open
                .iter()
                .map(|line| line.arn())
                .collect::<BTreeSet<_>>()
                .len(),
            exempt,
            hints: others.len() - exempt,
        };
        Self {
            account: inventory.account().map(|account| account.id.clone()),
            findings,
            unjudged,
            summary,
        }
    }

    /// How many findings are a reason to act.
    pub(super) fn findings(&self) -> usize {
        self.summary.findings
    }

    /// A warning for each thing that was not judged, whatever the layout: silence would pass for approval.
    pub(super) fn write_unjudged(&self, err: &mut dyn Write) -> Result<(), Error> {
        for Unjudged { rule, region, why } in &self.unjudged {
            let text = format!("{rule} judges nobody in {region}: {why}");
            writeln!(err, "{} {}", Painted(ODD, "warning:"), one_line(&text))?;
        }
        Ok(())
    }

    pub(super) fn write_json(&self, out: &mut dyn Write) -> Result<(), Error> {
        serde_json::to_writer_pretty(&mut *out, self).map_err(io::Error::from)?;
        Ok(writeln!(out)?)
    }

    pub(super) fn write_json_lines(&self, out: &mut dyn Write) -> Result<(), Error> {
        for line in &self.findings {
            serde_json::to_writer(&mut *out, line).map_err(io::Error::from)?;
            writeln!(out)?;
        }
        Ok(())
    }

    pub(super) fn write_table(&self, streams: &mut Streams<'_>) -> Result<(), Error> {
        let mut table = Table::new(HEADINGS);
        for line in self.findings.iter().filter(|line| line.exempt.is_none()) {
            table.push(cells(line));
        }
        if !table.is_empty() {
            table.write(streams.width, streams.out)?;
            writeln!(streams.out)?;
        }
        self.write_summary(streams.out)
    }

    fn write_summary(&self, out: &mut dyn Write) -> Result<(), Error> {
        let Summary {
            roles,
            users,
            groups,
            findings,
            about,
            exempt,
            hints,
        } = self.summary;
        let looked_at = format!(
            "{}, {} and {}: ",
            counted(roles, "role"),
            counted(users, "user"),
            counted(groups, "group")
        );
        write!(out, "{looked_at}")?;
        if findings == 0 {
            write!(out, "{}", Painted(GOOD, "no findings"))?;
        } else {
            let text = format!("{} about {about} of them", counted(findings, "finding"));
            write!(out, "{}", Painted(BAD, &text))?;
        }
        if hints > 0 {
            write!(out, ", {}", Painted(FAINT, &counted(hints, "hint")))?;
        }
        if exempt > 0 {
            let text = format!(", {exempt} more exempted by the charter");
            write!(out, "{}", Painted(FAINT, &text))?;
        }
        Ok(writeln!(out)?)
    }
}

fn cells(line: &Line) -> [Cell; 5] {
    let (style, condition) = match line.certainty {
        Sure::Certain if line.hint => (ODD, String::new()),
        Sure::Certain => (BAD, String::new()),
        Sure::Conditional => (ODD, format!(" (given {})", line.on.join(", "))),
        Sure::Unknown => (ODD, String::new()),
    };
    // A finding without a statement says itself what it is about.
    let place = if line.statement.is_empty() {
        line.what.clone()
    } else {
        line.statement.clone()
    };
    let why = line.why.iter().map(|why| format!(" ({why})"));
    let place = place + &why.collect::<String>();
    [
        Cell::styled(FAINT, line.kind.as_str()),
        Cell::plain(&one_line(&line.name)),
        Cell::styled(style, &one_line(&format!("{}{condition}", line.code))),
        Cell::plain(&one_line(&place)),
        Cell::plain(&one_line(&line.advice)),
    ]
}
