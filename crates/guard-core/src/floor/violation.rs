//! In what a document is below the floor.

use std::fmt;

use serde::Serialize;

use super::{Field, Kind, Requirement};
use crate::preferences::{Defect, FieldPath};

/// One reason for which a document is below the floor; shell text stands there as its hash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Violation {
    /// The document does not mean what it seems to say, which no floor allows.
    Unfit(Defect),
    /// A field does not satisfy a requirement.
    Unmet {
        /// The field.
        field: Field,
        /// What the floor requires.
        required: Requirement,
        /// What stands there; `None` for nothing.
        found: Option<String>,
    },
}

impl Violation {
    pub(super) fn unmet(field: Field, required: &Requirement, found: Option<&str>) -> Self {
        let path = field.path();
        Self::Unmet {
            field,
            required: required.shown(field),
            found: found.map(|value| path.show(value)),
        }
    }

    /// Where in the document.
    pub fn path(&self) -> FieldPath {
        match self {
            Self::Unfit(defect) => defect.path(),
            Self::Unmet { field, .. } => field.path(),
        }
    }
}

/// A sentence for an operator, without a full stop.
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unfit(defect) => defect.fmt(f),
            Self::Unmet {
                field,
                required,
                found,
            } => {
                write!(f, "`{}` must be {required} and is ", field.key())?;
                match (found, field.kind()) {
                    (Some(found), _) => write!(f, "`{found}`"),
                    (
                        None,
                        Kind::Minutes {
                            absent: Some(minutes),
                            ..
                        },
                    ) => {
                        write!(f, "not set, which means {minutes} minutes")
                    }
                    (None, Kind::Minutes { absent: None, .. }) => {
                        f.write_str("not set, which means no maximum")
                    }
                    (None, Kind::Text | Kind::Flag) => f.write_str("not set"),
                }
            }
        }
    }
}
