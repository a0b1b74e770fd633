//! A plan, and what became of it, as people read them.

use std::io::{self, Write};

use anstyle::Style;
use guard_core::migration::{Migration, Whom};
use guard_core::roles::Plan;

use crate::paint::{BAD, FAINT, GOOD, HEAD, ODD, Painted};

/// As wide as the longest word for a result, so that what follows stands in a column.
const WIDTH: usize = 12;

/// A plan, its titles in colours where a terminal shows them.
pub(super) fn write_plan(migration: &Migration, out: &mut dyn Write) -> io::Result<()> {
    for line in migration.to_string().lines() {
        match line.strip_prefix("  ") {
            None => writeln!(out, "{}", Painted(HEAD, line))?,
            Some(said) => {
                let (title, rest) = said.split_once(' ').unwrap_or((said, ""));
                writeln!(out, "  {} {rest}", Painted(style_of(title), title))?;
            }
        }
    }
    Ok(())
}

fn style_of(title: &str) -> Style {
    match title {
        "attach" | "verify" | "detach" => GOOD,
        "stays" | "loses" => BAD,
        "narrower" | "look" | "change" => ODD,
        _ => FAINT,
    }
}

/// What became of one of them.
#[derive(Debug, Clone, Copy)]
pub(super) enum Result {
    /// All was done.
    Done(&'static str),
    /// Nothing was left to do.
    Already(&'static str),
    /// A person has to do something.
    ByHand,
    /// It was not done to its end.
    Stopped,
}

impl Result {
    fn word(self) -> (Style, &'static str) {
        match self {
            Self::Done(word) => (GOOD, word),
            Self::Already(word) => (FAINT, word),
            Self::ByHand => (ODD, "by hand"),
            Self::Stopped => (BAD, "stopped"),
        }
    }
}

/// A line for one role, user or group, and one for each thing that was done to it.
pub(super) fn write_result(
    result: Result,
    whom: &str,
    more: &[String],
    out: &mut dyn Write,
) -> io::Result<()> {
    let (style, word) = result.word();
    let word = format!("{word:WIDTH$}");
    writeln!(out, "{}  {whom}", Painted(style, &word))?;
    for line in more {
        writeln!(out, "{:WIDTH$}  {}", "", Painted(FAINT, line))?;
    }
    Ok(())
}

/// `role web`.
pub(super) fn of_plan(plan: &Plan) -> String {
    format!("{} {}", plan.kind, plan.name)
}

/// `role web`.
pub(super) fn of_whom(whom: &Whom) -> String {
    format!("{} {}", whom.kind, whom.name)
}
