//! Equal documents, read once and kept once.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::Document;
use crate::policy::Kind;

/// Documents by the hash of their texts. Most roles of an account share a few trust policies, and tools write the same
/// inline policy into many roles.
#[derive(Debug, Clone, Default)]
pub(super) struct Documents {
    // A hash that people cannot steer, because they write the texts: whoever found two texts with one hash could have
    // a wide policy taken for a narrow one.
    known: HashMap<(Kind, [u8; 32]), Document>,
}

impl Documents {
    /// The document of this text, read as a policy of this kind.
    pub(super) fn read(&mut self, kind: Kind, text: &str) -> Document {
        let hash = (kind, Sha256::digest(text.as_bytes()).into());
        let document = self
            .known
            .entry(hash)
            .or_insert_with(|| Document::read_as(kind, text));
        document.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const ONE: &str = r#"{"Version":"2012-10-17",
        "Statement":[{"Effect":"Allow","Action":"ssm:StartSession","Resource":"*"}]}"#;

    #[test]
    fn equal_texts_are_one_document() {
        let mut documents = Documents::default();
        let mut read = || documents.read(Kind::Identity, ONE);
        let (Document::Known(first), Document::Known(second)) = (read(), read()) else {
            panic!("the text is a policy");
        };
        assert!(Arc::ptr_eq(&first, &second));
    }

    #[test]
    fn other_texts_are_other_documents() {
        let mut documents = Documents::default();
        let other = ONE.replace("2012-10-17", "2008-10-17");
        let other = documents.read(Kind::Identity, &other);
        assert_ne!(documents.read(Kind::Identity, ONE), other);
    }

    #[test]
    fn a_text_that_is_read_as_another_kind_is_judged_again() {
        let mut documents = Documents::default();
        assert!(documents.read(Kind::Identity, ONE).known().is_some());
        assert_eq!(documents.read(Kind::Trust, ONE).known(), None);
    }
}
