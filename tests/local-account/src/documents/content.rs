//! A document's content: text in JSON or YAML that must be a document of its type.

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::automation::runbook::Runbook;
use crate::wire::answer::Refusal;

/// Bytes in a document's content, at most (Systems Manager API reference, `MaxDocumentSizeExceeded`).
const LARGEST: usize = 64 * 1024;

/// The two formats that AWS converts into each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Yaml,
}

impl Format {
    /// JSON is the default (Systems Manager API reference, `CreateDocument`).
    pub(crate) fn read(name: Option<&str>) -> Result<Self, Refusal> {
        match name {
            None | Some("JSON") => Ok(Self::Json),
            Some("YAML") => Ok(Self::Yaml),
            Some(other) => Err(super::refusals::validation(format!(
                "Value '{other}' at 'documentFormat' failed to satisfy constraint"
            ))),
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Yaml => "YAML",
        }
    }
}

/// Text that was found to be a document.
#[derive(Debug, Clone)]
pub(crate) struct Content {
    pub(crate) text: String,
    pub(crate) format: Format,
    pub(crate) meaning: Value,
}

impl Content {
    /// Reads the text; refuses what is no document of this type.
    pub(crate) fn read(text: &str, format: Format, kind: &str) -> Result<Self, Refusal> {
        if text.len() > LARGEST {
            return Err(Refusal::new(
                "MaxDocumentSizeExceeded",
                "The size limit of a document is 64 KB.",
            ));
        }
        let invalid = |message: &str| Refusal::new("InvalidDocumentContent", message);
        let meaning = match format {
            Format::Json => {
                serde_json::from_str(text).map_err(|_| invalid("JSON not well-formed."))?
            }
            Format::Yaml => yaml(text).ok_or_else(|| invalid("YAML not well-formed."))?,
        };
        let Value::Object(members) = &meaning else {
            return Err(invalid("The document must be an object."));
        };
        let version = members
            .get("schemaVersion")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let expected: &[&str] = match kind {
            "Session" => &["1.0"],
            "Automation" => &["0.3"],
            "Command" => &["1.2", "2.0", "2.2"],
            _ => {
                return Ok(Self {
                    text: text.to_owned(),
                    format,
                    meaning,
                });
            }
        };
        if !expected.contains(&version) {
            let message =
                format!("Unsupported schema version '{version}' for document type {kind}.");
            return Err(Refusal::new("InvalidDocumentSchemaVersion", message));
        }
        if kind == "Session" && !members.get("sessionType").is_some_and(Value::is_string) {
            return Err(invalid("A Session document must have a sessionType."));
        }
        if kind == "Automation" {
            Runbook::read(&meaning).map_err(|error| invalid(&error))?;
        }
        Ok(Self {
            text: text.to_owned(),
            format,
            meaning,
        })
    }

    /// The text in the wanted format. Every JSON text is YAML too, so only one direction needs writing.
    pub(crate) fn written(&self, format: Format) -> String {
        match (self.format, format) {
            (Format::Yaml, Format::Json) => format!("{:#}", self.meaning),
            _ => self.text.clone(),
        }
    }

    pub(crate) fn hash(&self) -> String {
        Sha256::digest(self.text.as_bytes())
            .iter()
            .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
    }

    pub(crate) fn member(&self, name: &str) -> Option<&str> {
        self.meaning.get(name).and_then(Value::as_str)
    }
}

/// One YAML document as JSON.
fn yaml(text: &str) -> Option<Value> {
    let documents = Yaml::load_from_str(text).ok()?;
    match documents.as_slice() {
        [document] => to_json(document),
        _ => None,
    }
}

fn to_json(node: &Yaml<'_>) -> Option<Value> {
    Some(match node {
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Value(Scalar::Boolean(flag)) => Value::from(*flag),
        Yaml::Value(Scalar::Integer(number)) => Value::from(*number),
        Yaml::Value(Scalar::FloatingPoint(number)) => Value::from(f64::from(*number)),
        Yaml::Value(Scalar::String(text)) => Value::from(text.as_ref()),
        Yaml::Sequence(items) => Value::Array(items.iter().map(to_json).collect::<Option<_>>()?),
        Yaml::Mapping(members) => {
            let members = members
                .iter()
                .map(|(key, value)| Some((key.as_str()?.to_owned(), to_json(value)?)));
            Value::Object(members.collect::<Option<Map<_, _>>>()?)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const YAML: &str = "schemaVersion: '1.0'\nsessionType: Standard_Stream\ninputs:\n  idleSessionTimeout: 20\n  runAsEnabled: false\n";

    #[test]
    fn a_yaml_document_is_answered_as_json() {
        let content = Content::read(YAML, Format::Yaml, "Session").unwrap();
        let written: Value = serde_json::from_str(&content.written(Format::Json)).unwrap();
        assert_eq!(
            written["inputs"],
            json!({"idleSessionTimeout": 20, "runAsEnabled": false})
        );
        assert_eq!(content.written(Format::Yaml), YAML);
    }

    #[test]
    fn what_is_no_session_document_is_refused() {
        for (text, code) in [
            ("{", "InvalidDocumentContent"),
            ("[]", "InvalidDocumentContent"),
            (
                r#"{"schemaVersion": "2.2", "sessionType": "Standard_Stream"}"#,
                "InvalidDocumentSchemaVersion",
            ),
            (r#"{"schemaVersion": "1.0"}"#, "InvalidDocumentContent"),
        ] {
            assert_eq!(
                Content::read(text, Format::Json, "Session")
                    .unwrap_err()
                    .code,
                code,
                "{text}"
            );
        }
    }

    #[test]
    fn more_than_64_kilobytes_are_refused() {
        let text = " ".repeat(64 * 1024 + 1);
        assert_eq!(
            Content::read(&text, Format::Json, "Session")
                .unwrap_err()
                .code,
            "MaxDocumentSizeExceeded"
        );
    }
}
