//! One call that has to go through for a session to be recorded.

use serde::Serialize;

use super::{Check, Recording};
use crate::compose::KeyRef;
use crate::names::{AccountId, Region, Scope};
use crate::reach::Set;

/// One call that has to go through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The call, such as `logs:PutLogEvents`.
    pub action: &'static str,
    /// In which Region.
    pub region: Region,
    /// The account that the guard stands for.
    pub account: AccountId,
    /// On what.
    pub target: Target,
    /// What becomes of a session when it does not.
    pub consequence: Consequence,
}

/// On what a call is made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// All log groups: the call cannot be limited to one.
    LogGroups {
        /// The ARN that the call is authorised on.
        arn: String,
    },
    /// One log group.
    LogGroup {
        /// Its ARN, without `:*`.
        arn: String,
    },
    /// Every stream of a log group: each session has its own, named like the session.
    Streams {
        /// The log group's ARN.
        group: String,
    },
    /// A bucket.
    Bucket {
        /// Its ARN.
        arn: String,
    },
    /// The objects in a bucket: each session has its own, named like the session.
    Objects {
        /// The ARN up to the session's id.
        start: String,
    },
    /// A key.
    Key {
        /// Its ARN.
        arn: String,
    },
    /// Whichever key has an alias.
    Alias {
        /// The ARN of all keys where the alias is, up to a key's id.
        keys: String,
        /// `alias/…`.
        name: String,
    },
}

/// What becomes of a session for which a call does not go through (SSM Agent, start and end of shell sessions).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Consequence {
    /// It goes on, and no record of it is kept.
    Unrecorded,
    /// It is refused.
    Refused,
}

impl Consequence {
    /// As it continues "sessions".
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unrecorded => "go on unrecorded",
            Self::Refused => "are refused",
        }
    }
}

/// Ids as sessions have them: the name of a user or of a role's session, a hyphen, and letters and digits. A statement
/// that lets both through lets all through, but for those that another one denies.
const SESSIONS: [&str; 2] = [
    "root-0a1b2c3d4e5f60718",
    "guard.probe@example.com-zq7x1v9k3m5p8r2t6w4yb0cd1e",
];

const SOME_KEY: &str = "00000000-1111-4222-8333-000000000000";

/// What a session needs (Systems Manager user guide, "Minimum Session Manager permissions", with logging).
pub(super) fn of(recording: &Recording) -> Vec<Need> {
    let Some(destination) = &recording.destination else {
        return Vec::new();
    };
    let scope = &recording.scope;
    let need = |action, target, consequence| Need::new(scope, action, target, consequence);
    let group = destination.log_group_arns().pop();
    let mut needs = group.map_or_else(Vec::new, |group| of_log_group(recording, &group));
    if let (Some(arn), Some(objects)) = (destination.bucket_arn(), destination.objects_arn()) {
        let start = objects.trim_end_matches('*').to_owned();
        needs.push(need(
            "s3:PutObject",
            Target::Objects { start },
            Consequence::Unrecorded,
        ));
        match recording.bucket {
            Check::Made => needs.push(need(
                "s3:GetEncryptionConfiguration",
                Target::Bucket { arn },
                Consequence::Refused,
            )),
            Check::NotMade => {}
        }
    }
    if let Some(key) = &destination.key {
        needs.push(need("kms:Decrypt", key_target(key), Consequence::Refused));
    }
    needs
}

/// What the agent calls to find the group and to write a stream of its own in it.
fn of_log_group(recording: &Recording, group: &str) -> Vec<Need> {
    let Scope {
        partition,
        account,
        region,
    } = &recording.scope;
    let group = group.to_owned();
    let all = Target::LogGroups {
        arn: format!("arn:{partition}:logs:{region}:{account}:log-group::log-stream:"),
    };
    let one = Target::LogGroup { arn: group.clone() };
    let streams = Target::Streams { group };
    let unseen = match recording.log_group {
        Check::Made => Consequence::Refused,
        Check::NotMade => Consequence::Unrecorded,
    };
    let lost = Consequence::Unrecorded;
    let need =
        |action, target, consequence| Need::new(&recording.scope, action, target, consequence);
    vec![
        need("logs:DescribeLogGroups", all, unseen),
        need("logs:DescribeLogStreams", one, lost),
        need("logs:CreateLogStream", streams.clone(), lost),
        need("logs:PutLogEvents", streams, lost),
    ]
}

