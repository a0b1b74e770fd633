//! One `[[forbidden]]` of the charter: a managed policy that nobody shall carry, and what roles get in its place.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A managed policy that nobody shall carry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forbidden {
    /// Its ARN.
    pub policy: String,
    /// What is done about it where it arrives.
    pub enforcement: Enforcement,
    /// Whether AWS Config may have a role rid of it without being asked.
    pub remediation: Remediation,
    /// What the account's instances use beside Systems Manager itself.
    pub agent_uses: Vec<AgentUse>,
    /// The buckets that instances need: for the output of Run Command, for instance.
    pub buckets: Vec<Bucket>,
    /// What roles get in its place, in the order in which it is attached.
    pub successors: Vec<Successor>,
}

/// What is done where a forbidden policy arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Enforcement {
    /// It is told.
    Report,
    /// It is taken off, where sessions stay recorded without it.
    Detach,
    /// Roles of instances get its successors, then it is taken off.
    Replace,
}

/// Who sets off the remediation of AWS Config.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Remediation {
    /// A person, for one role at a time.
    Manual,
    /// AWS Config itself.
    Automatic,
}

/// Software of instances that lives on the same role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AgentUse {
    /// The `CloudWatch` agent.
    CloudwatchAgent,
    /// Joining a domain of Directory Service.
    DirectoryService,
}

/// A bucket, and what the names of objects in it begin with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bucket {
    /// The bucket's name.
    pub name: String,
    /// What the objects' names begin with, without a slash at the end; all objects where it is missing.
    pub prefix: Option<String>,
}

/// Why a text names no bucket.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "found `{found}`, expected the name of a bucket, and where not all of it is meant a slash and what objects' names \
     begin with, without wildcard"
)]
pub struct NoBucket {
    /// The text, cut to a length fit for messages.
    found: String,
}

impl Bucket {
    /// Reads `NAME` or `NAME/PREFIX`.
    pub fn parse(text: &str) -> Result<Self, NoBucket> {
        if is_bucket(text) {
            Ok(Self::of_checked(text))
        } else {
            let found = text.chars().take(80).flat_map(char::escape_debug);
            Err(NoBucket {
                found: found.collect(),
            })
        }
    }

    /// The same of a text that was checked with its placeholders filled in.
    pub(super) fn of_checked(text: &str) -> Self {
        let (name, prefix) = match text.split_once('/') {
            Some((name, prefix)) => (name, Some(prefix.to_owned())),
            None => (text, None),
        };
        Self {
            name: name.to_owned(),
            prefix,
        }
    }
}

/// Amazon S3 user guide, "General purpose bucket naming rules", and of keys what has no meaning in policies.
fn is_bucket(text: &str) -> bool {
    let (name, prefix) = match text.split_once('/') {
        Some((name, prefix)) => (name, Some(prefix)),
        None => (text, None),
    };
    let is_of = |text: &str, more: &[u8]| {
        text.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || more.contains(&byte))
    };
    let is_prefix = |prefix: &str| {
        !prefix.is_empty()
            && !prefix.ends_with('/')
            && prefix.len() <= 900
            && is_of(prefix, b"_-/.!'()=+@:, ")
    };
    (3..=255).contains(&name.len()) && is_of(name, b"_-.") && prefix.is_none_or(is_prefix)
}

/// A managed policy that takes over a part of what the forbidden one granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Successor {
    /// Its ARN.
    pub policy: String,
    /// Which part.
    pub purpose: Purpose,
    /// How it is told that it still says what was reviewed.
    pub pin: Pin,
}

/// The parts of the forbidden policy that successors take over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// What every managed node needs.
    SystemsManager,
    /// Writing the records of sessions.
    SessionLogging,
    /// What the `CloudWatch` agent needs.
    CloudwatchAgent,
    /// What joining a domain needs.
    DirectoryService,
    /// The buckets that the operator names.
    Buckets,
}

/// How a successor is held to what was reviewed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pin {
    /// AWS's own: nobody in the account can change it.
    OfAws,
    /// The account's own: by the fingerprint of its document, [`crate::policy::PolicyDocument::fingerprint`].
    Fingerprint(String),
}

