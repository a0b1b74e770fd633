//! What the AWS command line prints, in files.

use std::path::Path;

use serde::de::DeserializeOwned;

use super::MigrateError;
use crate::error::Error;
use crate::papers::Paper;

/// The answers in a file, which may stand one behind the other: one for each page or Region.
pub(super) fn read<T: DeserializeOwned>(
    file: &Path,
    command: &'static str,
) -> Result<Vec<T>, Error> {
    let paper = Paper::read(file)?;
    let failed = |source| MigrateError::Printed {
        file: file.to_owned(),
        command,
        source,
    };
    let answers = serde_json::Deserializer::from_str(&paper.text).into_iter::<T>();
    let answers: Vec<T> = answers.collect::<Result<_, _>>().map_err(failed)?;
    if answers.is_empty() {
        let nothing = serde::de::Error::custom("the file is empty");
        return Err(failed(nothing).into());
    }
    Ok(answers)
}
