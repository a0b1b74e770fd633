//! Arguments that say which sessions a policy allows, and to whom.

use clap::ValueEnum;
use guard_core::charter::{InstanceArn, InstancePattern, Sessions};
use guard_core::compose::start_session::{Bearer, Grant};
use guard_core::compose::{ComposeError, KeyRef, Place};
use guard_core::mandate::Mandate;
use guard_core::names::{DocumentName, Scope};

use crate::error::Error;

/// Which sessions, and whose.
#[derive(Debug, clap::Args)]
pub(crate) struct GrantArgs {
    /// How sessions are narrowed to instances; otherwise as the charter says
    #[arg(long, value_enum)]
    pattern: Option<Pattern>,
    /// With the pattern arn: the ARN of an instance, `*` and `?` allowed in Region and id; can be repeated
    #[arg(long, value_name = "ARN", value_parser = InstanceArn::parse, requires = "pattern")]
    instance: Vec<InstanceArn>,
    /// With the pattern tag: key and value, with `*` and `?` as wildcards; can be repeated with the same key
    #[arg(long, value_name = "KEY=VALUE", value_parser = tag, requires = "pattern")]
    tag: Vec<(String, String)>,
    /// With the pattern abac: the key of the instance's tag
    #[arg(long, value_name = "KEY", requires = "pattern")]
    tag_key: Option<String>,
    /// With the pattern abac: the key of the principal's tag, if it is another one
    #[arg(long, value_name = "KEY", requires = "tag_key")]
    principal_key: Option<String>,
    /// Who carries the policy
    #[arg(long = "for", value_enum, value_name = "WHO", default_value_t = Who::Role)]
    bearer: Who,
    /// A key that encrypts sessions: ARN, id or alias; otherwise the baseline's; can be repeated
    #[arg(long, value_name = "KEY")]
    kms_key: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Pattern {
    /// Instances by their ARNs
    Arn,
    /// Instances that carry a tag
    Tag,
    /// Instances that carry the principal's own value in a tag
    Abac,
}

impl Pattern {
    /// The argument that says what the pattern is about.
    fn flag(self) -> &'static str {
        match self {
            Self::Arn => "--instance",
            Self::Tag => "--tag",
            Self::Abac => "--tag-key",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Who {
    /// IAM users
    User,
    /// Sessions of a role
    Role,
    /// A permission set of Identity Center
    PermissionSet,
}

impl GrantArgs {
    /// What is asked for; `keys` are those of the baseline.
    pub(crate) fn grant(
        &self,
        sessions: Option<&Sessions>,
        documents: Vec<DocumentName>,
        keys: Vec<KeyRef>,
        scopes: &[Scope],
    ) -> Result<Grant, Error> {
        let bearer = match self.bearer {
            Who::User => Bearer::User,
            Who::Role => Bearer::Role,
            Who::PermissionSet => Bearer::PermissionSet,
        };
        let keys = if self.kms_key.is_empty() {
            keys
        } else {
            self::keys(&self.kms_key, scopes)?
        };
        Ok(Grant {
            instances: self.instances(sessions)?,
            documents,
            keys,
            bearer,
        })
    }

    /// Whether that is within what the charter lets sessions be.
    pub(crate) fn check(
        grant: &Grant,
        sessions: Option<&Sessions>,
        place: &Place,
    ) -> Result<(), ComposeError> {
        match sessions {
            Some(sessions) => {
                guard_core::compose::start_session::check_instances(grant, sessions, place)
            }
            None => Ok(()),
        }
    }

    /// Those that are named, or else those of the charter, if it has the same pattern.
    fn instances(&self, sessions: Option<&Sessions>) -> Result<InstancePattern, Error> {
        if let Some(named) = self.named()? {
            return Ok(named);
        }
        match (self.pattern, sessions.map(|it| &it.instances)) {
            (Some(Pattern::Arn), Some(found @ InstancePattern::Arns(_)))
            | (Some(Pattern::Tag), Some(found @ InstancePattern::Tag { .. }))
            | (Some(Pattern::Abac), Some(found @ InstancePattern::Abac { .. }))
            | (None, Some(found)) => Ok(found.clone()),
            (Some(pattern), _) => Err(Error::Unnamed {
                flag: pattern.flag(),
            }),
            (None, None) => Err(Error::NoPattern),
        }
    }

    fn named(&self) -> Result<Option<InstancePattern>, Error> {
        let Some(pattern) = self.pattern else {
            return Ok(None);
        };
        let given = [
            (Pattern::Arn, !self.instance.is_empty()),
            (Pattern::Tag, !self.tag.is_empty()),
            (Pattern::Abac, self.tag_key.is_some()),
        ];
        let other = given
            .iter()
            .find(|(of, is_given)| *is_given && *of != pattern);
        if let Some((other, _)) = other {
            return Err(Error::OtherPattern { flag: other.flag() });
        }
        if !given.contains(&(pattern, true)) {
            return Ok(None);
        }
        let named = match pattern {
            Pattern::Arn => InstancePattern::Arns(self.instance.clone()),
            Pattern::Tag => self.tagged()?,
            Pattern::Abac => {
                let key = self.tag_key.as_deref().unwrap_or_default();
                let principal_key = self.principal_key.as_deref().unwrap_or(key);
                InstancePattern::abac(key, principal_key).map_err(Error::Tag)?
            }
        };
        Ok(Some(named))
    }

    fn tagged(&self) -> Result<InstancePattern, Error> {
        let mut keys: Vec<_> = self.tag.iter().map(|(key, _)| key.as_str()).collect();
        keys.dedup();
        let values: Vec<_> = self.tag.iter().map(|(_, value)| value.clone()).collect();
        match keys.as_slice() {
            [key] => InstancePattern::tag(key, &values).map_err(Error::Tag),
            _ => Err(Error::TwoTags),
        }
    }
}

/// Each key in each of the scopes, as far as it differs there.
pub(crate) fn keys(texts: &[String], scopes: &[Scope]) -> Result<Vec<KeyRef>, Error> {
    let mut keys = Vec::new();
    for text in texts {
        for scope in scopes {
            let key = KeyRef::parse(text, scope).map_err(ComposeError::Key)?;
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    Ok(keys)
}

/// The keys that the baseline names, Region by Region.
pub(crate) fn keys_of<'m>(
    mandates: impl IntoIterator<Item = &'m Mandate>,
) -> Result<Vec<KeyRef>, Error> {
    let mut keys = Vec::new();
    for mandate in mandates {
        let Some(text) = mandate.baseline().input("kmsKeyId") else {
            continue;
        };
        let key = KeyRef::parse(&text, mandate.scope()).map_err(ComposeError::Key)?;
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    Ok(keys)
}

fn tag(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) => Ok((key.to_owned(), value.to_owned())),
        None => Err("expected KEY=VALUE, such as SessionAccess=web".to_owned()),
    }
}
