//! The `[[editor]]` entries of a charter.

use super::item::{Item, Table};
use super::named;
use super::reader::Reader;
use super::reason;
use crate::charter::arn_pattern::ArnKind;
use crate::charter::{Editor, Who};

const KEYS: [&str; 8] = [
    "role",
    "user",
    "permission-set",
    "reason",
    "via",
    "mfa",
    "until",
    "unique-id",
];

/// Keys of which every entry has exactly one.
const WHO_KEYS: [&str; 3] = ["role", "user", "permission-set"];

pub(super) fn read(reader: &mut Reader<'_>, table: &Table<'_>) -> Vec<Editor> {
    let mut editors: Vec<(String, Editor)> = Vec::new();
    for table in reader.tables(table, "editor") {
        reader.refuse_unknown(&table, &KEYS);
        let who = who(reader, &table);
        let reason = reason(reader, &table);
        let via = via(reader, &table);
        let needs_mfa = needs_mfa(reader, &table);
        let until = table.item("until").and_then(|item| reader.time(&item));
        let unique_id = named::unique_id(reader, &table);
        let (Some((item, who)), Some(reason)) = (who, reason) else {
            continue;
        };
        // Of two entries for one principal the wider one would win in silence.
        if let Some((first, _)) = editors.iter().find(|(_, earlier)| earlier.who == who) {
            reader.duplicate(&item, first);
        }
        editors.push((
            item.path,
            Editor {
                who,
                reason,
                via,
                needs_mfa,
                until,
                unique_id,
            },
        ));
    }
    editors.into_iter().map(|(_, editor)| editor).collect()
}

fn who<'d>(reader: &mut Reader<'_>, table: &Table<'d>) -> Option<(Item<'d>, Who)> {
    let (key, item) = named::one_of(reader, table, &WHO_KEYS, "an editor")?;
    let who = match key {
        "role" => Who::Role(named::editor_arn(reader, &item, ArnKind::Role)?),
        "user" => Who::User(named::editor_arn(reader, &item, ArnKind::User)?),
        _ => Who::PermissionSet(named::permission_set(reader, &item)?),
    };
    Some((item, who))
}

fn via(reader: &mut Reader<'_>, table: &Table<'_>) -> Vec<String> {
    let Some(item) = table.item("via") else {
        return Vec::new();
    };
    let expected = "a list of services, such as [\"cloudformation.amazonaws.com\"]; leave it out for calls of any kind";
    let mut services: Vec<String> = Vec::new();
    for item in reader.list(&item, expected).unwrap_or_default() {
        match item.value.as_str().filter(|name| is_service(name)) {
            Some(name) => match services.iter().position(|earlier| earlier == name) {
                Some(index) => {
                    reader.duplicate(&item, &format!("{}.via[{}]", table.path, index + 1));
                }
                None => services.push(name.to_owned()),
            },
            None => reader.unfit(
                &item,
                "the name of a service, such as \"cloudformation.amazonaws.com\"",
            ),
        }
    }
    services
}

/// Service principals as CloudTrail writes them in `invokedBy`.
fn is_service(name: &str) -> bool {
    name.strip_suffix(".amazonaws.com")
        .or_else(|| name.strip_suffix(".amazonaws.com.cn"))
        .is_some_and(|name| {
            name.split('.').all(|part| {
                !part.is_empty()
                    && part.bytes().all(|byte| {
                        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
                    })
            })
        })
}

fn needs_mfa(reader: &mut Reader<'_>, table: &Table<'_>) -> bool {
    let Some(item) = table.item("mfa") else {
        return false;
    };
    match item.value.as_bool() {
        Some(true) if table.item("permission-set").is_some() => {
            reader.conflict(
                &item,
                "sessions through a permission set never record a second factor, so this editor could change nothing; \
                 require it in Identity Center",
            );
        }
        Some(true) => {}
        Some(false) | None => reader.unfit(
            &item,
            "true; leave it out for sessions with or without a second factor",
        ),
    }
    true
}
