//! The program, run with nothing in its environment that could change its output.

use std::path::{Path, PathBuf};
use std::process::Command;

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
    let output = Command::new(env!("CARGO_BIN_EXE_session-guard"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output()
        .expect("the program starts");
    Run {
        status: output.status.code(),
        out: String::from_utf8(output.stdout).expect("output is text"),
        err: String::from_utf8(output.stderr).expect("output is text"),
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
