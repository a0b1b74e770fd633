//! The program, run with nothing in its environment that could change its output.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// What a run said, and how it ended.
pub(super) struct Run {
    pub(super) status: Option<i32>,
    pub(super) out: String,
    pub(super) err: String,
}

/// The project's folder.
pub(super) fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs the program in the project's folder.
pub(super) fn session_guard(arguments: &[&str]) -> Run {
    session_guard_in(&project(), arguments)
}

/// Runs the program in a folder.
pub(super) fn session_guard_in(folder: &Path, arguments: &[&str]) -> Run {
    let output = command(arguments)
        .current_dir(folder)
        .output()
        .expect("the program starts");
    output.into()
}

/// Runs the program in the project's folder with something to read.
pub(super) fn session_guard_on(input: &[u8], arguments: &[&str]) -> Run {
    let mut child = command(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("there is a pipe");
    // From another thread, so that neither side waits for the other for ever.
    std::thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(input).expect("everything is read"));
        child
            .wait_with_output()
            .expect("the program comes to an end")
            .into()
    })
}

/// The program with arguments, in the project's folder.
pub(super) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_session-guard"));
    command.args(arguments).current_dir(project()).env_clear();
    command
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code(),
            out: String::from_utf8(output.stdout).expect("output is text"),
            err: String::from_utf8(output.stderr).expect("output is text"),
        }
    }
}

impl Run {
    /// The output, if the run ended with this status; everything there is otherwise.
    pub(super) fn ended(self, status: i32) -> String {
        assert_eq!(
            self.status,
            Some(status),
            "stdout:\n{}\nstderr:\n{}",
            self.out,
            self.err
        );
        self.out
    }
}
