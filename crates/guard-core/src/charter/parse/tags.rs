//! The `[tags]` of a charter.

use std::collections::BTreeMap;

use super::item::Table;
use super::reader::Reader;
use crate::charter::tag::{is_character, is_key};

/// Limits after the Systems Manager API reference, "Tag", and the general rules for tags: at most 50 of them, keys of
/// 1 to 128 characters, values of up to 256, keys beginning with `aws:` kept for AWS.
const MOST: usize = 50;

pub(super) fn read(reader: &mut Reader<'_>, table: &Table<'_>) -> BTreeMap<String, String> {
    let mut tags = BTreeMap::new();
    let Some(item) = table.item("tags") else {
        return tags;
    };
    let Some(table) = item.table() else {
        reader.unfit(&item, "a table of tags");
        return tags;
    };
    for (key, item) in table.items() {
        if !is_key(key) {
            reader.conflict(
                &item,
                "a tag's key has 1 to 128 letters, digits, blanks or characters of _.:/=+-@",
            );
        }
        if key.to_lowercase().starts_with("aws:") {
            reader.conflict(&item, "keys that begin with aws: are kept for AWS");
        }
        let expected = "a text of up to 256 letters, digits, blanks or characters of _.:/=+-@";
        let Some(text) = reader.text(&item, expected) else {
            continue;
        };
        if text.filled.chars().count() > 256 || !text.filled.chars().all(is_character) {
            reader.unfit(&item, expected);
        }
        tags.insert(key.to_owned(), text.kept);
    }
    if tags.len() > MOST {
        reader.conflict(&item, "a document has at most 50 tags");
    }
    tags
}
