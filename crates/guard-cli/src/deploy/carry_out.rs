//! Carries the steps out, one line for each.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use super::step::{Argument, Folder, Invocation, Output, Step};
use crate::error::Error;
use crate::paint::{BAD, FAINT, GOOD, Painted};
use crate::program::Program;

/// The programs that the steps run.
#[derive(Debug)]
pub(super) struct Programs {
    aws: Program,
    cargo_lambda: Program,
}

impl Programs {
    /// Finds both before anything is done with one of them.
    pub(super) fn find() -> Result<Self, Error> {
        Ok(Self {
            aws: Program::find(Program::AWS)?,
            cargo_lambda: Program::find(Program::CARGO_LAMBDA)?,
        })
    }

    fn run(&self, invocation: &Invocation, told: &Told, package: &Path) -> Result<String, Error> {
        let program = match invocation.program {
            Program::CARGO_LAMBDA => &self.cargo_lambda,
            _ => &self.aws,
        };
        let folder = match invocation.folder {
            Folder::Here => None,
            Folder::Package => Some(package),
        };
        let arguments = invocation.arguments.iter().map(|argument| match argument {
            Argument::Text(text) => Ok(text.clone()),
            Argument::With(before, output) => Ok(format!("{before}{}", told.of(*output)?)),
        });
        program.run(&arguments.collect::<Result<Vec<_>, Error>>()?, folder)
    }
}

/// What stacks have told.
#[derive(Debug, Default)]
struct Told(BTreeMap<Output, String>);

impl Told {
    fn of(&self, output: Output) -> Result<&str, Error> {
        self.0
            .get(&output)
            .map(String::as_str)
            .ok_or_else(|| missing(output))
    }

    fn hear(&mut self, output: Output, said: &str) -> Result<(), Error> {
        let said = said.trim();
        // What the AWS command line writes for nothing.
        if said.is_empty() || said == "None" {
            return Err(missing(output));
        }
        self.0.insert(output, said.to_owned());
        Ok(())
    }
}

fn missing(output: Output) -> Error {
    Error::Untold {
        value: output.variable(),
    }
}

/// Does the steps of one Region in their order, and stops at the first that fails.
pub(super) fn carry_out(
    steps: &[Step],
    programs: &Programs,
    package: &Path,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let mut told = Told::default();
    let width = steps.iter().map(|step| step.name.len()).max().unwrap_or(0);
    for step in steps {
        let name = format!("{:<width$}", step.name);
        let is_shown = step.reads.is_none();
        if is_shown {
            // Before it begins: some steps take minutes.
            write!(out, "  {name} ")?;
            out.flush()?;
        }
        let began = Instant::now();
        let done = programs
            .run(&step.invocation, &told, package)
            .and_then(|said| match step.reads {
                Some(output) => told.hear(output, &said),
                None => Ok(()),
            });
        if let Err(error) = done {
            let indent = if is_shown { "" } else { &format!("  {name} ") };
            writeln!(out, "{indent}{}", Painted(BAD, "failed"))?;
            return Err(error);
        }
        if is_shown {
            let time = format!("{:.1} s", began.elapsed().as_secs_f64());
            writeln!(out, "{} {}", Painted(GOOD, "done"), Painted(FAINT, &time))?;
        }
    }
    Ok(())
}
