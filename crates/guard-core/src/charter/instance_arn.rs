//! The ARN of an instance as the charter names it: wildcards in Region and id, never in the account.

use std::fmt;

use serde::Serialize;

use crate::names::{AccountId, Partition};

/// The ARN of an instance of EC2 or of a node of one's own, in whose Region and id `*` and `?` are wildcards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct InstanceArn(String);

/// Why a text is not the ARN of an instance that sessions may be narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InstanceArnError {
    /// Not of the form of such an ARN.
    #[error(
        "it is neither arn:PARTITION:ec2:REGION:ACCOUNT:instance/ID nor arn:PARTITION:ssm:REGION:ACCOUNT:managed-instance/ID"
    )]
    Form,
    /// Anything but a known form of partition.
    #[error("the partition must be one such as aws or ${{partition}}, without wildcard")]
    Partition,
    /// Anything but twelve digits, a wildcard above all.
    #[error("the account must be 12 digits or ${{account}}, without wildcard")]
    Account,
    /// `${region}`, which is filled in with the one Region in which everybody is judged.
    #[error(
        "roles and users belong to no Region, and ${{region}} would be the config-region only; write the Region out, or `*` for any"
    )]
    RegionPlaceholder,
    /// An id that every instance has, or nearly.
    #[error("it matches every instance; name instances, or narrow sessions with tag or abac")]
    EveryInstance,
}

impl InstanceArn {
    /// Takes `filled` if it is such an ARN, of which `written` is the text before its placeholders were filled in.
    pub(super) fn check(written: &str, filled: &str) -> Result<(), InstanceArnError> {
        if written.contains("${region}") {
            return Err(InstanceArnError::RegionPlaceholder);
        }
        let parts: Vec<&str> = filled.splitn(6, ':').collect();
        let ["arn", partition, service, region, account, resource] = parts.as_slice() else {
            return Err(InstanceArnError::Form);
        };
        let (id, prefix) = match *service {
            "ec2" => (resource.strip_prefix("instance/"), "i-"),
            "ssm" => (resource.strip_prefix("managed-instance/"), "mi-"),
            _ => (None, ""),
        };
        let id = id.ok_or(InstanceArnError::Form)?;
        if Partition::parse(partition).is_err() {
            return Err(InstanceArnError::Partition);
        }
        if AccountId::parse(account).is_err() {
            return Err(InstanceArnError::Account);
        }
        if !is_region_pattern(region) {
            return Err(InstanceArnError::Form);
        }
        check_id(id, prefix)
    }

    /// Takes an ARN without placeholders.
    pub fn parse(text: &str) -> Result<Self, InstanceArnError> {
        Self::check(text, text).map(|()| Self(text.to_owned()))
    }

    /// The ARN of a text that [`InstanceArn::check`] took, placeholders filled in or not.
    pub(super) fn of_checked(text: String) -> Self {
        Self(text)
    }

    /// As it goes into the `Resource` of a policy.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The Region, wildcards included.
    pub fn region(&self) -> &str {
        self.0.split(':').nth(3).unwrap_or_default()
    }

    /// Whether the id has a wildcard.
    pub fn is_id_open(&self) -> bool {
        self.0
            .rsplit('/')
            .next()
            .is_some_and(|id| id.contains(['*', '?']))
    }
}

impl fmt::Display for InstanceArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_region_pattern(text: &str) -> bool {
    (1..=32).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-*?".contains(&b))
}

