//! The reasons of a decision, as values; [`crate::explain`] makes sentences of them.

use jiff::SignedDuration;

use crate::approvals::Ignored;
use crate::charter::NearMiss;
use crate::floor::Violation;
use crate::names::{EventId, Version};
use crate::preferences::{FieldPath, PreferencesError};

/// One thing that led to a decision.
#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// The call failed, so it changed nothing.
    CallFailed {
        /// Its error code.
        code: String,
    },
    /// The author is no editor.
    NotAnEditor {
        /// Entries of the charter that the author almost matched.
        near: Vec<NearMiss>,
    },
    /// The author is an editor.
    IsEditor {
        /// The entry's name.
        name: String,
        /// The reason the charter gives for the entry.
        reason: String,
    },
    /// The author is the guard itself.
    IsGuard,
    /// There is no document: sessions run unrecorded.
    Missing,
    /// The document is missing, and an editor's tool is about to create it again.
    AwaitsReplacement,
    /// The document is of another type than `Session`.
    WrongType {
        /// Its type.
        found: String,
    },
    /// The document is shared.
    Shared {
        /// With these accounts; `all` is everybody.
        with: Vec<String>,
    },
    /// A live version holds the approved content.
    HoldsApproved {
        /// The version.
        version: Version,
    },
    /// A live version is below the floor.
    BelowFloor {
        /// The version.
        version: Version,
        /// What it violates.
        violations: Vec<Violation>,
    },
    /// A live version cannot be read.
    Unreadable {
        /// The version.
        version: Version,
        /// Why.
        error: PreferencesError,
    },
    /// A live version is a stranger's.
    StrangersVersion {
        /// The version.
        version: Version,
        /// Its author.
        by: String,
    },
    /// A live version was written by the guard's own role, with content that is not approved.
    OwnButWrong {
        /// The version.
        version: Version,
    },
    /// A live version is an editor's and waits for CloudTrail's own record.
    Pending {
        /// The version.
        version: Version,
    },
    /// A live version keeps the floor and its author is not known yet.
    Waiting {
        /// The version.
        version: Version,
    },
    /// CloudTrail answers and does not know a version after all the time it may take.
    NeverKnown {
        /// The version.
        version: Version,
    },
    /// CloudTrail's event history has held more than could be read for all the time it may take.
    Buried {
        /// The version.
        version: Version,
    },
    /// CloudTrail's event history could not be asked about versions.
    TrailFailed {
        /// What went wrong.
        why: String,
    },
    /// A change was made before what is approved now was made or approved, or before the function was packed.
    Outdated {
        /// The version.
        version: Version,
    },
    /// A live version is not the approved content, and nothing newer explains it.
    Unapproved {
        /// The version.
        version: Version,
    },
    /// The version that the event tells of is no longer the latest, or the deletion that it tells of was made good.
    Overtaken {
        /// The version; `None` for a deletion of the document.
        version: Option<Version>,
        /// How long it was live at most, where that can be said.
        open_for: Option<SignedDuration>,
    },
    /// The default version was moved.
    DefaultMoved {
        /// Where it stands.
        default: Version,
        /// The latest version.
        latest: Version,
    },
    /// The default version still holds what was approved before the latest one.
    DefaultLags {
        /// Where it stands.
        default: Version,
        /// The latest version.
        latest: Version,
    },
    /// An editor's version was confirmed and is the approved content now.
    Approved {
        /// The version.
        version: Version,
        /// The editor.
        by: String,
        /// CloudTrail's record.
        event_id: EventId,
    },
    /// An editor's confirmed version is not approved.
    Refused {
        /// The version.
        version: Version,
        /// The editor.
        by: String,
        /// Why.
        why: Refusal,
    },
    /// An approved version took over values that were never approved.
    Inherited {
        /// The version.
        version: Version,
        /// Where those values stand.
        fields: Vec<FieldPath>,
    },
    /// Something in the parameter of the approved content does not count.
    ApprovalsIgnored(Ignored),
    /// Ten reverts in ten minutes: what keeps the floor is left to the sweep.
    RevertWar {
        /// How many reverts.
        reverts: usize,
    },
    /// The document has as many versions as it may have; old ones are deleted.
    VersionLimit,
}

