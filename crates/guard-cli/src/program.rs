//! The programs of others that a deployment runs.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::error::Error;

/// A program found on the PATH.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    name: &'static str,
    path: PathBuf,
}

impl Program {
    /// The AWS command line.
    pub(crate) const AWS: &'static str = "aws";
    /// What builds and uploads functions.
    pub(crate) const CARGO_LAMBDA: &'static str = "cargo-lambda";

    /// Looks for a program in the folders of the environment's `PATH`.
    pub(crate) fn find(name: &'static str) -> Result<Self, Error> {
        let folders = std::env::var_os("PATH").unwrap_or_default();
        Self::find_in(name, &folders)
    }

    fn find_in(name: &'static str, folders: &OsStr) -> Result<Self, Error> {
        std::env::split_paths(folders)
            .map(|folder| folder.join(name))
            .find(|path| path.is_file())
            .map(|path| Self { name, path })
            .ok_or(Error::Program { name })
    }

    /// Runs it to its end; answers what it wrote to its standard output.
    pub(crate) fn run(&self, arguments: &[String], folder: Option<&Path>) -> Result<String, Error> {
        let mut command = Command::new(&self.path);
        command.args(arguments).stdin(std::process::Stdio::null());
        // Nobody is there to page through an answer.
        command.env("AWS_PAGER", "");
        if let Some(folder) = folder {
            command.current_dir(folder);
        }
        let output = command.output().map_err(|source| Error::Start {
            program: self.path.clone(),
            source,
        })?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        if output.status.success() {
            return Ok(said);
        }
        let complained = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(Error::Ended {
            command: self.in_short(arguments),
            status: output.status.to_string(),
            output: format!("{said}{complained}").trim().to_owned(),
        })
    }

    /// The program with its subcommands, up to the first option.
    fn in_short(&self, arguments: &[String]) -> String {
        let subcommands = arguments
            .iter()
            .take_while(|argument| !argument.starts_with('-'));
        std::iter::once(self.name)
            .chain(subcommands.map(String::as_str))
            .collect::<Vec<_>>()
            .join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell() -> Program {
        Program::find_in("sh", OsStr::new("/nowhere:/bin:/usr/bin")).unwrap()
    }

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn a_program_that_is_not_there_is_named_with_what_to_do() {
        let error = Program::find_in("cargo-lambda", OsStr::new("/nowhere")).unwrap_err();
        assert!(error.to_string().contains("`cargo-lambda`"), "{error}");
        assert!(error.to_string().contains("`make setup`"), "{error}");
    }

    #[test]
    fn what_a_program_says_is_answered() {
        let said = shell().run(&words(&["-c", "pwd"]), Some(Path::new("/")));
        assert_eq!(said.unwrap(), "/\n");
    }

    #[test]
    fn what_a_failed_program_said_is_kept() {
        let script = "echo half; echo broken >&2; exit 4";
        let error = shell().run(&words(&["-c", script]), None).unwrap_err();
        assert_eq!(error.to_string(), "`sh` failed with exit status: 4");
        assert_eq!(error.output(), Some("half\nbroken"));
    }
}
