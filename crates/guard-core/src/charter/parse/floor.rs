//! The `[floor]` of a charter.

use super::item::{Item, Table};
use super::reader::Reader;
use crate::floor::{Field, Floor, Kind, Requirement};

const REQUIREMENTS: [&str; 6] = ["is", "one-of", "at-most", "at-least", "set", "not-set"];

pub(super) fn read(reader: &mut Reader<'_>, table: &Table<'_>) -> Floor {
    let mut entries: Vec<(Field, String, Requirement)> = Vec::new();
    for (field, item) in fields(reader, table) {
        if let Some((_, first, _)) = entries.iter().find(|(earlier, _, _)| *earlier == field) {
            reader.duplicate(&item, first);
        }
        for requirement in requirements(reader, field, &item) {
            entries.push((field, item.path.clone(), requirement));
        }
    }
    let order = |field: Field| Field::all().iter().position(|known| *known == field);
    entries.sort_by_key(|(field, _, _)| order(*field));
    Floor::new(
        entries
            .into_iter()
            .map(|(field, _, requirement)| (field, requirement))
            .collect(),
    )
}

/// The fields, with shell profiles under a dotted or a quoted key.
fn fields<'d>(reader: &mut Reader<'_>, table: &Table<'d>) -> Vec<(Field, Item<'d>)> {
    let mut fields = Vec::new();
    let Some(item) = table.item("floor") else {
        return fields;
    };
    let Some(table) = item.table() else {
        reader.unfit(&item, "a table with one entry per field");
        return fields;
    };
    let known: Vec<&str> = Field::all().iter().map(|field| field.key()).collect();
    for (key, item) in table.items() {
        match (Field::named(key), item.table()) {
            (Some(field), _) => fields.push((field, item)),
            (None, Some(profile)) if key == "shellProfile" => {
                for (system, item) in profile.items() {
                    match Field::named(&format!("shellProfile.{system}")) {
                        Some(field) => fields.push((field, item)),
                        None => reader.unknown_key(&item, system, &["linux", "windows"]),
                    }
                }
            }
            (None, _) => reader.unknown_key(&item, key, &known),
        }
    }
    fields
}

fn requirements(reader: &mut Reader<'_>, field: Field, item: &Item<'_>) -> Vec<Requirement> {
    let Some(table) = item.table().filter(|table| !table.entries.is_empty()) else {
        reader.unfit(
            item,
            "a table of requirements, such as { is = … } or { set = true }",
        );
        return Vec::new();
    };
    reader.refuse_unknown(&table, &REQUIREMENTS);
    alone(reader, &table);
    let mut found = Vec::new();
    for key in REQUIREMENTS {
        let Some(item) = table.item(key) else {
            continue;
        };
        let requirement = match key {
            "is" => value(reader, field, &item).map(Requirement::Is),
            "one-of" => one_of(reader, field, &item).map(Requirement::OneOf),
            "at-most" => minutes(reader, field, &item).map(Requirement::AtMost),
            "at-least" => minutes(reader, field, &item).map(Requirement::AtLeast),
            "set" => only_true(reader, &item, "true; the opposite is not-set = true")
                .map(|()| Requirement::Set),
            _ => only_true(reader, &item, "true; the opposite is set = true")
                .map(|()| Requirement::NotSet),
        };
        found.extend(requirement);
    }
    if let (Some(Requirement::AtMost(most)), Some(Requirement::AtLeast(least))) = (
        found.iter().find(|it| matches!(it, Requirement::AtMost(_))),
        found
            .iter()
            .find(|it| matches!(it, Requirement::AtLeast(_))),
    ) && least > most
    {
        reader.conflict(
            item,
            &format!("nothing is at least {least} and at most {most}"),
        );
    }
    found
}

/// What says everything about a field stands alone: beside it nothing would add to it, or nothing would satisfy both.
fn alone(reader: &mut Reader<'_>, table: &Table<'_>) {
    let given: Vec<&str> = REQUIREMENTS
        .into_iter()
        .filter(|key| table.item(key).is_some())
        .collect();
    let first = given
        .iter()
        .find(|key| matches!(**key, "is" | "one-of" | "not-set"));
    if let (Some(first), Some(item)) = (first, first.and_then(|first| table.item(first)))
        && given.len() > 1
    {
        let others: Vec<_> = given
            .iter()
            .filter(|key| *key != first)
            .map(|key| format!("`{key}`"))
            .collect();
        reader.conflict(
            &item,
            &format!("`{first}` stands alone, without {}", others.join(", ")),
        );
    }
}

fn only_true(reader: &mut Reader<'_>, item: &Item<'_>, expected: &str) -> Option<()> {
    if item.value.as_bool() == Some(true) {
        return Some(());
    }
    reader.unfit(item, expected);
    None
}

fn one_of(reader: &mut Reader<'_>, field: Field, item: &Item<'_>) -> Option<Vec<String>> {
    let items = reader.list(item, "a list of values")?;
    let mut values: Vec<String> = Vec::new();
    for element in &items {
        let Some(value) = value(reader, field, element) else {
            continue;
        };
        match values.iter().position(|earlier| *earlier == value) {
            Some(index) => reader.duplicate(element, &format!("{}[{}]", item.path, index + 1)),
            None => values.push(value),
        }
    }
    Some(values)
}

/// A value that the field may have, as the text that it means.
fn value(reader: &mut Reader<'_>, field: Field, item: &Item<'_>) -> Option<String> {
    match field.kind() {
        Kind::Flag => {
            let value = item.value.as_bool().map(|value| value.to_string());
            if value.is_none() {
                reader.unfit(item, "true or false, without quotes");
            }
            value
        }
        Kind::Minutes { .. } => minutes(reader, field, item).map(|minutes| minutes.to_string()),
        Kind::Text => text(reader, field, item),
    }
}

fn text(reader: &mut Reader<'_>, field: Field, item: &Item<'_>) -> Option<String> {
    let expected =
        "a text that is not empty; for a field that says nothing write { not-set = true }";
    let text = if field.is_shell_text() {
        reader.shell_text(item, expected)?
    } else {
        reader.text(item, expected)?
    };
    if text.kept.trim().is_empty() {
        reader.unfit(item, expected);
        return None;
    }
    if text.kept.contains("{{") {
        reader.conflict(
            item,
            "a value with {{…}} is below every floor, since whoever starts a session chooses it",
        );
        return None;
    }
    Some(text.kept)
}

/// Minutes in the range of the field, as a number or, as documents have them, as a text of one.
fn minutes(reader: &mut Reader<'_>, field: Field, item: &Item<'_>) -> Option<u64> {
    let Kind::Minutes { max, .. } = field.kind() else {
        let expected = "at-most and at-least only at idleSessionTimeout and maxSessionDuration";
        reader.conflict(
            item,
            &format!("{} is no number of minutes; {expected}", field.key()),
        );
        return None;
    };
    let number = match (item.value.as_integer(), item.value.as_str()) {
        (Some(number), _) => u64::from_str_radix(number.as_str(), number.radix()).ok(),
        (None, Some(text)) => text.parse().ok(),
        (None, None) => None,
    };
    let number = number.filter(|number| (1..=max).contains(number));
    if number.is_none() {
        reader.unfit(item, &format!("a whole number of minutes from 1 to {max}"));
    }
    number
}
