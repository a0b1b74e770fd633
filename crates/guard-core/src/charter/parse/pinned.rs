//! Managed policies and buckets as `[[forbidden]]` entries name them.

use super::item::{Item, Table};
use super::reader::Reader;
use crate::charter::Bucket;
use crate::charter::forbidden::{DEPRECATED, OF_AWS};
use crate::names::{AccountId, Partition};

const POLICY: &str = "AWS's policy by its path and name, such as \"service-role/AmazonEC2RoleforSSM\", or an ARN, such as \
                      \"arn:${partition}:iam::${account}:policy/NAME\", without wildcard";

/// A managed policy.
pub(super) struct Policy {
    /// Its ARN as it goes into the charter.
    pub(super) arn: String,
    /// Whose it is.
    pub(super) owner: Owner,
    /// Its path and name.
    pub(super) name: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Aws,
    Account,
}

/// A managed policy, by its ARN or by its path and name where it is AWS's.
pub(super) fn policy(reader: &mut Reader<'_>, item: &Item<'_>) -> Option<Policy> {
    let written = reader.text(item, POLICY)?;
    let text = if written.filled.starts_with("arn:") {
        written
    } else {
        let name = item.value.as_str().unwrap_or_default();
        reader.fill(&format!("arn:${{partition}}:iam::aws:policy/{name}"))
    };
    let Some((partition, account, name)) = parts(&text.filled) else {
        reader.unfit(item, POLICY);
        return None;
    };
    if reader
        .partition()
        .is_some_and(|own| own.as_str() != partition)
    {
        reader.dangerous(item, "it is of another partition, where nobody of this account can carry it; write ${partition}");
        return None;
    }
    if account == "aws" {
        if let Some(meant) = meant(name) {
            reader.unfit(item, &format!("\"{meant}\", as AWS spells it"));
            return None;
        }
    } else if reader.account().is_some_and(|own| own.as_str() != account) {
        reader.dangerous(
            item,
            "it is of another account, and nobody of this one can carry it; write ${account}",
        );
        return None;
    }
    Some(Policy {
        owner: if account == "aws" {
            Owner::Aws
        } else {
            Owner::Account
        },
        name: name.to_owned(),
        arn: text.kept,
    })
}

/// Partition, account (or `aws`), and path with name in the ARN of a managed policy.
fn parts(arn: &str) -> Option<(&str, &str, &str)> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let ["arn", partition, "iam", "", account, resource] = parts.as_slice() else {
        return None;
    };
    let name = resource.strip_prefix("policy/")?;
    let is_owner = *account == "aws" || AccountId::parse(account).is_ok();
    let is_fit = Partition::parse(partition).is_ok() && is_owner && is_path_and_name(name);
    is_fit.then_some((partition, account, name))
}

/// IAM API reference, `CreatePolicy`: names of 1 to 128 characters, paths of at most 512.
fn is_path_and_name(text: &str) -> bool {
    let name = text.rsplit('/').next().unwrap_or_default();
    // IAM lets names have commas, too, but the templates take lists that commas set off.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=.@-".contains(&byte);
    (1..=128).contains(&name.len())
        && text.len() <= 640
        && text
            .split('/')
            .all(|segment| !segment.is_empty() && segment.bytes().all(is_plain))
}

/// The policy of AWS's that was most likely meant by a name that none of AWS's has: it would never be found anywhere.
fn meant(name: &str) -> Option<&'static str> {
    let last = |text: &str| {
        text.rsplit('/')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    };
    let mut known = OF_AWS.iter().map(|(known, _)| *known).chain([DEPRECATED]);
    known.find(|known| *known != name && last(known) == last(name))
}

/// The buckets of an entry.
pub(super) fn buckets(reader: &mut Reader<'_>, table: &Table<'_>) -> Vec<Bucket> {
    let expected = "a list of buckets, such as [\"run-command-output\", \"shared/PREFIX\"]";
    let Some(list) = table.item("buckets") else {
        return Vec::new();
    };
    let mut buckets: Vec<Bucket> = Vec::new();
    for item in reader.list(&list, expected).unwrap_or_default() {
        let one = "the name of a bucket, and where not all of it is meant a slash and what objects' names begin with, \
                   without wildcard";
        let Some(text) = reader.text(&item, one) else {
            continue;
        };
        if Bucket::parse(&text.filled).is_err() {
            reader.unfit(&item, one);
            continue;
        }
        let bucket = Bucket::of_checked(&text.kept);
        match buckets.iter().position(|earlier| *earlier == bucket) {
            Some(index) => reader.duplicate(&item, &format!("{}[{}]", list.path, index + 1)),
            None => buckets.push(bucket),
        }
    }
    buckets
}
