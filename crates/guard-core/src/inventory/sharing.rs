//! Equal documents, read once and kept once.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use super::Document;

/// Documents by the hash of their texts. Most roles of an account share a few trust policies, and tools write the same
/// inline policy into many roles.
#[derive(Debug, Clone, Default)]
pub(super) struct Documents {
    // A hash that people cannot steer, because they write the texts: whoever found two texts with one hash could have
    // a wide policy taken for a narrow one.
    known: HashMap<[u8; 32], Document>,
}

impl Documents {
    /// The document of this text.
    pub(super) fn read(&mut self, text: &str) -> Document {
        let hash = Sha256::digest(text.as_bytes()).into();
        let document = self
            .known
            .entry(hash)
            .or_insert_with(|| Document::read(text));
        document.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const ONE: &str = r#"{"Version":"2012-10-17","Statement":[]}"#;

    #[test]
    fn equal_texts_are_one_document() {
        let mut documents = Documents::default();
        let (Document::Known(first), Document::Known(second)) =
            (documents.read(ONE), documents.read(ONE))
        else {
            panic!("the text is a policy");
        };
        assert!(Arc::ptr_eq(&first, &second));
    }

    #[test]
    fn other_texts_are_other_documents() {
        let mut documents = Documents::default();
        let other = ONE.replace("2012-10-17", "2008-10-17");
        assert_ne!(documents.read(ONE), documents.read(&other));
    }
}
