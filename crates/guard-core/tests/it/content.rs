//! The contents that cases name.

use std::collections::BTreeMap;
use std::fmt::Write;

use guard_core::preferences::Preferences;
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// All contents by name, as text.
pub(crate) struct Contents {
    texts: BTreeMap<String, String>,
    /// The names that plans may speak of: no two of them mean the same.
    plain: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Form {
    Variant(Variant),
    Text(Text),
    Document(Whole),
}

/// Another content with some inputs changed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Variant {
    like: String,
    with: BTreeMap<String, Value>,
    /// So many characters that no compression makes shorter, as the shell profile.
    #[serde(default)]
    noise: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    text: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    document: Value,
}

impl Contents {
    pub(crate) fn read(text: &str) -> Self {
        let forms: BTreeMap<String, Form> = serde_json::from_str(text).expect("contents.json");
        let texts = forms
            .keys()
            .map(|name| (name.clone(), render(&forms, name)))
            .collect();
        let plain = forms
            .iter()
            .filter(|(_, form)| !matches!(form, Form::Text(_)))
            .map(|(name, _)| name.clone())
            .collect();
        let contents = Self { texts, plain };
        contents.assert_told_apart();
        contents
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        let text = self.texts.get(name);
        text.unwrap_or_else(|| panic!("contents.json has no `{name}`"))
    }

    pub(crate) fn hash(&self, name: &str) -> String {
        hash(self.text(name))
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.texts.keys().map(String::as_str)
    }

    /// The name of what means the same as `text`.
    pub(crate) fn name_of(&self, text: &str) -> String {
        let found = Preferences::parse(text).expect("a plan writes what can be read");
        let means_it = |name: &&String| self.preferences(name).means_the_same_as(&found);
        let name = self.plain.iter().find(means_it);
        name.cloned().unwrap_or_else(|| format!("unnamed {text}"))
    }

    fn preferences(&self, name: &str) -> Preferences {
        Preferences::parse(self.text(name)).unwrap_or_else(|error| panic!("`{name}`: {error}"))
    }

    fn assert_told_apart(&self) {
        let mut by_meaning: BTreeMap<String, &str> = BTreeMap::new();
        for name in &self.plain {
            let twin = by_meaning.insert(self.preferences(name).meaning_hash(), name);
            assert_eq!(twin, None, "`{name}` means the same as another content");
        }
    }
}

/// The service's hash of a content; which function it is does not matter to any decision.
pub(crate) fn hash(text: &str) -> String {
    let mut hash = String::new();
    for byte in Sha256::digest(text.as_bytes()) {
        write!(hash, "{byte:02x}").unwrap();
    }
    hash
}

fn render(forms: &BTreeMap<String, Form>, name: &str) -> String {
    match forms.get(name).unwrap_or_else(|| panic!("no `{name}`")) {
        Form::Text(form) => form.text.clone(),
        Form::Document(form) => form.document.to_string(),
        Form::Variant(form) => {
            let mut document: Value = serde_json::from_str(&render(forms, &form.like)).unwrap();
            for (key, value) in &form.with {
                let pointer = format!("/inputs/{}", key.replace('.', "/"));
                let (parent, last) = pointer.rsplit_once('/').unwrap();
                let parent = document.pointer_mut(parent).and_then(Value::as_object_mut);
                parent.unwrap().insert(last.to_owned(), value.clone());
            }
            if form.noise > 0 {
                let profile = document.pointer_mut("/inputs/shellProfile/linux");
                *profile.unwrap() = Value::String(noise(form.noise));
            }
            document.to_string()
        }
    }
}

fn noise(length: usize) -> String {
    let mut text = String::new();
    for number in 0_u32.. {
        text.push_str(&hash(&number.to_string()));
        if text.len() >= length {
            break;
        }
    }
    text
}