fn key_target(key: &KeyRef) -> Target {
    match key {
        KeyRef::Key { arn } => Target::Key { arn: arn.clone() },
        KeyRef::Alias { arn, name } => Target::Alias {
            keys: format!("{}key/", arn.strip_suffix(name.as_str()).unwrap_or(arn)),
            name: name.clone(),
        },
    }
}

impl Need {
    fn new(scope: &Scope, action: &'static str, target: Target, consequence: Consequence) -> Self {
        Self {
            action,
            region: scope.region.clone(),
            account: scope.account.clone(),
            target,
            consequence,
        }
    }

    /// Requests of which all must go through; of each, the forms that AWS may authorise it on, one of which suffices.
    pub(super) fn probes(&self) -> Vec<Vec<String>> {
        match &self.target {
            Target::LogGroups { arn } | Target::Bucket { arn } | Target::Key { arn } => {
                vec![vec![arn.clone()]]
            }
            Target::LogGroup { arn } => vec![vec![arn.clone(), format!("{arn}:log-stream:")]],
            Target::Streams { group } => {
                let stream = |session| format!("{group}:log-stream:{session}");
                let forms = |session| match self.action {
                    "logs:CreateLogStream" => vec![stream(session), group.clone()],
                    _ => vec![stream(session)],
                };
                SESSIONS.map(forms).to_vec()
            }
            Target::Objects { start } => SESSIONS
                .map(|session| vec![format!("{start}{session}.log")])
                .to_vec(),
            Target::Alias { keys, .. } => vec![vec![format!("{keys}{SOME_KEY}")]],
        }
    }

    /// The records of all sessions that there can be, where the call writes them.
    pub(super) fn records(&self) -> Vec<Set> {
        let records = match &self.target {
            Target::Streams { group } => Some(format!("{group}:log-stream:?*")),
            Target::Objects { start } => Some(format!("{start}?*")),
            Target::LogGroups { .. }
            | Target::LogGroup { .. }
            | Target::Bucket { .. }
            | Target::Key { .. }
            | Target::Alias { .. } => None,
        };
        records.into_iter().map(Set::of).collect()
    }

    /// What the call may be authorised on for all sessions at once, if there is such a thing.
    pub(super) fn form_for_all(&self) -> Vec<String> {
        match (&self.target, self.action) {
            (Target::Streams { group }, "logs:CreateLogStream") => vec![group.clone()],
            _ => Vec::new(),
        }
    }

    /// Everything that the call may be made on: a denial anywhere in it keeps some session from being recorded.
    pub(super) fn sets(&self) -> Vec<Set> {
        let sets = match &self.target {
            Target::Streams { group } => vec![format!("{group}:log-stream:?*"), group.clone()],
            Target::Objects { start } => vec![format!("{start}?*")],
            Target::LogGroups { .. }
            | Target::LogGroup { .. }
            | Target::Bucket { .. }
            | Target::Key { .. }
            | Target::Alias { .. } => self.probes().concat(),
        };
        sets.into_iter().map(Set::of).collect()
    }

    /// The alias by which a key is known.
    pub(super) fn alias(&self) -> Option<&str> {
        match &self.target {
            Target::Alias { name, .. } => Some(name),
            Target::LogGroups { .. }
            | Target::LogGroup { .. }
            | Target::Streams { .. }
            | Target::Bucket { .. }
            | Target::Objects { .. }
            | Target::Key { .. } => None,
        }
    }

    /// Whether the call writes the record itself.
    pub fn is_writing(&self) -> bool {
        matches!(self.target, Target::Streams { .. } | Target::Objects { .. })
    }

    /// On what, as people find it: "`/sessions` in eu-central-1".
    pub fn place(&self) -> String {
        let region = &self.region;
        let last =
            |arn: &str, by: &str| arn.split_once(by).map_or(arn, |(_, rest)| rest).to_owned();
        match &self.target {
            Target::LogGroups { .. } => format!("every log group in {region}"),
            Target::LogGroup { arn } | Target::Streams { group: arn } => {
                format!("log group `{}` in {region}", last(arn, ":log-group:"))
            }
            Target::Bucket { arn } => format!("bucket `{}` of {region}", last(arn, ":::")),
            Target::Objects { start } => format!("`{}*` for {region}", last(start, ":::")),
            Target::Key { arn } => format!("key `{}`", last(arn, ":key/")),
            Target::Alias { name, .. } => format!("the key of `{name}` in {region}"),
        }
    }
}
