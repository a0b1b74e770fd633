//! A charter and its baseline, as files.

use std::path::{Path, PathBuf};

use crate::error::Error;

/// The charter's name in a function's package.
pub(crate) const CHARTER_FILE: &str = "charter.toml";
/// The name of the file in a function's package that says when the package was made.
pub(crate) const PACKED_AT_FILE: &str = "packed-at";
/// What a baseline may not be called: a package holds the function's program under the first name, and other things
/// under the others.
pub(crate) const TAKEN_NAMES: [&str; 3] = ["bootstrap", CHARTER_FILE, PACKED_AT_FILE];

/// One file and its text.
#[derive(Debug, Clone)]
pub(crate) struct Paper {
    pub(crate) file: PathBuf,
    pub(crate) text: String,
}

impl Paper {
    pub(crate) fn read(file: &Path) -> Result<Self, Error> {
        match std::fs::read_to_string(file) {
            Ok(text) => Ok(Self {
                file: file.to_owned(),
                text,
            }),
            Err(source) => Err(Error::Read {
                file: file.to_owned(),
                source,
            }),
        }
    }
}

/// Where the baseline of a charter lies: beside it.
pub(crate) fn baseline_beside(charter: &Path, name: &str) -> PathBuf {
    charter.with_file_name(name)
}