/// Why an editor's confirmed version is not approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It is below the floor.
    BelowFloor(Vec<Violation>),
    /// It cannot be read.
    Unreadable(PreferencesError),
    /// It is gone, or its number now means another version.
    Gone,
    /// It does not fit the parameter.
    TooLarge {
        /// The bytes it would need.
        bytes: usize,
    },
}

impl Reason {
    /// A short stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::CallFailed { .. } => "call-failed",
            Self::NotAnEditor { .. } => "not-an-editor",
            Self::IsEditor { .. } => "is-editor",
            Self::IsGuard => "is-guard",
            Self::Missing => "missing",
            Self::AwaitsReplacement => "awaits-replacement",
            Self::WrongType { .. } => "wrong-type",
            Self::Shared { .. } => "shared",
            Self::HoldsApproved { .. } => "holds-approved",
            Self::BelowFloor { .. } => "below-floor",
            Self::Unreadable { .. } => "unreadable",
            Self::StrangersVersion { .. } => "strangers-version",
            Self::OwnButWrong { .. } => "own-but-wrong",
            Self::Pending { .. } => "pending",
            Self::Waiting { .. } => "waiting",
            Self::NeverKnown { .. } => "never-known",
            Self::Buried { .. } => "buried",
            Self::TrailFailed { .. } => "trail-failed",
            Self::Outdated { .. } => "outdated",
            Self::Unapproved { .. } => "unapproved",
            Self::Overtaken { .. } => "overtaken",
            Self::DefaultMoved { .. } => "default-moved",
            Self::DefaultLags { .. } => "default-lags",
            Self::Approved { .. } => "approved",
            Self::Refused { .. } => "refused",
            Self::Inherited { .. } => "inherited",
            Self::ApprovalsIgnored(_) => "approvals-ignored",
            Self::RevertWar { .. } => "revert-war",
            Self::VersionLimit => "version-limit",
        }
    }

    /// Whether somebody should look at it soon.
    pub(super) fn is_alarming(&self) -> bool {
        match self {
            // Whatever came of it: a change that was undone before it was looked at has been in force all the same.
            Self::NotAnEditor { .. }
            | Self::Missing
            | Self::WrongType { .. }
            | Self::Shared { .. }
            | Self::BelowFloor { .. }
            | Self::Unreadable { .. }
            | Self::StrangersVersion { .. }
            | Self::OwnButWrong { .. }
            | Self::NeverKnown { .. }
            | Self::Buried { .. }
            | Self::Unapproved { .. }
            | Self::Overtaken { .. }
            | Self::DefaultMoved { .. }
            | Self::Refused { .. }
            | Self::Inherited { .. }
            | Self::RevertWar { .. } => true,
            Self::ApprovalsIgnored(ignored) => match ignored {
                Ignored::Foreign { .. }
                | Ignored::Unreadable
                | Ignored::EditorNoLonger
                | Ignored::BelowFloor => true,
                // A deployment with another baseline was somebody's decision.
                Ignored::OtherBaseline => false,
            },
            // Failed calls are told by an alarm on their number, a failing history by one on its metric.
            Self::CallFailed { .. }
            | Self::TrailFailed { .. }
            | Self::IsEditor { .. }
            | Self::IsGuard
            | Self::AwaitsReplacement
            | Self::HoldsApproved { .. }
            | Self::Pending { .. }
            | Self::Waiting { .. }
            | Self::Outdated { .. }
            | Self::DefaultLags { .. }
            | Self::Approved { .. }
            | Self::VersionLimit => false,
        }
    }
}