/// The policy of Systems Manager that reads and writes every bucket, without `arn:PARTITION:iam::aws:policy/`
/// (Systems Manager user guide, "AWS managed policies for AWS Systems Manager": no longer supported).
pub(super) const DEPRECATED: &str = "service-role/AmazonEC2RoleforSSM";

/// AWS's own policies that succeed it, and what for. Others are not taken: AWS may change what they grant, and a copy
/// that is the account's own can be pinned.
pub(super) const OF_AWS: [(&str, Purpose); 3] = [
    ("AmazonSSMManagedInstanceCore", Purpose::SystemsManager),
    ("CloudWatchAgentServerPolicy", Purpose::CloudwatchAgent),
    ("AmazonSSMDirectoryServiceAccess", Purpose::DirectoryService),
];

impl Forbidden {
    /// Whether `arn` is that of the policy. IAM tells no two names apart by their case, so nor does this.
    pub fn is(&self, arn: &str) -> bool {
        is_same(&self.policy, arn)
    }

    /// The successors with this purpose.
    pub fn successors_for(&self, purpose: Purpose) -> impl Iterator<Item = &Successor> {
        self.successors
            .iter()
            .filter(move |successor| successor.purpose == purpose)
    }

    /// The name without its path.
    pub fn name(&self) -> &str {
        self.policy.rsplit('/').next().unwrap_or_default()
    }

    /// Whether it is the deprecated policy of Systems Manager.
    pub fn is_deprecated(&self) -> bool {
        self.policy
            .ends_with(&format!(":iam::aws:policy/{DEPRECATED}"))
    }
}

impl Successor {
    /// Whether `arn` is that of the policy.
    pub fn is(&self, arn: &str) -> bool {
        is_same(&self.policy, arn)
    }

    /// Whether a role may get it: a use that the charter does not state is no use.
    pub fn is_used(&self, uses: &[AgentUse]) -> bool {
        match self.purpose {
            Purpose::SystemsManager | Purpose::SessionLogging | Purpose::Buckets => true,
            Purpose::CloudwatchAgent => uses.contains(&AgentUse::CloudwatchAgent),
            Purpose::DirectoryService => uses.contains(&AgentUse::DirectoryService),
        }
    }
}

/// Names of policies are unique in an account whatever their case; everything in front of them is in lower case.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    let split = |arn: &'_ str| arn.find(":policy/").unwrap_or(arn.len());
    let (one, one_name) = one.split_at(split(one));
    let (other, other_name) = other.split_at(split(other));
    one == other && one_name.eq_ignore_ascii_case(other_name)
}

impl AgentUse {
    /// All that there are.
    pub(super) const ALL: [Self; 2] = [Self::CloudwatchAgent, Self::DirectoryService];

    /// As the charter names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CloudwatchAgent => "cloudwatch-agent",
            Self::DirectoryService => "directory-service",
        }
    }
}

impl Purpose {
    /// All that there are.
    pub(super) const ALL: [Self; 5] = [
        Self::SystemsManager,
        Self::SessionLogging,
        Self::CloudwatchAgent,
        Self::DirectoryService,
        Self::Buckets,
    ];

    /// As the charter names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SystemsManager => "systems-manager",
            Self::SessionLogging => "session-logging",
            Self::CloudwatchAgent => "cloudwatch-agent",
            Self::DirectoryService => "directory-service",
            Self::Buckets => "buckets",
        }
    }

    /// The use without which it serves nothing.
    pub fn agent_use(self) -> Option<AgentUse> {
        match self {
            Self::SystemsManager | Self::SessionLogging | Self::Buckets => None,
            Self::CloudwatchAgent => Some(AgentUse::CloudwatchAgent),
            Self::DirectoryService => Some(AgentUse::DirectoryService),
        }
    }
}

impl Enforcement {
    /// As the charter names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Detach => "detach",
            Self::Replace => "replace",
        }
    }
}

impl Remediation {
    /// As the charter names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Automatic => "automatic",
        }
    }
}

impl fmt::Display for Bucket {
    /// As the charter names it: `NAME` or `NAME/PREFIX`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        match &self.prefix {
            Some(prefix) => write!(f, "/{prefix}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for AgentUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for Enforcement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests;
