//! What to know about a policy or document that it cannot say itself.

use std::fmt;

use serde::Serialize;

const BINDS_ONLY_BEARERS: &str = "it binds only those to whom it is attached: attach it to every user, role and permission set that it is \
    meant for";
const SCP_REACH: &str =
    "a service control policy binds neither the management account nor service-linked roles";
const ANY_ACCOUNT: &str = "${account} stands as *: in each account where it is attached, that account's own roles and \
    users of that path and name are excepted; --account names one";
const CALLERS_ACCOUNT: &str = "${aws:PrincipalAccount} stands for the account: the policy works in whichever one it is \
    assigned or attached, for that account's own instances and documents";
const UNRECORDED: &str = "are not recorded as they run, tunnels not at all";
const NO_EDITORS: &str = "the charter names no editor: nobody but the guard can change preferences";
const UNTAGGED_SESSIONS: &str = "people end and resume sessions by the tag that Session Manager sets: a role session whose name has \
    characters other than letters, digits, blanks and _.:/=+-@\\ gets none, and its sessions end by their \
    timeouts only";
const RECORDED_AT_END: &str = "what the command puts out is recorded when it has ended, not while it runs: the agent streams only \
    shells";
const NO_RESOURCE_POLICIES: &str = "bucket and key get no policy of their own, since it would bind everybody: name who answers for them with \
    --except";
const ADD_TO_POLICIES: &str = "add the statements for bucket and key to the policies that these have, and try them as one of the \
    excepted: whoever is left out can take nothing back";
const OVERWRITING: &str = "nodes can overwrite objects, since they write them: switch on versioning and, where it is required, \
    Object Lock";
const KEY_OF_LOG_GROUP: &str =
    "the keys of log group and bucket stand in no preferences: name them with --kms-key";
const ACCOUNT_WIDE_CALLS: &str = "calls on the account's policies for all log groups are denied by the identity form alone: a service \
    control policy would stop other uses of them";
const PIN_IT: &str = "create it in the account and pin it in the charter as [[forbidden.successor]], with what `session-guard \
    policy fingerprint` says of the file";
const AGENT_BUCKETS: &str = "some Regions have AWS's buckets under longer names: compare with the list in the Systems Manager user \
    guide, and give the endpoint's policy the same ones";

/// One note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Note {
    /// An identity policy.
    BindsOnlyBearers,
    /// A service control policy.
    ScpReach,
    /// Accounts stand as a wildcard.
    AnyAccount,
    /// Accounts stand as the caller's own.
    CallersAccount,
    /// Nobody is an editor.
    NoEditors,
    /// A path with a wildcard.
    PathWildcard {
        /// The editor.
        who: String,
    },
    /// Which service made a call cannot be told.
    ViaUntold {
        /// The editor.
        who: String,
        /// The services.
        services: Vec<String>,
    },
    /// Several limited entries may name one principal.
    LimitsAddUp {
        /// The editor.
        who: String,
    },
    /// Tags of sessions decide.
    SessionTags {
        /// The tag's key.
        key: String,
    },
    /// Tags of principals decide.
    PrincipalTags {
        /// The tag's key.
        key: String,
        /// What kind of principal.
        bearer: &'static str,
    },
    /// Tags of instances decide.
    InstanceTags {
        /// The tag's key.
        key: String,
    },
    /// Sessions that carry no tag.
    UntaggedSessions,
    /// A document whose sessions are not recorded as they run.
    Unrecorded {
        /// Its name.
        document: String,
    },
    /// Commands are recorded at the end.
    RecordedAtEnd,
    /// A parameter that can name any file.
    AnyFile {
        /// The parameter.
        parameter: String,
    },
    /// A program from which one gets to a shell.
    WayOut {
        /// The program.
        program: &'static str,
    },
    /// A document that the charter does not list.
    NotInCharter {
        /// Its name.
        document: String,
    },
    /// Bucket and key are left without a policy of their own.
    NoResourcePolicies,
    /// Policies of buckets and keys exist already.
    AddToPolicies,
    /// Whoever writes can overwrite.
    Overwriting,
    /// The log group's own key is not known.
    KeyOfLogGroup,
    /// Some calls are denied to people only.
    AccountWideCalls,
    /// A successor has to be pinned.
    PinIt,
    /// Not every Region has these buckets under these names.
    AgentBuckets,
}

/// A sentence without a full stop.
impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PathWildcard { who } => write!(
                f,
                "`*` in the path of {who} stands for one segment in the charter and for any number of them in a policy"
            ),
            Self::ViaUntold { who, services } => write!(
                f,
                "{who} is excepted for calls of any AWS service: a policy cannot tell whether it was {}; the guard can",
                services.join(" or ")
            ),
            Self::LimitsAddUp { who } => write!(
                f,
                "another entry with limits may name {who} too: the policy asks for the limits of both, the charter for \
                 those of one"
            ),
            Self::SessionTags { key } => write!(
                f,
                "in Identity Center, switch on attributes for access control and map `{key}` to an attribute of users \
                 that they cannot change; without it nobody can open a session"
            ),
            Self::PrincipalTags { key, bearer } => write!(
                f,
                "each {bearer} needs the tag `{key}`; whoever may set it (iam:Tag…, and sts:TagSession in trust policies) \
                 decides who reaches what"
            ),
            Self::InstanceTags { key } => write!(
                f,
                "whoever may set the tag `{key}` of instances (ec2:CreateTags, ssm:AddTagsToResource) decides who \
                 reaches them; deny it to people who open sessions"
            ),
            Self::Unrecorded { document } => write!(f, "sessions with `{document}` {UNRECORDED}"),
            Self::AnyFile { parameter } => write!(
                f,
                "`{parameter}` lets / and . through: a value can name any file, also by .. out of a folder before it"
            ),
            Self::WayOut { program } => write!(
                f,
                "`{program}` can start a shell or other programs for whoever sits at it; choose one that cannot, or a \
                 command without input"
            ),
            Self::NotInCharter { document } => write!(
                f,
                "the charter does not let sessions use `{document}`: add it to documents in [sessions], or the rule \
                 session-access will report whoever has this policy"
            ),
            Self::BindsOnlyBearers => f.write_str(BINDS_ONLY_BEARERS),
            Self::ScpReach => f.write_str(SCP_REACH),
            Self::AnyAccount => f.write_str(ANY_ACCOUNT),
            Self::CallersAccount => f.write_str(CALLERS_ACCOUNT),
            Self::NoEditors => f.write_str(NO_EDITORS),
            Self::UntaggedSessions => f.write_str(UNTAGGED_SESSIONS),
            Self::RecordedAtEnd => f.write_str(RECORDED_AT_END),
            Self::NoResourcePolicies => f.write_str(NO_RESOURCE_POLICIES),
            Self::AddToPolicies => f.write_str(ADD_TO_POLICIES),
            Self::Overwriting => f.write_str(OVERWRITING),
            Self::KeyOfLogGroup => f.write_str(KEY_OF_LOG_GROUP),
            Self::AccountWideCalls => f.write_str(ACCOUNT_WIDE_CALLS),
            Self::PinIt => f.write_str(PIN_IT),
            Self::AgentBuckets => f.write_str(AGENT_BUCKETS),
        }
    }
}
