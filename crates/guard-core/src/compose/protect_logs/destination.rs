//! Where sessions are recorded, as policies name it.

use crate::compose::{ComposeError, KeyRef};
use crate::names::Scope;
use crate::preferences::Preferences;

/// Where sessions of one Region are recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The account and Region of the document.
    pub scope: Scope,
    /// The log group.
    pub log_group: Option<String>,
    /// The bucket.
    pub bucket: Option<String>,
    /// What the names of objects in it begin with.
    pub prefix: Option<String>,
    /// The key with which sessions are encrypted.
    pub key: Option<KeyRef>,
}

impl Destination {
    /// What a document of preferences says of it, its placeholders filled in.
    pub fn of(preferences: &Preferences, scope: &Scope) -> Result<Self, ComposeError> {
        let key = preferences
            .input("kmsKeyId")
            .map(|text| KeyRef::parse(&text, scope))
            .transpose()?;
        let destination = Self {
            scope: scope.clone(),
            log_group: part(preferences, "cloudWatchLogGroupName", &LOG_GROUP)?,
            bucket: part(preferences, "s3BucketName", &BUCKET_NAME)?,
            prefix: part(preferences, "s3KeyPrefix", &PREFIX)?,
            key,
        };
        if destination.log_group.is_none() && destination.bucket.is_none() {
            return Err(ComposeError::RecordedNowhere {
                region: scope.region.clone(),
            });
        }
        Ok(destination)
    }

    /// The group, and with `:*` its streams and the form that some calls are authorised on.
    pub(crate) fn log_group_arns(&self) -> Vec<String> {
        let Some(group) = &self.log_group else {
            return Vec::new();
        };
        let Scope {
            partition,
            account,
            region,
        } = &self.scope;
        let arn = format!("arn:{partition}:logs:{region}:{account}:log-group:{group}");
        vec![format!("{arn}:*"), arn]
    }

    pub(crate) fn bucket_arn(&self) -> Option<String> {
        let bucket = self.bucket.as_ref()?;
        Some(format!("arn:{}:s3:::{bucket}", self.scope.partition))
    }

    pub(crate) fn objects_arn(&self) -> Option<String> {
        let bucket = self.bucket_arn()?;
        match &self.prefix {
            // The agent writes below PREFIX/.
            Some(prefix) => Some(format!("{bucket}/{}/*", prefix.trim_end_matches('/'))),
            None => Some(format!("{bucket}/*")),
        }
    }
}

/// The form of a part of a destination: lengths, characters beside letters and digits, and what people call it.
///
/// A character with a meaning in policies would make the denial wider or void.
struct PartForm {
    lengths: std::ops::RangeInclusive<usize>,
    characters: &'static str,
    expected: &'static str,
}

/// CloudWatch Logs API reference, `CreateLogGroup`.
const LOG_GROUP: PartForm = PartForm {
    lengths: 1..=512,
    characters: "_-/.#",
    expected: "the name of a log group: 1 to 512 letters, digits or characters of _-/.#",
};

/// Amazon S3 user guide, "General purpose bucket naming rules", old buckets of us-east-1 included.
const BUCKET_NAME: PartForm = PartForm {
    lengths: 3..=255,
    characters: "_-.",
    expected: "the name of a bucket: 3 to 255 letters, digits or characters of _-.",
};

/// Of what keys of objects may hold, that which has no meaning in policies (Amazon S3 user guide, "Naming objects").
const PREFIX: PartForm = PartForm {
    lengths: 1..=900,
    characters: "_-/.!'()=+@:, ",
    expected: "a prefix of letters, digits, blanks or characters of _-/.!'()=+@:,",
};

fn part(
    preferences: &Preferences,
    key: &'static str,
    form: &PartForm,
) -> Result<Option<String>, ComposeError> {
    let Some(text) = preferences.input(key) else {
        return Ok(None);
    };
    let is_fit = form.lengths.contains(&text.len())
        && text
            .chars()
            .all(|it| it.is_ascii_alphanumeric() || form.characters.contains(it));
    if is_fit {
        return Ok(Some(text));
    }
    Err(ComposeError::Destination {
        key,
        found: text.chars().take(100).collect(),
        expected: form.expected,
    })
}
