//! The record of a migration, as a file of JSON lines.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use guard_core::migration::{Line, RECORD_FORM};
use guard_reconcile::error::{FailureClass, PortError};
use guard_reconcile::ports::KeepRecord;
use serde_json::Value;

use super::MigrateError;
use crate::error::Error;

/// A record that is open for lines to be added.
#[derive(Debug)]
pub(super) struct Record {
    path: PathBuf,
    file: File,
}

impl Record {
    /// Opens a record, or begins one. What a crash left of a last line is cut off: nothing was done behind it.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let opened = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path);
        let failed = |source| MigrateError::Record {
            file: path.to_owned(),
            source,
        };
        let file = opened.map_err(failed)?;
        let whole = whole_lines(&std::fs::read(path).map_err(failed)?);
        file.set_len(whole).map_err(failed)?;
        Ok(Self {
            path: path.to_owned(),
            file,
        })
    }

    fn write(&self, line: &Line) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        (&self.file).write_all(&text)?;
        self.file.sync_data()
    }
}

impl KeepRecord for Record {
    fn append(&self, line: &Line) -> Result<(), PortError> {
        self.write(line).map_err(|source| PortError {
            operation: "write the record",
            on: self.path.display().to_string(),
            class: FailureClass::Malformed,
            source: Box::new(source),
        })
    }
}

/// How long the lines are that have an end.
fn whole_lines(bytes: &[u8]) -> u64 {
    let end = bytes.iter().rposition(|byte| *byte == b'\n');
    end.map_or(0, |end| end as u64 + 1)
}

/// Every whole line of a record.
pub(super) fn read(path: &Path) -> Result<Vec<Line>, Error> {
    let text = std::fs::read(path).map_err(|source| Error::Read {
        file: path.to_owned(),
        source,
    })?;
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    let whole = lines.filter(|line| line.ends_with(b"\n")).enumerate();
    whole
        .map(|(number, line)| read_line(path, number + 1, line))
        .collect()
}

fn read_line(path: &Path, number: usize, line: &[u8]) -> Result<Line, Error> {
    let failed = |source| MigrateError::Line {
        file: path.to_owned(),
        number,
        source,
    };
    let value: Value = serde_json::from_slice(line).map_err(failed)?;
    check_form(
        path,
        &value,
        RECORD_FORM,
        "undo it with the program that wrote it",
    )?;
    Ok(serde_json::from_value(value).map_err(failed)?)
}

/// Refuses what another program wrote in a form of its own, before its members are complained of.
pub(super) fn check_form(
    path: &Path,
    value: &Value,
    known: u32,
    remedy: &'static str,
) -> Result<(), Error> {
    match value.get("form").and_then(Value::as_u64) {
        Some(found) if found != u64::from(known) => Err(MigrateError::Form {
            file: path.to_owned(),
            found,
            known,
            remedy,
        }
        .into()),
        Some(_) | None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use guard_core::inventory::BearerKind;
    use guard_core::migration::{Course, Deed, Mark, Whom};
    use guard_core::names::AccountId;
    use jiff::Timestamp;

    use super::*;

    fn line() -> Line {
        Line {
            form: RECORD_FORM,
            at: Timestamp::UNIX_EPOCH,
            course: Course::Apply,
            mark: Mark::Begins,
            deed: Deed::Attach,
            policy: "arn:aws:iam::aws:policy/x".to_owned(),
            whom: Whom {
                account: AccountId::parse("123456789012").unwrap(),
                kind: BearerKind::Role,
                name: "web".to_owned(),
                id: "AROAEXAMPLE".to_owned(),
            },
            forbidden: "arn:aws:iam::aws:policy/y".to_owned(),
        }
    }

    #[test]
    fn what_is_written_is_read_and_a_torn_end_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("record");
        Record::open(&path).unwrap().append(&line()).unwrap();
        let mut torn = OpenOptions::new().append(true).open(&path).unwrap();
        torn.write_all(b"{\"form\":1,\"at\":").unwrap();
        assert_eq!(read(&path).unwrap(), [line()]);
        Record::open(&path).unwrap().append(&line()).unwrap();
        assert_eq!(read(&path).unwrap(), [line(), line()]);
    }

    #[test]
    fn a_line_that_is_none_is_told_with_its_number() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("record");
        let whole = serde_json::to_string(&line()).unwrap();
        std::fs::write(&path, format!("{whole}\n{{}}\n")).unwrap();
        let error = read(&path).unwrap_err().chain();
        assert!(
            error.contains("failed to read line 2 of the record"),
            "{error}"
        );
        std::fs::write(&path, whole.replace("\"form\":1", "\"form\":2") + "\n").unwrap();
        let error = read(&path).unwrap_err().chain();
        assert!(error.contains("it is of form 2"), "{error}");
    }
}
