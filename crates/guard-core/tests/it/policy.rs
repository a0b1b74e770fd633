//! Reading policies, as data: every file under `tests/cases/policy` holds documents that are read and written again, and
//! documents that are refused, with the error that people see.

mod hostile;

use std::fs;
use std::path::Path;

use guard_core::policy::{Kind, PolicyDocument, PolicyError};
use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// The point of the case, as a sentence.
    says: String,
    documents: Vec<Document>,
}

/// A document, as a text or as a value.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    text: Option<String>,
    value: Option<Value>,
    kind: Option<KindForm>,
    /// Why it is refused.
    error: Option<String>,
    /// What is written when it was read, where it is not the value itself.
    is: Option<Value>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum KindForm {
    Identity,
    Resource,
    Trust,
}

#[expect(clippy::disallowed_methods, reason = "the cases are files")]
fn all() -> Vec<(String, Case)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/policy");
    let files = fs::read_dir(root).unwrap();
    let cases = files.map(|file| {
        let file = file.unwrap().path();
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        let case = serde_json::from_str(&fs::read_to_string(file).unwrap());
        let case = case.unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, case)
    });
    cases.collect()
}

impl Document {
    /// What the reader makes of it, which is the same whether it is given as a text or as a value.
    fn read(&self) -> Result<PolicyDocument, PolicyError> {
        let (by_text, by_value) = match (&self.text, &self.value) {
            (Some(text), None) => (
                PolicyDocument::read(text),
                PolicyDocument::from_value(&Value::String(text.clone())),
            ),
            (None, Some(value)) => (
                PolicyDocument::read(&value.to_string()),
                PolicyDocument::from_value(value),
            ),
            (Some(_), Some(_)) | (None, None) => panic!("a document is a text or a value"),
        };
        assert_eq!(by_text, by_value);
        let document = by_text?;
        let kind = self.kind.map(|kind| match kind {
            KindForm::Identity => Kind::Identity,
            KindForm::Resource => Kind::Resource,
            KindForm::Trust => Kind::Trust,
        });
        kind.map_or(Ok(()), |kind| document.check(kind))?;
        Ok(document)
    }

    /// How it differs from what is expected of it.
    fn difference(&self) -> Option<String> {
        let expected = match &self.error {
            Some(error) => Err(error.clone()),
            None => Ok(self.is.clone().or_else(|| self.value.clone()).unwrap()),
        };
        let found = self.read();
        if let Ok(document) = &found {
            let again = PolicyDocument::from_value(&document.to_value());
            assert_eq!(again.as_ref(), Ok(document), "{document:?}");
        }
        let found = found
            .map(|document| document.to_value())
            .map_err(|error| error.to_string());
        (found != expected).then(|| format!("    expected {expected:?}\n    found    {found:?}"))
    }
}

#[test]
fn every_policy_case_comes_true() {
    let cases = all();
    assert!(cases.len() > 10);
    let mut failed = Vec::new();
    for (name, case) in &cases {
        for (index, document) in case.documents.iter().enumerate() {
            if let Some(difference) = document.difference() {
                failed.push(format!("{name} [{index}]: {}\n{difference}", case.says));
            }
        }
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}
