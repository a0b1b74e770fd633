//! The `[sessions]` of a charter.

use super::item::{Item, Table};
use super::reader::Reader;
use crate::charter::sessions::{COMMAND_DOCUMENTS, TUNNEL_DOCUMENTS};
use crate::charter::tag::{check_key, check_value};
use crate::charter::{
    InstanceArn, InstanceArnError, InstancePattern, Permission, Sessions, TagError,
};
use crate::names::DocumentName;

const KEYS: [&str; 6] = [
    "instances",
    "tag",
    "abac",
    "documents",
    "tunnels",
    "commands",
];

/// Keys of which there is exactly one.
const PATTERN_KEYS: [&str; 3] = ["instances", "tag", "abac"];

const ONE_PATTERN: &str = "one of instances, tag, abac: how sessions are narrowed to instances";

pub(super) fn read(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<Sessions> {
    let item = table.item("sessions")?;
    let Some(table) = item.table() else {
        reader.unfit(&item, "a table that begins with [sessions]");
        return None;
    };
    reader.refuse_unknown(&table, &KEYS);
    let instances = pattern(reader, &table);
    let tunnels = permission(reader, &table, "tunnels");
    let commands = permission(reader, &table, "commands");
    let documents = documents(reader, &table, tunnels, commands);
    Some(Sessions {
        instances: instances?,
        documents,
        tunnels,
        commands,
    })
}

fn pattern(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<InstancePattern> {
    let mut given = PATTERN_KEYS
        .iter()
        .filter_map(|key| table.item(key).map(|item| (*key, item)));
    let Some((key, item)) = given.next() else {
        reader.missing(table, "tag", ONE_PATTERN);
        return None;
    };
    for (_, another) in given {
        reader.conflict(
            &another,
            &format!(
                "sessions are narrowed in one way, by instances, tag or abac; {key} is there too"
            ),
        );
    }
    match key {
        "instances" => arns(reader, &item),
        "tag" => tag(reader, &item),
        _ => abac(reader, &item),
    }
}

fn arns(reader: &mut Reader<'_>, item: &Item<'_>) -> Option<InstancePattern> {
    let expected = "a list of ARNs, such as [\"arn:${partition}:ec2:eu-central-1:${account}:instance/i-0123456789abcdef0\"]";
    let mut arns: Vec<InstanceArn> = Vec::new();
    for element in reader.list(item, expected)? {
        let Some(text) = reader.text(&element, "the ARN of an instance") else {
            continue;
        };
        // The text as written tells `${region}`, which a filled one no longer does.
        let written = element.value.as_str().unwrap_or_default();
        match InstanceArn::check(written, &text.filled) {
            Ok(()) => {
                let arn = InstanceArn::of_checked(text.kept);
                match arns.iter().position(|earlier| *earlier == arn) {
                    Some(index) => {
                        reader.duplicate(&element, &format!("{}[{}]", item.path, index + 1));
                    }
                    None => arns.push(arn),
                }
            }
            Err(InstanceArnError::Form) => reader.unfit(
                &element,
                "arn:${partition}:ec2:REGION:${account}:instance/i-… or arn:${partition}:ssm:REGION:${account}:managed-instance/mi-…",
            ),
            Err(
                danger @ (InstanceArnError::Partition
                | InstanceArnError::Account
                | InstanceArnError::RegionPlaceholder
                | InstanceArnError::EveryInstance),
            ) => reader.dangerous(&element, &danger.to_string()),
        }
    }
    Some(InstancePattern::Arns(arns))
}

fn tag(reader: &mut Reader<'_>, item: &Item<'_>) -> Option<InstancePattern> {
    let Some(table) = item.table() else {
        reader.unfit(
            item,
            "a tag, such as { key = \"SessionAccess\", values = [\"web\"] }",
        );
        return None;
    };
    reader.refuse_unknown(&table, &["key", "values"]);
    let key = reader.required(&table, "key", "the key of a tag of instances");
    let key = key.and_then(|item| tag_key(reader, &item));
    let expected = "a list of the tag's values, such as [\"web\", \"batch-*\"]";
    let values = reader
        .required(&table, "values", expected)
        .and_then(|item| tag_values(reader, &item, expected));
    Some(InstancePattern::Tag {
        key: key?,
        values: values?,
    })
}

fn tag_values(reader: &mut Reader<'_>, item: &Item<'_>, expected: &str) -> Option<Vec<String>> {
    let mut values: Vec<String> = Vec::new();
    for element in reader.list(item, expected)? {
        let written = element.value.as_str().unwrap_or_default();
        if check_value(written) == Err(TagError::Variable) {
            reader.dangerous(&element, &TagError::Variable.to_string());
            continue;
        }
        let Some(text) = reader.text(&element, "a value of the tag") else {
            continue;
        };
        match check_value(&text.filled) {
            Ok(()) => match values.iter().position(|earlier| *earlier == text.kept) {
                Some(index) => {
                    reader.duplicate(&element, &format!("{}[{}]", item.path, index + 1));
                }
                None => values.push(text.kept),
            },
            Err(error) => refuse(reader, &element, error),
        }
    }
    Some(values)
}

fn abac(reader: &mut Reader<'_>, item: &Item<'_>) -> Option<InstancePattern> {
    let Some(table) = item.table() else {
        reader.unfit(item, "the key of a tag, such as { key = \"Team\" }");
        return None;
    };
    reader.refuse_unknown(&table, &["key", "principal-key"]);
    let key = reader.required(
        &table,
        "key",
        "the key of a tag that instances and principals carry",
    );
    let key = key.and_then(|item| tag_key(reader, &item));
    let principal_key = match table.item("principal-key") {
        Some(item) => tag_key(reader, &item),
        None => key.clone(),
    };
    Some(InstancePattern::Abac {
        key: key?,
        principal_key: principal_key?,
    })
}

/// A key as it goes behind `aws:ResourceTag/` in a policy; placeholders have no use there.
fn tag_key(reader: &mut Reader<'_>, item: &Item<'_>) -> Option<String> {
    let key = item.value.as_str().unwrap_or_default();
    match check_key(key) {
        Ok(()) => Some(key.to_owned()),
        Err(error) => {
            refuse(reader, item, error);
            None
        }
    }
}

fn refuse(reader: &mut Reader<'_>, item: &Item<'_>, error: TagError) {
    let why = error.to_string();
    match error {
        TagError::Key | TagError::Value => {
            reader.unfit(item, why.trim_start_matches("expected "));
        }
        TagError::KeyOfAws | TagError::EveryValue | TagError::Variable => {
            reader.dangerous(item, &why);
        }
    }
}

fn permission(reader: &mut Reader<'_>, table: &Table<'_>, key: &str) -> Permission {
    let Some(item) = table.item(key) else {
        return Permission::Refused;
    };
    match item.value.as_bool() {
        Some(true) => Permission::Granted,
        Some(false) => Permission::Refused,
        None => {
            reader.unfit(&item, "true or false, without quotes");
            Permission::Refused
        }
    }
}

fn documents(
    reader: &mut Reader<'_>,
    table: &Table<'_>,
    tunnels: Permission,
    commands: Permission,
) -> Vec<DocumentName> {
    let Some(list) = table.item("documents") else {
        return vec![DocumentName::preferences()];
    };
    let expected = "a list of names of documents, such as [\"SSM-SessionManagerRunShell\"]";
    let mut documents: Vec<DocumentName> = Vec::new();
    for item in reader.list(&list, expected).unwrap_or_default() {
        let text = item.value.as_str().unwrap_or_default();
        if text.contains(['*', '?']) {
            reader.dangerous(
                &item,
                "whoever may create a document could give it a matching name, and one that records nothing; name each document",
            );
            continue;
        }
        let Ok(name) = DocumentName::parse(text) else {
            reader.unfit(
                &item,
                "the name of a document of this account or of AWS, without ARN: 3 to 128 letters, digits or characters of _.-",
            );
            continue;
        };
        refuse_switched(reader, &item, &TUNNEL_DOCUMENTS, "tunnels", tunnels);
        refuse_switched(reader, &item, &COMMAND_DOCUMENTS, "commands", commands);
        match documents.iter().position(|earlier| *earlier == name) {
            Some(index) => reader.duplicate(&item, &format!("{}[{}]", list.path, index + 1)),
            None => documents.push(name),
        }
    }
    documents
}

/// A document that a switch lets in does not stand in the list: one could forget the other.
fn refuse_switched(
    reader: &mut Reader<'_>,
    item: &Item<'_>,
    switched: &[&str],
    switch: &str,
    permission: Permission,
) {
    if !item
        .value
        .as_str()
        .is_some_and(|name| switched.contains(&name))
    {
        return;
    }
    match permission {
        Permission::Granted => {
            reader.conflict(
                item,
                &format!("{switch} = true lets it in already; leave it out here"),
            );
        }
        Permission::Refused => reader.dangerous(
            item,
            &format!("it is let in by {switch} = true alone, and {switch} is false"),
        ),
    }
}
