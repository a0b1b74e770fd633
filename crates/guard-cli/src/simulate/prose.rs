//! Answers for people.

use std::io::{self, Write};

use anstyle::Style;
use guard_core::access::Outcome;
use guard_core::policy::Effect;
use guard_core::simulate::{Answer, Reason, Ruling};

use crate::paint::{BAD, FAINT, GOOD, ODD, Painted, one_line};

/// As wide as the longest decision, so that what follows stands in a column.
const WIDTH: usize = 17;

/// The longest stretch of an id that is shown, in characters.
const SHOWN: usize = 60;

pub(super) fn write(answer: &Answer<'_>, out: &mut dyn Write) -> io::Result<()> {
    let name = name(answer);
    match &answer.ruling {
        Ok(ruling) => {
            let (style, word) = word(ruling.outcome);
            let word = format!("{word:WIDTH$}");
            let why = one_line(&why(ruling));
            writeln!(
                out,
                "{}  {name}  {}",
                Painted(style, &word),
                Painted(FAINT, &why)
            )
        }
        Err(error) => {
            let word = format!("{:WIDTH$}", "error");
            let error = one_line(&error.to_string());
            writeln!(out, "{}  {name}  {error}", Painted(BAD, &word))
        }
    }
}

/// The id, or else the number of the line.
fn name(answer: &Answer<'_>) -> String {
    let Some(id) = answer.id else {
        return format!("line {}", answer.number);
    };
    let id = one_line(id.get());
    if id.chars().count() <= SHOWN {
        return id;
    }
    id.chars().take(SHOWN).chain(['…']).collect()
}

fn word(outcome: Outcome) -> (Style, &'static str) {
    match outcome {
        Outcome::Allowed => (GOOD, "allowed"),
        Outcome::ExplicitlyDenied => (BAD, "explicitly denied"),
        Outcome::ImplicitlyDenied => (BAD, "implicitly denied"),
        Outcome::Conditional => (ODD, "conditional"),
    }
}

fn why(ruling: &Ruling) -> String {
    let because: Vec<_> = ruling.because.iter().map(reason).collect();
    match ruling.outcome {
        Outcome::ImplicitlyDenied => {
            "because it is not allowed everywhere where it must be".to_owned()
        }
        // The root user is allowed by no statement.
        Outcome::Allowed if because.is_empty() => "because nothing denies it".to_owned(),
        Outcome::Allowed | Outcome::ExplicitlyDenied => format!("because {}", because.join(", ")),
        Outcome::Conditional => {
            format!("on {} because {}", ruling.on.join(", "), because.join(", "))
        }
    }
}

/// What a statement does, its place, its name.
fn reason(reason: &Reason) -> String {
    let verb = match reason.effect {
        Effect::Allow => "allows",
        Effect::Deny => "denies",
    };
    let sid = reason.sid.as_ref();
    let sid = sid.map(|sid| format!(" ({sid})")).unwrap_or_default();
    format!("{reason}{sid} {verb}")
}
