//! The names that go into decisions, each checked once when it enters.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The one document that says how sessions are recorded, encrypted and limited in a Region.
pub const PREFERENCES_DOCUMENT: &str = "SSM-SessionManagerRunShell";

/// A name that is not of the form AWS gives it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is not {expected}")]
pub struct NameError {
    /// What was read, cut to a length fit for messages.
    pub found: String,
    /// What was expected, with its article.
    pub expected: &'static str,
}

impl NameError {
    fn new(found: &str, expected: &'static str) -> Self {
        let found = found.chars().take(80).collect();
        Self { found, expected }
    }
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $expected:literal, $is_valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            #[doc = concat!("Takes `text` if it is ", $expected, ".")]
            pub fn parse(text: &str) -> Result<Self, NameError> {
                let is_valid: fn(&str) -> bool = $is_valid;
                if is_valid(text) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(NameError::new(text, $expected))
                }
            }

            /// The name as AWS writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;
            fn try_from(text: String) -> Result<Self, NameError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.0
            }
        }
    };
}

name!(
    /// An AWS account id: twelve digits.
    AccountId,
    "an account id of 12 digits",
    |text| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit())
);

name!(
    /// A Region's code, such as `eu-central-1`.
    Region,
    "a Region's code",
    |text| {
        (3..=32).contains(&text.len())
            && text.contains('-')
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    }
);

name!(
    /// The part of an ARN behind `arn:`, such as `aws` or `aws-us-gov`.
    Partition,
    "a partition such as aws, aws-cn or aws-us-gov",
    |text| {
        (text == "aws" || text.starts_with("aws-"))
            && text.len() <= 32
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    }
);

name!(
    /// The ARN of an IAM role, with its path.
    RoleArn,
    "the ARN of an IAM role",
    |text| is_iam_arn(text, "role/")
);

name!(
    /// The ARN of an IAM user, with its path.
    UserArn,
    "the ARN of an IAM user",
    |text| is_iam_arn(text, "user/")
);

name!(
    /// The name of an SSM document (API reference, `CreateDocument`), without the account that owns it.
    DocumentName,
    "the name of a document: 3 to 128 letters, digits or characters of _.-",
    |text| {
        (3..=128).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b))
    }
);

name!(
    /// The id that CloudTrail gives a record; the key by which duplicates are known.
    EventId,
    "an event id of letters, digits and hyphens",
    |text| {
        (1..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    }
);

/// The number of one version of an SSM document; versions start at 1 again when a document is created anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Version(pub u64);

impl Version {
    /// Takes a positive decimal number without leading zeros, the only form AWS writes.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let number = text.parse::<u64>().ok().filter(|number| *number > 0);
        match number {
            Some(number) if number.to_string() == text => Ok(Self(number)),
            _ => Err(NameError::new(text, "a document version")),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One account in one Region: the reach of one preferences document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// The partition of the Region.
    pub partition: Partition,
    /// The account.
    pub account: AccountId,
    /// The Region.
    pub region: Region,
}

impl Region {
    /// The Region of the same partition in which `CloudTrail` keeps the records of IAM's calls, and `EventBridge` has
    /// their events: IAM itself knows no Regions (`CloudTrail` user guide, "Global service events"; IAM endpoints,
    /// AWS General Reference).
    #[must_use]
    pub fn of_iam_records(&self) -> Self {
        let region = match self.0.split('-').next() {
            Some("cn") => "cn-north-1",
            Some("us") if self.0.starts_with("us-gov-") => "us-gov-west-1",
            _ => "us-east-1",
        };
        Self(region.to_owned())
    }
}

impl RoleArn {
    /// The last segment: a role's name, unique in its account whatever the path.
    pub fn role_name(&self) -> &str {
        last_segment(&self.0)
    }

    /// The account in the ARN.
    pub fn account(&self) -> &str {
        self.0.split(':').nth(4).unwrap_or_default()
    }
}

/// What the names of AWS's own documents begin with, in any case; nobody else may take such a name (API reference,
/// `CreateDocument`).
const NAMES_OF_AWS: [&str; 3] = ["aws", "amazon", "amzn"];

impl DocumentName {
    /// The document of preferences, which is also the one that sessions use when they name none.
    pub fn preferences() -> Self {
        Self(PREFERENCES_DOCUMENT.to_owned())
    }

    /// Whether it is one of AWS's own, which belong to no account.
    pub fn is_of_aws(&self) -> bool {
        let lower = self.0.to_ascii_lowercase();
        NAMES_OF_AWS.iter().any(|start| lower.starts_with(start))
    }
}

fn last_segment(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or_default()
}

fn is_iam_arn(text: &str, kind: &str) -> bool {
    let mut parts = text.splitn(6, ':');
    let (Some("arn"), Some(partition), Some("iam"), Some(""), Some(account), Some(resource)) = (
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
    ) else {
        return false;
    };
    Partition::parse(partition).is_ok()
        && AccountId::parse(account).is_ok()
        && resource.strip_prefix(kind).is_some_and(is_path_and_name)
}

/// Path segments and a name of the characters that IAM allows in names (API reference, `CreateRole`).
fn is_path_and_name(text: &str) -> bool {
    !last_segment(text).is_empty()
        && text.len() <= 512
        && text
            .bytes()
            .all(|b| b.is_ascii_graphic() && !b"*?".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_arn_keeps_its_path_and_yields_its_name() {
        let role = RoleArn::parse("arn:aws-cn:iam::123456789012:role/teams/red/editor").unwrap();
        assert_eq!(
            (role.role_name(), role.account()),
            ("editor", "123456789012")
        );
    }

    #[test]
    fn arns_of_other_kinds_are_not_roles() {
        for text in [
            "arn:aws:sts::123456789012:assumed-role/editor/me",
            "arn:aws:iam::123456789012:user/editor",
            "arn:aws:iam::12345678901:role/editor",
            "arn:aws:iam::123456789012:role/",
            "arn:aws:iam::123456789012:role/edit*",
        ] {
            assert!(RoleArn::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn documents_of_aws_are_known_by_their_names() {
        for (name, is_of_aws) in [
            ("AWS-StartSSHSession", true),
            ("AWSFleetManager-CreateUser", true),
            ("amazonCloudWatch-x", true),
            ("SSM-SessionManagerRunShell", false),
            ("my-AWS-document", false),
        ] {
            let name = DocumentName::parse(name).unwrap();
            assert_eq!(name.is_of_aws(), is_of_aws, "{name}");
        }
        for text in [
            "ab",
            "a b c",
            "doc*",
            "arn:aws:ssm:::document/x",
            "${account}",
        ] {
            assert!(DocumentName::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_version_is_a_positive_number_as_aws_writes_it() {
        assert_eq!(Version::parse("12"), Ok(Version(12)));
        for text in ["0", "01", "+1", "$LATEST", "", "-1", "1.0"] {
            assert!(Version::parse(text).is_err(), "{text}");
        }
    }
}
