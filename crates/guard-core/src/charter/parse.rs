//! From the text of a charter to its values; everything that is wrong is collected, nothing is taken on trust.

mod editor;
mod exemption;
mod floor;
mod forbidden;
mod item;
mod named;
mod pinned;
mod reader;
mod sessions;
mod tags;

use toml::de::DeTable;

use super::{Charter, CharterErrors, Mode, Suspension};
use crate::names::{Region, Scope};
use item::Table;
use reader::Reader;

const KEYS: [&str; 11] = [
    "mode",
    "regions",
    "config-region",
    "baseline",
    "floor",
    "tags",
    "editor",
    "sessions",
    "forbidden",
    "exemption",
    "suspension",
];

/// What a deployment takes for the baseline when the charter does not say.
const BASELINE_FILE: &str = "SessionManagerRunShell.json";

pub(super) fn charter(text: &str, scope: Option<&Scope>) -> Result<Charter, CharterErrors> {
    let mut reader = Reader::new(text, scope);
    let (document, errors) = DeTable::parse_recoverable(text);
    if !errors.is_empty() {
        // What stands behind a syntax error was not read as it was meant; further complaints would mislead.
        reader.syntax(&errors);
        return Err(reader.into_errors());
    }
    let table = Table::root(document.get_ref());
    reader.refuse_unknown(&table, &KEYS);
    let mode = mode(&mut reader, &table);
    let regions = regions(&mut reader, &table);
    let config_region = config_region(&mut reader, &table);
    let charter = Charter {
        mode: mode.unwrap_or(Mode::Report),
        regions: regions.unwrap_or_default(),
        config_region,
        baseline_file: baseline_file(&mut reader, &table),
        floor: floor::read(&mut reader, &table),
        tags: tags::read(&mut reader, &table),
        editors: editor::read(&mut reader, &table),
        sessions: sessions::read(&mut reader, &table),
        forbidden: forbidden::read(&mut reader, &table),
        exemptions: exemption::read(&mut reader, &table),
        suspensions: suspensions(&mut reader, &table),
        scope: scope.cloned(),
    };
    // A missing mode or Region is an error in itself, so that the values put in for them above never come out.
    reader.finish(charter)
}

fn mode(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<Mode> {
    let item = reader.required(table, "mode", "\"report\" or \"revert\"")?;
    match item.value.as_str() {
        Some("report") => Some(Mode::Report),
        Some("revert") => Some(Mode::Revert),
        Some(_) | None => {
            reader.unfit(&item, "\"report\" or \"revert\"");
            None
        }
    }
}

fn regions(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<Vec<Region>> {
    let item = reader.required(
        table,
        "regions",
        "a list of Regions, such as [\"eu-central-1\"]",
    )?;
    let items = reader.list(&item, "a list of Regions, such as [\"eu-central-1\"]")?;
    let mut regions: Vec<Region> = Vec::new();
    for item in &items {
        match item.value.as_str().map(Region::parse) {
            Some(Ok(region)) => match regions.iter().position(|earlier| *earlier == region) {
                Some(index) => reader.duplicate(item, &format!("regions[{}]", index + 1)),
                None => regions.push(region),
            },
            Some(Err(_)) | None => reader.unfit(item, "a Region's code, such as \"eu-central-1\""),
        }
    }
    Some(regions)
}

/// Where roles, users and groups are judged; what is said about them means nothing without.
fn config_region(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<Region> {
    let Some(item) = table.item("config-region") else {
        let about = ["sessions", "forbidden", "exemption"];
        if let Some(item) = about.iter().find_map(|key| table.item(key)) {
            reader.conflict(
                &item,
                "roles, users and groups are judged in one Region: say config-region = \"…\" above, the Region where \
                 AWS Config records IAM's resources",
            );
        }
        return None;
    };
    let region = item
        .value
        .as_str()
        .and_then(|text| Region::parse(text).ok());
    if region.is_none() {
        reader.unfit(&item, "a Region's code, such as \"eu-central-1\"");
    }
    region
}

fn baseline_file(reader: &mut Reader<'_>, table: &Table<'_>) -> String {
    let Some(item) = table.item("baseline") else {
        return BASELINE_FILE.to_owned();
    };
    let name = item.value.as_str().unwrap_or_default();
    // The file travels in the function's package beside the charter, where only such names are sure to arrive.
    let is_name = (1..=128).contains(&name.len())
        && !name.starts_with(['.', '-'])
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
    if !is_name {
        reader.unfit(
            &item,
            "the plain name of a file beside the charter, such as \"SessionManagerRunShell.json\"",
        );
    }
    name.to_owned()
}

fn suspensions(reader: &mut Reader<'_>, table: &Table<'_>) -> Vec<Suspension> {
    let tables = reader.tables(table, "suspension");
    let read = |table| {
        reader.refuse_unknown(&table, &["until", "reason"]);
        let until = reader
            .required(
                &table,
                "until",
                "a date and time with its offset, such as 2027-01-01T00:00:00Z",
            )
            .and_then(|item| reader.time(&item));
        let reason = reason(reader, &table);
        Some(Suspension {
            until: until?,
            reason: reason?,
        })
    };
    tables.into_iter().filter_map(read).collect()
}

/// Why an entry is there: whoever reads the charter or an alert later will ask.
fn reason(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<String> {
    let expected = "a sentence that says why, for the record";
    let item = reader.required(table, "reason", expected)?;
    let text = reader.text(&item, expected)?;
    if text.kept.trim().is_empty() {
        reader.unfit(&item, expected);
        return None;
    }
    Some(text.kept)
}
