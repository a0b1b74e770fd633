//! How long a policy or document may be.

use serde_json::Value;

use super::ComposeError;

/// What it is made for, each with AWS's limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// A managed policy: 6,144 characters, white space not counted (IAM user guide, "IAM and AWS STS quotas").
    ManagedPolicy,
    /// The inline policy of a permission set: 10,240 characters, white space not counted, since it becomes that of a role
    /// (the same quotas; Identity Center itself takes more).
    PermissionSet,
    /// A service control policy: 5,120 characters as saved (AWS Organizations user guide, "Quotas and service limits").
    Scp,
    /// A bucket policy: 20 KB (Amazon S3 user guide, "Policies and permissions").
    BucketPolicy,
    /// A key policy: 32 KB (AWS KMS developer guide, "Resource quotas").
    KeyPolicy,
    /// A document: 64 KB (Systems Manager API reference, `MaxDocumentSizeExceeded`).
    SessionDocument,
}

impl Limit {
    fn most(self) -> usize {
        match self {
            Self::ManagedPolicy => 6_144,
            Self::PermissionSet => 10_240,
            Self::Scp => 5_120,
            Self::BucketPolicy => 20 * 1024,
            Self::KeyPolicy => 32 * 1024,
            Self::SessionDocument => 64 * 1024,
        }
    }

    /// What AWS counts of the shortest text; the formatter puts no white space between tokens.
    fn size(self, value: &Value) -> usize {
        let text = value.to_string();
        match self {
            Self::ManagedPolicy | Self::PermissionSet => {
                text.chars().filter(|it| !it.is_whitespace()).count()
            }
            Self::Scp => text.chars().count(),
            Self::BucketPolicy | Self::KeyPolicy | Self::SessionDocument => text.len(),
        }
    }

    pub(super) fn check(self, name: &str, value: &Value) -> Result<(), ComposeError> {
        let (size, most) = (self.size(value), self.most());
        if size <= most {
            return Ok(());
        }
        Err(ComposeError::TooLong {
            name: name.to_owned(),
            size,
            most,
            limit: self,
        })
    }

    /// The text: indented where that is no matter or still short enough.
    pub(super) fn text(self, value: &Value) -> String {
        let indented = format!("{value:#}");
        let counts_all = match self {
            Self::ManagedPolicy | Self::PermissionSet => false,
            Self::Scp | Self::BucketPolicy | Self::KeyPolicy | Self::SessionDocument => true,
        };
        if counts_all && indented.len() > self.most() {
            value.to_string()
        } else {
            indented
        }
    }
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::ManagedPolicy => "a managed policy",
            Self::PermissionSet => "the inline policy of a permission set",
            Self::Scp => "a service control policy",
            Self::BucketPolicy => "a bucket policy",
            Self::KeyPolicy => "a key policy",
            Self::SessionDocument => "a document",
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn white_space_counts_where_aws_counts_it() {
        let value = json!({ "Sid": "x".repeat(5_120 - 12), "a": "" });
        let shorter = json!({ "Sid": "x".repeat(5_120 - 17), "a": "" });
        assert!(Limit::Scp.check("p", &value).is_err());
        assert_eq!(shorter.to_string().len(), 5_120);
        assert_eq!(Limit::Scp.check("p", &shorter), Ok(()));
        assert_eq!(Limit::Scp.text(&shorter), shorter.to_string());
        assert_eq!(Limit::ManagedPolicy.text(&shorter), format!("{shorter:#}"));
        let blanks = json!(" ".repeat(10_000));
        assert_eq!(Limit::ManagedPolicy.check("p", &blanks), Ok(()));
        assert!(Limit::Scp.check("p", &blanks).is_err());
    }
}
