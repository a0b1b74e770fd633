//! Findings in AWS Config's three words.

use std::fmt;

use super::{Certainty, Finding, FindingCode, LoggingFault, PreferencesFault};

/// What AWS Config is told of a resource; a fourth word of its own, `INSUFFICIENT_DATA`, it does not take from a function
/// (AWS Config API reference, `Evaluation`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Compliance {
    /// Nothing is wrong, or nothing that is not on purpose.
    Compliant,
    /// Something is wrong.
    NonCompliant,
    /// It is gone, or none of the rule's business.
    NotApplicable,
}

impl Compliance {
    /// AWS Config's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Compliant => "COMPLIANT",
            Self::NonCompliant => "NON_COMPLIANT",
            Self::NotApplicable => "NOT_APPLICABLE",
        }
    }
}

impl fmt::Display for Compliance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Finding {
    /// What AWS Config is told because of this finding: the one place where uncertainty becomes one of its words.
    ///
    /// What may be granted counts as granted, since the caller chooses the request, and a policy that nobody can read may
    /// grant anything. A version of the preferences whose author is not known yet does not count as a stranger's, since
    /// CloudTrail tells of everybody, but later; it keeps the floor, and the time it may wait is bounded. What may keep a
    /// role from writing records counts as keeping it; but that it may use some key, though perhaps not the right one,
    /// counts as enough: with the wrong one sessions are refused, which somebody notices.
    pub fn compliance(&self) -> Compliance {
        match self.code {
            FindingCode::StartSessionOnEverything
            | FindingCode::StartSessionByNotAction
            | FindingCode::StartSessionByNotResource
            | FindingCode::InstanceNotListed
            | FindingCode::TagConditionMissing
            | FindingCode::AbacConditionMissing
            | FindingCode::AnyDocument
            | FindingCode::TunnelDocument
            | FindingCode::CommandDocument
            | FindingCode::ForeignDocument
            | FindingCode::UnlistedDocument
            | FindingCode::EndsOthersSessions
            | FindingCode::ResumesOthersSessions
            | FindingCode::SendCommand
            | FindingCode::ChangesPreferences
            | FindingCode::Forbidden(_)
            | FindingCode::Logging(LoggingFault::Unrecorded | LoggingFault::Refused)
            | FindingCode::PolicyUnknown
            | FindingCode::DocumentNotNamed
            | FindingCode::SessionNamePrefix
            | FindingCode::TagConditionBesideDocument
            | FindingCode::UsernameInRolePolicy => match self.certainty {
                Certainty::Certain | Certainty::Conditional { .. } | Certainty::Unknown { .. } => {
                    Compliance::NonCompliant
                }
            },
            FindingCode::Logging(LoggingFault::KeyUnsettled) => match self.certainty {
                Certainty::Certain | Certainty::Conditional { .. } | Certainty::Unknown { .. } => {
                    Compliance::Compliant
                }
            },
            FindingCode::Preferences(fault) => fault.compliance(&self.certainty),
        }
    }
}

impl PreferencesFault {
    fn compliance(self, certainty: &Certainty) -> Compliance {
        match (self, certainty) {
            (
                Self::Missing
                | Self::WrongType
                | Self::Unreadable
                | Self::BelowFloor
                | Self::Shared
                | Self::Drifted
                | Self::DefaultMoved,
                Certainty::Certain | Certainty::Conditional { .. } | Certainty::Unknown { .. },
            ) => Compliance::NonCompliant,
            // Told, so that somebody who looks understands; not wrong.
            (
                Self::Waiting | Self::ApprovalsIgnored,
                Certainty::Certain | Certainty::Conditional { .. } | Certainty::Unknown { .. },
            ) => Compliance::Compliant,
        }
    }
}
