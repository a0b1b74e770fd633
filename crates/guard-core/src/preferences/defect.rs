//! What makes a document unfit whatever its values.

use std::fmt;

use serde::Serialize;

use super::FieldPath;

/// Something that makes a document unfit whatever its values, since what will apply is not what it seems to say.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Defect {
    /// The same key twice in one object: readers differ on which one counts.
    DuplicateKey(FieldPath),
    /// A key that differs from another, or from a known one, only in case: the agent reads keys without regard to case.
    CaseTwin(FieldPath),
    /// `{{…}}`: whoever starts the session chooses the value.
    Placeholder(FieldPath),
    /// A schema version other than 1.0.
    SchemaVersion,
    /// A session type other than `Standard_Stream`, which preferences must have.
    SessionType,
    /// `inputs` or `shellProfile` is not an object, or a value is not a plain one.
    Shape(FieldPath),
}

impl Defect {
    /// Where.
    pub fn path(&self) -> FieldPath {
        match self {
            Self::DuplicateKey(path)
            | Self::CaseTwin(path)
            | Self::Placeholder(path)
            | Self::Shape(path) => path.clone(),
            Self::SchemaVersion => FieldPath::top("schemaVersion"),
            Self::SessionType => FieldPath::top("sessionType"),
        }
    }
}

/// A sentence for an operator, without a full stop.
impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ", self.path())?;
        f.write_str(match self {
            Self::DuplicateKey(_) => "stands there twice, and readers differ on which one counts",
            Self::CaseTwin(_) => {
                "differs from another key only in upper and lower case, which the agent ignores"
            }
            Self::Placeholder(_) => {
                "holds `{{…}}`, so that whoever starts a session chooses the value"
            }
            Self::SchemaVersion => "must be `1.0`",
            Self::SessionType => "must be `Standard_Stream`",
            Self::Shape(_) => "is not of the kind that the schema wants there",
        })
    }
}