/// `i-` and 8 or 17 hexadecimal digits, `mi-` and 17 of them (API reference of Systems Manager, `Target`); today's
/// ids of instances all begin with `i-0`.
fn check_id(id: &str, prefix: &str) -> Result<(), InstanceArnError> {
    let literal = id.replace(['*', '?'], "");
    if literal.len() < id.len() {
        let beyond = literal.strip_prefix(prefix).unwrap_or(&literal);
        let beyond = beyond.strip_prefix('0').unwrap_or(beyond);
        if beyond.bytes().all(|b| !b.is_ascii_hexdigit()) {
            return Err(InstanceArnError::EveryInstance);
        }
        let is_id = literal
            .bytes()
            .all(|b| is_lower_hex(b) || b"mi-".contains(&b));
        return if is_id {
            Ok(())
        } else {
            Err(InstanceArnError::Form)
        };
    }
    let digits = id.strip_prefix(prefix).unwrap_or_default();
    let is_length = digits.len() == 17 || (digits.len() == 8 && prefix == "i-");
    if is_length && digits.bytes().all(is_lower_hex) {
        Ok(())
    } else {
        Err(InstanceArnError::Form)
    }
}

fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<(), InstanceArnError> {
        InstanceArn::check(text, text)
    }

    #[test]
    fn instances_and_nodes_are_taken_with_wildcards_where_they_do_no_harm() {
        for text in [
            "arn:aws:ec2:eu-central-1:123456789012:instance/i-0123456789abcdef0",
            "arn:aws-cn:ec2:*:111122223333:instance/i-01234567",
            "arn:aws:ec2:eu-*:123456789012:instance/i-0123456789abcdef0",
            "arn:aws:ssm:eu-central-1:123456789012:managed-instance/mi-0123456789abcdef0",
            "arn:aws:ec2:*:123456789012:instance/i-0a*",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn what_is_too_wide_or_no_instance_is_refused_each_for_its_own_reason() {
        use InstanceArnError as E;
        for (text, error) in [
            ("arn:aws:ec2:*:*:instance/i-0123456789abcdef0", E::Account),
            ("arn:aws:ec2:*::instance/i-0123456789abcdef0", E::Account),
            (
                "arn:aws:ec2:*:12345678901?:instance/i-0123456789abcdef0",
                E::Account,
            ),
            (
                "arn:*:ec2:*:123456789012:instance/i-0123456789abcdef0",
                E::Partition,
            ),
            ("arn:aws:ec2:*:123456789012:instance/*", E::EveryInstance),
            ("arn:aws:ec2:*:123456789012:instance/i-*", E::EveryInstance),
            ("arn:aws:ec2:*:123456789012:instance/i-0*", E::EveryInstance),
            (
                "arn:aws:ec2:*:123456789012:instance/i-0????????????????",
                E::EveryInstance,
            ),
            ("arn:aws:ec2:*:123456789012:instance/?*", E::EveryInstance),
            ("arn:aws:ec2:*:123456789012:instance/*-*", E::EveryInstance),
            (
                "arn:aws:ssm:*:123456789012:managed-instance/mi-*",
                E::EveryInstance,
            ),
            ("arn:aws:ec2:*:123456789012:instance/web-*", E::Form),
            ("arn:aws:ec2:*:123456789012:instance/i-0123", E::Form),
            (
                "arn:aws:ec2:*:123456789012:instance/i-0123456789ABCDEF0",
                E::Form,
            ),
            (
                "arn:aws:ec2:*:123456789012:instance/mi-0123456789abcdef0",
                E::Form,
            ),
            (
                "arn:aws:ec2::123456789012:instance/i-0123456789abcdef0",
                E::Form,
            ),
            (
                "arn:aws:ec2:*:123456789012:volume/vol-0123456789abcdef0",
                E::Form,
            ),
            ("arn:aws:ssm:*:123456789012:document/x", E::Form),
            (
                "arn:aws:ecs:*:123456789012:task/c/0123456789abcdef0",
                E::Form,
            ),
            ("i-0123456789abcdef0", E::Form),
            ("*", E::Form),
            ("", E::Form),
        ] {
            assert_eq!(check(text), Err(error), "{text}");
        }
        let written = "arn:aws:ec2:${region}:123456789012:instance/i-0123456789abcdef0";
        let filled = "arn:aws:ec2:eu-central-1:123456789012:instance/i-0123456789abcdef0";
        assert_eq!(
            InstanceArn::check(written, filled),
            Err(E::RegionPlaceholder)
        );
    }
}
