//! Principals as entries of a charter name them.

use super::item::{Item, Table};
use super::reader::Reader;
use crate::charter::arn_pattern::ArnKind;
use crate::charter::{ArnPattern, ArnPatternError, PermissionSet};

/// The one key of `keys` that an entry has; `entry` is what people call it.
pub(super) fn one_of<'d, 'k>(
    reader: &mut Reader<'_>,
    table: &Table<'d>,
    keys: &[&'k str],
    entry: &str,
) -> Option<(&'k str, Item<'d>)> {
    let list = keys.join(", ");
    let mut given = keys
        .iter()
        .filter_map(|key| table.item(key).map(|item| (*key, item)));
    let Some((key, item)) = given.next() else {
        let first = keys.first().copied().unwrap_or_default();
        reader.missing(table, first, &format!("one of {list}"));
        return None;
    };
    for (_, another) in given {
        reader.conflict(
            &another,
            &format!("{entry} has one of {list}; this one has {key} too"),
        );
    }
    Some((key, item))
}

/// The ARN of an editor.
pub(super) fn editor_arn(
    reader: &mut Reader<'_>,
    item: &Item<'_>,
    kind: ArnKind,
) -> Option<ArnPattern> {
    arn(reader, item, kind, ArnPattern::check)
}

/// The ARN of somebody who is exempt.
pub(super) fn exempt_arn(
    reader: &mut Reader<'_>,
    item: &Item<'_>,
    kind: ArnKind,
) -> Option<ArnPattern> {
    arn(reader, item, kind, ArnPattern::check_exempt)
}

fn arn(
    reader: &mut Reader<'_>,
    item: &Item<'_>,
    kind: ArnKind,
    check: fn(&str, ArnKind) -> Result<(), ArnPatternError>,
) -> Option<ArnPattern> {
    let expected = match kind {
        ArnKind::Role => {
            "the ARN of a role, such as \"arn:${partition}:iam::${account}:role/NAME\""
        }
        ArnKind::User => {
            "the ARN of a user, such as \"arn:${partition}:iam::${account}:user/NAME\""
        }
        ArnKind::Group => {
            "the ARN of a group, such as \"arn:${partition}:iam::${account}:group/NAME\""
        }
    };
    let text = reader.text(item, expected)?;
    match check(&text.filled, kind) {
        Ok(()) => return Some(ArnPattern::of_checked(text.kept)),
        Err(ArnPatternError::Form(_) | ArnPatternError::Name) => reader.unfit(item, expected),
        Err(
            danger @ (ArnPatternError::Session
            | ArnPatternError::Root
            | ArnPatternError::RootExempt
            | ArnPatternError::Account
            | ArnPatternError::Partition
            | ArnPatternError::Kind(_)
            | ArnPatternError::WildcardInName(_)
            | ArnPatternError::WildcardInSegment
            | ArnPatternError::ServiceLinked
            | ArnPatternError::IdentityCenter),
        ) => reader.dangerous(item, &danger.to_string()),
    }
    None
}

pub(super) fn permission_set(reader: &mut Reader<'_>, item: &Item<'_>) -> Option<PermissionSet> {
    let expected =
        "the exact name of a permission set: 1 to 32 letters, digits or characters of _+=,.@-";
    let text = reader.text(item, expected)?;
    if PermissionSet::parse(&text.filled).is_err() {
        reader.unfit(item, expected);
        return None;
    }
    Some(PermissionSet::of_checked(text.kept))
}

/// The id of the very principal that an entry names (IAM user guide, "IAM identifiers", "Unique identifiers").
pub(super) fn unique_id(reader: &mut Reader<'_>, table: &Table<'_>) -> Option<String> {
    let item = table.item("unique-id")?;
    let (prefix, expected) = if table.item("user").is_some() {
        ("AIDA", "the unique id of a user, which begins with AIDA")
    } else if table.item("group").is_some() {
        ("AGPA", "the unique id of a group, which begins with AGPA")
    } else {
        ("AROA", "the unique id of a role, which begins with AROA")
    };
    let id = item.value.as_str().filter(|id| {
        id.len() <= 128
            && id.strip_prefix(prefix).is_some_and(|rest| {
                !rest.is_empty()
                    && rest
                        .bytes()
                        .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
            })
    });
    if id.is_none() {
        reader.unfit(&item, expected);
    }
    id.map(str::to_owned)
}
