//! KMS keys as preferences name them, and as policies have to.

use super::draft::Draft;
use crate::names::{AccountId, Partition, Region, Scope};

/// A key, told by its ARN or by an alias.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyRef {
    /// The key itself.
    Key {
        /// Its ARN.
        arn: String,
    },
    /// Whichever key has the alias.
    Alias {
        /// The alias's ARN.
        arn: String,
        /// `alias/…`.
        name: String,
    },
}

/// A text that names no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{found}` is no key: expected its ARN, its id, the ARN of an alias or alias/NAME, without wildcard"
)]
pub struct KeyError {
    /// What was read.
    pub found: String,
}

impl KeyRef {
    /// Reads what `kmsKeyId` of a document may be; ids and aliases are those of the scope.
    pub fn parse(text: &str, scope: &Scope) -> Result<Self, KeyError> {
        let error = || KeyError {
            found: text.chars().take(200).collect(),
        };
        let (prefix, resource) = match text.strip_prefix("arn:") {
            Some(_) => text.rsplit_once(':').ok_or_else(error)?,
            None => ("", text),
        };
        let prefix = if prefix.is_empty() {
            let Scope {
                partition,
                account,
                region,
            } = scope;
            format!("arn:{partition}:kms:{region}:{account}")
        } else if is_kms(prefix) {
            prefix.to_owned()
        } else {
            return Err(error());
        };
        let id = resource.strip_prefix("key/");
        let id = id.or_else(|| (!text.starts_with("arn:")).then_some(resource));
        if let Some(name) = resource
            .strip_prefix("alias/")
            .filter(|name| is_alias(name))
        {
            return Ok(Self::Alias {
                arn: format!("{prefix}:alias/{name}"),
                name: format!("alias/{name}"),
            });
        }
        let id = id.filter(|id| is_key_id(id)).ok_or_else(error)?;
        Ok(Self::Key {
            arn: format!("{prefix}:key/{id}"),
        })
    }

    /// The ARN as it was told.
    pub fn arn(&self) -> &str {
        match self {
            Self::Key { arn } | Self::Alias { arn, .. } => arn,
        }
    }
}

/// The statement for each way in which the keys are told.
///
/// No call on a key is authorised on the ARN of an alias (AWS KMS developer guide, "Use aliases to control access to
/// KMS keys"), so that a key known by its alias is named by the condition `kms:ResourceAliases`.
pub(super) fn on_keys(draft: &Draft, keys: &[KeyRef], aliased_sid: &str) -> Vec<Draft> {
    let (mut arns, mut any_key, mut aliases) = (Vec::new(), Vec::new(), Vec::new());
    for key in keys {
        match key {
            KeyRef::Key { arn } => add(&mut arns, arn.clone()),
            KeyRef::Alias { arn, name } => {
                let account = arn.strip_suffix(name.as_str()).unwrap_or(arn);
                add(&mut any_key, format!("{account}key/*"));
                add(&mut aliases, name.clone());
            }
        }
    }
    let mut drafts = Vec::new();
    if !arns.is_empty() {
        drafts.push(draft.clone().on(arns));
    }
    if !aliases.is_empty() {
        let operator = "ForAnyValue:StringEquals";
        let by_alias = draft.clone().named(aliased_sid).on(any_key);
        drafts.push(by_alias.when(operator, "kms:ResourceAliases", aliases));
    }
    drafts
}

fn add(texts: &mut Vec<String>, text: String) {
    if !texts.contains(&text) {
        texts.push(text);
    }
}

fn is_kms(prefix: &str) -> bool {
    match prefix.split(':').collect::<Vec<_>>().as_slice() {
        ["arn", partition, "kms", region, account] => {
            Partition::parse(partition).is_ok()
                && Region::parse(region).is_ok()
                && AccountId::parse(account).is_ok()
        }
        _ => false,
    }
}

/// Names of aliases after the AWS KMS API reference, `CreateAlias`.
fn is_alias(name: &str) -> bool {
    (1..=250).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"/_-".contains(&byte))
}

/// A UUID, or `mrk-` and 32 digits for a key of several Regions.
fn is_key_id(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope() -> Scope {
        Scope {
            partition: Partition::parse("aws").unwrap(),
            account: AccountId::parse("123456789012").unwrap(),
            region: Region::parse("eu-central-1").unwrap(),
        }
    }

    #[test]
    fn keys_are_read_in_every_form_that_preferences_have() {
        let key = |arn: &str| KeyRef::Key {
            arn: arn.to_owned(),
        };
        let id = "1234abcd-12ab-34cd-56ef-1234567890ab";
        let here = format!("arn:aws:kms:eu-central-1:123456789012:key/{id}");
        assert_eq!(KeyRef::parse(id, &scope()), Ok(key(&here)));
        assert_eq!(KeyRef::parse(&here, &scope()), Ok(key(&here)));
        let there = format!("arn:aws:kms:us-east-1:111122223333:key/{id}");
        assert_eq!(KeyRef::parse(&there, &scope()), Ok(key(&there)));
        let alias = KeyRef::Alias {
            arn: "arn:aws:kms:eu-central-1:123456789012:alias/a/b".to_owned(),
            name: "alias/a/b".to_owned(),
        };
        for text in ["alias/a/b", alias.arn()] {
            assert_eq!(KeyRef::parse(text, &scope()).as_ref(), Ok(&alias));
        }
    }

    #[test]
    fn what_is_no_key_or_many_is_refused() {
        for text in [
            "",
            "*",
            "key/*",
            "alias/*",
            "alias/",
            "arn:aws:kms:eu-central-1:123456789012:key/*",
            "arn:aws:kms:*:123456789012:key/1234",
            "arn:aws:kms:eu-central-1:*:key/1234",
            "arn:aws:iam::123456789012:role/x",
            "arn:aws:kms:eu-central-1:123456789012:1234",
            "{{key}}",
        ] {
            assert!(KeyRef::parse(text, &scope()).is_err(), "{text}");
        }
    }
}
