//! The kinds of findings. A code stays the same from release to release: suppressions and dashboards rest on it.

use std::fmt;

use super::{ForbiddenFault, LoggingFault, PreferencesFault, RuleId};

/// What is wrong, in the order in which findings are told: the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingCode {
    /// Something about the preferences document.
    Preferences(PreferencesFault),
    /// A statement without limits allows sessions on everything, through every document.
    StartSessionOnEverything,
    /// A statement with `NotAction` takes the opening of sessions in.
    StartSessionByNotAction,
    /// A statement with `NotResource` lets sessions be opened beyond the charter.
    StartSessionByNotResource,
    /// Sessions can be opened on instances that the charter does not list.
    InstanceNotListed,
    /// Sessions can be opened on instances without the charter's tag.
    TagConditionMissing,
    /// Sessions can be opened on instances whose tag is not the principal's own.
    AbacConditionMissing,
    /// Sessions can be opened through documents that anybody names.
    AnyDocument,
    /// Sessions can be tunnels.
    TunnelDocument,
    /// Sessions can be commands that the caller names.
    CommandDocument,
    /// Sessions can be opened through documents of other accounts.
    ForeignDocument,
    /// Sessions can be opened through a document that the charter does not name.
    UnlistedDocument,
    /// Sessions of others can be ended.
    EndsOthersSessions,
    /// Sessions of others can be resumed, and so taken over.
    ResumesOthersSessions,
    /// Commands can be run without a session.
    SendCommand,
    /// The preferences can be changed by somebody who is no editor.
    ChangesPreferences,
    /// A forbidden policy, or what it grants.
    Forbidden(ForbiddenFault),
    /// Sessions whose records a role of instances cannot write.
    Logging(LoggingFault),
    /// A policy cannot be read, so nobody knows what it allows.
    PolicyUnknown,
    /// No document is named and none is asked for.
    DocumentNotNamed,
    /// A user's own sessions are told by the beginning of their ids, which other names share.
    SessionNamePrefix,
    /// A condition on an instance's tag stands beside a document, which has none.
    TagConditionBesideDocument,
    /// A role's policy asks for the name of an IAM user.
    UsernameInRolePolicy,
}

/// All codes.
pub const CODES: [FindingCode; 35] = [
    FindingCode::Preferences(PreferencesFault::Missing),
    FindingCode::Preferences(PreferencesFault::WrongType),
    FindingCode::Preferences(PreferencesFault::Unreadable),
    FindingCode::Preferences(PreferencesFault::BelowFloor),
    FindingCode::Preferences(PreferencesFault::Shared),
    FindingCode::Preferences(PreferencesFault::Drifted),
    FindingCode::Preferences(PreferencesFault::DefaultMoved),
    FindingCode::Preferences(PreferencesFault::Waiting),
    FindingCode::Preferences(PreferencesFault::ApprovalsIgnored),
    FindingCode::StartSessionOnEverything,
    FindingCode::StartSessionByNotAction,
    FindingCode::StartSessionByNotResource,
    FindingCode::InstanceNotListed,
    FindingCode::TagConditionMissing,
    FindingCode::AbacConditionMissing,
    FindingCode::AnyDocument,
    FindingCode::TunnelDocument,
    FindingCode::CommandDocument,
    FindingCode::ForeignDocument,
    FindingCode::UnlistedDocument,
    FindingCode::EndsOthersSessions,
    FindingCode::ResumesOthersSessions,
    FindingCode::SendCommand,
    FindingCode::ChangesPreferences,
    FindingCode::Forbidden(ForbiddenFault::Attached),
    FindingCode::Forbidden(ForbiddenFault::GrantsCopied),
    FindingCode::Forbidden(ForbiddenFault::Boundary),
    FindingCode::Logging(LoggingFault::Unrecorded),
    FindingCode::Logging(LoggingFault::Refused),
    FindingCode::Logging(LoggingFault::KeyUnsettled),
    FindingCode::PolicyUnknown,
    FindingCode::DocumentNotNamed,
    FindingCode::SessionNamePrefix,
    FindingCode::TagConditionBesideDocument,
    FindingCode::UsernameInRolePolicy,
];

impl FindingCode {
    /// The code.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Preferences(fault) => fault.as_str(),
            Self::StartSessionOnEverything => "start-session-on-everything",
            Self::StartSessionByNotAction => "start-session-by-not-action",
            Self::StartSessionByNotResource => "start-session-by-not-resource",
            Self::InstanceNotListed => "instance-not-listed",
            Self::TagConditionMissing => "tag-condition-missing",
            Self::AbacConditionMissing => "abac-condition-missing",
            Self::AnyDocument => "any-document",
            Self::TunnelDocument => "tunnel-document",
            Self::CommandDocument => "command-document",
            Self::ForeignDocument => "foreign-document",
            Self::UnlistedDocument => "unlisted-document",
            Self::EndsOthersSessions => "ends-others-sessions",
            Self::ResumesOthersSessions => "resumes-others-sessions",
            Self::SendCommand => "send-command",
            Self::ChangesPreferences => "changes-preferences",
            Self::Forbidden(fault) => fault.as_str(),
            Self::Logging(fault) => fault.as_str(),
            Self::PolicyUnknown => "policy-unknown",
            Self::DocumentNotNamed => "document-not-named",
            Self::SessionNamePrefix => "session-name-prefix",
            Self::TagConditionBesideDocument => "tag-condition-beside-document",
            Self::UsernameInRolePolicy => "username-in-role-policy",
        }
    }

    /// The rules that find it.
    pub fn rules(self) -> &'static [RuleId] {
        match self {
            Self::Preferences(_) => &[RuleId::Preferences],
            Self::StartSessionOnEverything
            | Self::StartSessionByNotAction
            | Self::StartSessionByNotResource
            | Self::InstanceNotListed
            | Self::TagConditionMissing
            | Self::AbacConditionMissing
            | Self::AnyDocument
            | Self::TunnelDocument
            | Self::CommandDocument
            | Self::ForeignDocument
            | Self::UnlistedDocument
            | Self::EndsOthersSessions
            | Self::ResumesOthersSessions
            | Self::SendCommand
            | Self::DocumentNotNamed
            | Self::SessionNamePrefix
            | Self::TagConditionBesideDocument
            | Self::UsernameInRolePolicy => &[RuleId::SessionAccess],
            Self::ChangesPreferences => &[RuleId::PreferencesAccess],
            Self::Forbidden(_) => &[RuleId::ForbiddenPolicy],
            Self::Logging(_) => &[RuleId::RoleLogging],
            Self::PolicyUnknown => &[
                RuleId::SessionAccess,
                RuleId::PreferencesAccess,
                RuleId::ForbiddenPolicy,
                RuleId::RoleLogging,
            ],
        }
    }
}

impl fmt::Display for FindingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
