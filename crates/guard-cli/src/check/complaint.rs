//! One thing that is wrong with a charter or its baseline.

use std::fmt;
use std::path::Path;

use guard_core::charter::{CharterError, CharterErrors, Position};
use guard_core::mandate::MandateError;
use guard_core::names::Region;
use guard_core::preferences::FieldPath;
use serde::Serialize;
use serde_json::Value;

use super::place;
use crate::paint::{BAD, HEAD, Painted, one_line};
use crate::papers::Paper;

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Complaint {
    /// The file.
    pub(crate) file: String,
    /// The place in it, where it has one.
    #[serde(flatten)]
    pub(crate) at: Option<Position>,
    /// The key or field; empty for the file as a whole.
    pub(crate) key: String,
    /// What is wrong, as a sentence.
    pub(crate) text: String,
    /// The same for programs, where there is more to it.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub(crate) problem: Value,
    /// The Regions in which it is wrong, if it is not in all of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) regions: Vec<Region>,
}

impl Complaint {
    fn new(file: &Path, at: Option<Position>, key: &str, text: String) -> Self {
        Self {
            file: file.display().to_string(),
            at,
            key: key.to_owned(),
            text,
            problem: Value::Null,
            regions: Vec::new(),
        }
    }

    /// About a key of the charter.
    pub(super) fn about_key(charter: &Paper, key: &str, text: String) -> Self {
        Self::new(&charter.file, place::of(&charter.text, key), key, text)
    }

    /// About a file that cannot be used at all.
    pub(super) fn about_file(file: &Path, text: String) -> Self {
        Self::new(file, None, "", text)
    }

    /// Everything that is wrong with a charter.
    pub(super) fn of_charter(charter: &Path, errors: &CharterErrors) -> Vec<Self> {
        errors
            .iter()
            .map(|error| Self::of_charter_error(charter, error))
            .collect()
    }

    fn of_charter_error(charter: &Path, error: &CharterError) -> Self {
        let text = error.problem.to_string();
        let mut complaint = Self::new(charter, Some(error.at), &error.key, text);
        complaint.problem = serde_json::to_value(&error.problem).unwrap_or_default();
        complaint
    }

    /// Everything for which charter and baseline are no mandate.
    pub(super) fn of_mandate(charter: &Paper, baseline: &Paper, error: &MandateError) -> Vec<Self> {
        let field = |path: &FieldPath, text: String| {
            let at = place::of(&baseline.text, path.as_str());
            Self::new(&baseline.file, at, path.as_str(), text)
        };
        match error {
            MandateError::Charter(errors) => Self::of_charter(&charter.file, errors),
            MandateError::Region { .. } => {
                vec![Self::about_key(charter, "regions", error.to_string())]
            }
            MandateError::OwnEditor { .. } => {
                vec![Self::about_key(charter, "editor", error.to_string())]
            }
            MandateError::Baseline(source) => {
                vec![Self::about_file(
                    &baseline.file,
                    format!("{error}: {source}"),
                )]
            }
            MandateError::Placeholder { field: path, found } => {
                let known = "${account}, ${region} or ${partition}";
                let text = format!("unknown placeholder `{found}`, expected {known}");
                vec![field(path, text)]
            }
            MandateError::BelowFloor { violations } => violations
                .iter()
                .map(|violation| {
                    let text = format!("below the floor: {violation}");
                    let mut complaint = field(&violation.path(), text);
                    complaint.problem = serde_json::to_value(violation).unwrap_or_default();
                    complaint
                })
                .collect(),
        }
    }

    /// Whether both say the same, Regions aside.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.file == other.file && self.at == other.at && self.text == other.text
    }
}

/// `file:line:column: error: key: what`, on one line.
impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match self.at {
            Some(at) => format!("{}:{}:{}:", self.file, at.line, at.column),
            None => format!("{}:", self.file),
        };
        write!(f, "{} {} ", Painted(HEAD, &place), Painted(BAD, "error:"))?;
        if !self.key.is_empty() {
            write!(f, "{}: ", one_line(&self.key))?;
        }
        f.write_str(&one_line(&self.text))?;
        if !self.regions.is_empty() {
            let regions: Vec<_> = self.regions.iter().map(Region::as_str).collect();
            write!(f, " (in {})", regions.join(", "))?;
        }
        Ok(())
    }
}
