//! The `[[exemption]]` entries of a charter.

use super::item::{Item, Table};
use super::named;
use super::reader::Reader;
use super::reason;
use crate::charter::arn_pattern::ArnKind;
use crate::charter::exemption::RULES_ON_PRINCIPALS;
use crate::charter::{Exempt, Exemption};

const KEYS: [&str; 8] = [
    "rules",
    "role",
    "user",
    "group",
    "permission-set",
    "until",
    "unique-id",
    "reason",
];

/// Keys of which every entry has exactly one.
const WHO_KEYS: [&str; 4] = ["role", "user", "group", "permission-set"];

pub(super) fn read(reader: &mut Reader<'_>, table: &Table<'_>) -> Vec<Exemption> {
    let mut exemptions: Vec<(String, Exemption)> = Vec::new();
    for table in reader.tables(table, "exemption") {
        reader.refuse_unknown(&table, &KEYS);
        let who = who(reader, &table);
        let rules = rules(reader, &table);
        let until = table.item("until").and_then(|item| reader.time(&item));
        let unique_id = named::unique_id(reader, &table);
        let reason = reason(reader, &table);
        let (Some((item, who)), Some(reason)) = (who, reason) else {
            continue;
        };
        let shares_rule = |earlier: &Exemption| earlier.rules.iter().any(|it| rules.contains(it));
        let first = exemptions
            .iter()
            .find(|(_, earlier)| earlier.who == who && shares_rule(earlier));
        // Of two entries for one principal the longer one would win in silence.
        if let Some((first, _)) = first {
            reader.duplicate(&item, first);
        }
        exemptions.push((
            item.path,
            Exemption {
                who,
                rules,
                until,
                unique_id,
                reason,
            },
        ));
    }
    exemptions
        .into_iter()
        .map(|(_, exemption)| exemption)
        .collect()
}

fn who<'d>(reader: &mut Reader<'_>, table: &Table<'d>) -> Option<(Item<'d>, Exempt)> {
    let (key, item) = named::one_of(reader, table, &WHO_KEYS, "an exemption")?;
    let who = match key {
        "role" => Exempt::Role(named::exempt_arn(reader, &item, ArnKind::Role)?),
        "user" => Exempt::User(named::exempt_arn(reader, &item, ArnKind::User)?),
        "group" => Exempt::Group(named::exempt_arn(reader, &item, ArnKind::Group)?),
        _ => Exempt::PermissionSet(named::permission_set(reader, &item)?),
    };
    Some((item, who))
}

/// The rules that are named, or all.
fn rules(reader: &mut Reader<'_>, table: &Table<'_>) -> Vec<&'static str> {
    let Some(list) = table.item("rules") else {
        return RULES_ON_PRINCIPALS.to_vec();
    };
    let expected = format!(
        "a list of rules, each one of {}; leave it out for all of them",
        RULES_ON_PRINCIPALS.join(", ")
    );
    let mut rules: Vec<&'static str> = Vec::new();
    for item in reader.list(&list, &expected).unwrap_or_default() {
        let text = item.value.as_str();
        match RULES_ON_PRINCIPALS.iter().find(|rule| text == Some(**rule)) {
            Some(rule) => match rules.iter().position(|earlier| earlier == rule) {
                Some(index) => reader.duplicate(&item, &format!("{}[{}]", list.path, index + 1)),
                None => rules.push(rule),
            },
            None => reader.unfit(
                &item,
                &format!(
                    "a rule that judges principals, one of {}",
                    RULES_ON_PRINCIPALS.join(", ")
                ),
            ),
        }
    }
    rules
}
