//! The steps as a shell script, for people who want to see or to do them themselves.

use std::io::{self, Write};
use std::path::Path;

use guard_core::names::Region;

use super::step::{Argument, Folder, Invocation, Step};

/// What packs the files for the function.
pub(super) fn write_packing(charter: &Path, out: &mut dyn Write) -> io::Result<()> {
    let charter = quoted(&charter.display().to_string());
    writeln!(out, "package=$(mktemp -d)")?;
    writeln!(
        out,
        "session-guard pack --charter {charter} --out \"$package\""
    )
}

/// The steps for one Region.
pub(super) fn write(region: &Region, steps: &[Step], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n# {region}")?;
    for step in steps {
        let command = command(&step.invocation);
        match (step.reads, step.invocation.folder) {
            (Some(output), _) => writeln!(out, "{}=$({command})", output.variable())?,
            (None, Folder::Package) => writeln!(out, "(cd \"$package\" && {command})")?,
            (None, Folder::Here) => writeln!(out, "{command}")?,
        }
    }
    Ok(())
}

fn command(invocation: &Invocation) -> String {
    let arguments = invocation.arguments.iter().map(|argument| match argument {
        Argument::Text(text) => quoted(text),
        Argument::With(before, output) => format!("\"{before}${}\"", output.variable()),
    });
    std::iter::once(invocation.program.to_owned())
        .chain(arguments)
        .collect::<Vec<_>>()
        .join(" ")
}

/// A word that a shell takes as it stands.
fn quoted(word: &str) -> String {
    let is_plain =
        |character: char| character.is_ascii_alphanumeric() || "-_./:=@%+,".contains(character);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_reach_a_program_as_they_are() {
        for (word, shown) in [
            ("infra/alerts.yaml", "infra/alerts.yaml"),
            ("", "''"),
            ("two words", "'two words'"),
            ("it's $HOME", "'it'\\''s $HOME'"),
        ] {
            assert_eq!(quoted(word), shown);
        }
    }
}
