//! Runs `session-guard`.

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use clap::Parser;
use guard_cli::{Cli, Error, Exit, Streams};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and the version are no errors; what cannot be written can be written nowhere.
            let _ = error.print();
            return if error.use_stderr() {
                Exit::Usage.into()
            } else {
                Exit::Success.into()
            };
        }
    };
    // Both take the styles off where no terminal shows them, or where NO_COLOR asks for it.
    let (mut out, mut err) = (anstream::stdout().lock(), anstream::stderr().lock());
    let result = cli.run(&mut Streams {
        out: &mut out,
        err: &mut err,
        width: terminal_width(),
    });
    match result {
        Ok(exit) => exit.into(),
        // Whoever reads the output has seen enough, as `head` does.
        Err(Error::Output(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            // A message that cannot be written can be written nowhere.
            let _ = match error.output() {
                Some(output) => writeln!(err, "{output}\nsession-guard: {}", error.chain()),
                None => writeln!(err, "session-guard: {}", error.chain()),
            };
            Exit::Failure.into()
        }
    }
}

/// How wide the terminal is on which the output is shown, if it is.
fn terminal_width() -> Option<usize> {
    let terminal = console::Term::stdout();
    let size = terminal
        .is_term()
        .then(|| terminal.size_checked())
        .flatten();
    size.map(|(_, columns)| columns.into())
}
