//! The errors of document calls (Systems Manager API reference).

use crate::wire::answer::Refusal;

pub(crate) fn absent(name: &str) -> Refusal {
    Refusal::new(
        "InvalidDocument",
        format!("Document with name {name} does not exist."),
    )
}

pub(crate) fn no_such_version() -> Refusal {
    Refusal::new(
        "InvalidDocumentVersion",
        "The document version is not valid or does not exist.",
    )
}

pub(crate) fn not_latest(name: &str) -> Refusal {
    Refusal::new(
        "InvalidDocumentVersion",
        format!(
            "Version provided for document {name} is not latest. Please provide the latest version to update document {name}"
        ),
    )
}

pub(crate) fn duplicate() -> Refusal {
    Refusal::new(
        "DuplicateDocumentContent",
        "The content of the association document matches another document. Change the content of the document and try again.",
    )
}

pub(crate) fn too_many_versions(name: &str, limit: usize) -> Refusal {
    Refusal::new(
        "DocumentVersionLimitExceeded",
        format!(
            "Document {name} has too many versions ({limit}). Delete one or more document versions and try again."
        ),
    )
}

pub(crate) fn operation(message: impl Into<String>) -> Refusal {
    Refusal::new("InvalidDocumentOperation", message)
}

pub(crate) fn validation(message: impl Into<String>) -> Refusal {
    Refusal::new("ValidationException", message)
}
