//! Why something is done about a forbidden policy, or nothing.

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;

use super::keep::Lost;
use crate::charter::Purpose;

const DENIES: &str =
    "the policy denies something as well: to take it off would set its bearer free";
const NO_SUCCESSOR: &str = "the charter names no successor for";
const COMPOSE: &str = "`session-guard policy successor` composes it";
const NOTHING_LEFT: &str = "of which nothing would be left without the policy";

/// One thing that led to a ruling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "because")]
pub enum Reason {
    /// The call failed, so it changed nothing.
    CallFailed {
        /// Its error code.
        code: String,
    },
    /// What the call brought is over by now: somebody had it meanwhile.
    Overtaken,
    /// Whoever is named is not there any more.
    Gone,
    /// Somebody else bears the name by now.
    AnotherBearer,
    /// The policy is not attached, or not any more.
    NotAttached,
    /// The policy is attached.
    Attached {
        /// Its ARN.
        policy: String,
    },
    /// The policy is the permissions boundary: to take it off would set its bearer free.
    IsBoundary {
        /// Its ARN.
        policy: String,
    },
    /// The policy denies something: to take it off would set its bearer free.
    Denies,
    /// The charter lets it be.
    Exempt {
        /// The first moment at which that is over.
        until: Option<Timestamp>,
        /// Why, as the charter says.
        reason: String,
    },
    /// The role belongs to AWS or to Identity Center, and the account cannot change it.
    Immutable,
    /// The charter only has it told.
    OnlyReported,
    /// The charter's mode is `report`, or a suspension lasts.
    HoldsStill,
    /// Neither EC2 nor Systems Manager may assume the role, so that it needs no successors.
    NotOfInstances,
    /// Whether EC2 or Systems Manager may assume the role is not known.
    TrustUnknown {
        /// Why.
        why: String,
    },
    /// Without the policy sessions would not be recorded as they are with it.
    LogLost {
        /// What could not be done any more.
        lost: Vec<Lost>,
    },
    /// Without the policy nothing would be left of a service that is used.
    ServiceLost {
        /// What its actions begin with.
        service: String,
    },
    /// A successor cannot be attached: it does not say what was reviewed.
    SuccessorUnfit {
        /// Its ARN.
        policy: String,
        /// Why.
        why: String,
    },
    /// The charter names no successor for this purpose.
    NoSuccessor {
        /// Which purpose.
        purpose: Purpose,
    },
    /// No more managed policies can be attached: IAM's quota is used up.
    AtQuota {
        /// The successor that finds no place.
        policy: String,
    },
    /// A policy grants what the forbidden one does.
    Copied {
        /// Which statement, counted from 0.
        statement: usize,
        /// The context keys on which it depends.
        on: Vec<String>,
    },
    /// A policy cannot be read, so that nobody knows what it grants.
    Unreadable {
        /// Why.
        why: String,
    },
    /// A policy grants nothing of the kind.
    NotCopied,
}

impl Reason {
    /// The reason's name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::CallFailed { .. } => "call-failed",
            Self::Overtaken => "overtaken",
            Self::Gone => "gone",
            Self::AnotherBearer => "another-bearer",
            Self::NotAttached => "not-attached",
            Self::Attached { .. } => "attached",
            Self::IsBoundary { .. } => "is-boundary",
            Self::Denies => "denies",
            Self::Exempt { .. } => "exempt",
            Self::Immutable => "immutable",
            Self::OnlyReported => "only-reported",
            Self::HoldsStill => "holds-still",
            Self::NotOfInstances => "not-of-instances",
            Self::TrustUnknown { .. } => "trust-unknown",
            Self::LogLost { .. } => "log-lost",
            Self::ServiceLost { .. } => "service-lost",
            Self::SuccessorUnfit { .. } => "successor-unfit",
            Self::NoSuccessor { .. } => "no-successor",
            Self::AtQuota { .. } => "at-quota",
            Self::Copied { .. } => "copied",
            Self::Unreadable { .. } => "unreadable",
            Self::NotCopied => "not-copied",
        }
    }

    /// Whether people need not be alerted, because of this.
    pub(super) fn calms(&self) -> bool {
        match self {
            // Nobody can flood the topic by being refused, and what the charter lets be is known.
            Self::CallFailed { .. } | Self::Exempt { .. } => true,
            Self::Overtaken
            | Self::Gone
            | Self::NotCopied
            | Self::AnotherBearer
            | Self::NotAttached
            | Self::Attached { .. }
            | Self::IsBoundary { .. }
            | Self::Denies
            | Self::Immutable
            | Self::OnlyReported
            | Self::HoldsStill
            | Self::NotOfInstances
            | Self::TrustUnknown { .. }
            | Self::LogLost { .. }
            | Self::ServiceLost { .. }
            | Self::SuccessorUnfit { .. }
            | Self::NoSuccessor { .. }
            | Self::AtQuota { .. }
            | Self::Copied { .. }
            | Self::Unreadable { .. } => false,
        }
    }
}

/// A fragment, fit to continue the name of whoever carries the policy.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CallFailed { code } => write!(f, "the call failed with {code}"),
            Self::Overtaken => f.write_str("it was so for a while, and is over by now"),
            Self::Gone => f.write_str("it is not there any more"),
            Self::AnotherBearer => f.write_str("somebody else bears its name by now"),
            Self::NotAttached => f.write_str("the policy is not attached"),
            Self::Attached { policy } => write!(f, "`{policy}` is attached"),
            Self::IsBoundary { policy } => write!(
                f,
                "`{policy}` is its permissions boundary, which is never taken off: that would set it free"
            ),
            Self::Denies => f.write_str(DENIES),
            Self::Exempt { until, reason } => {
                write!(f, "the charter exempts it")?;
                if let Some(until) = until {
                    write!(f, " until {until}")?;
                }
                write!(f, ": {}", reason.escape_debug())
            }
            Self::Immutable => f.write_str(
                "it belongs to AWS or to Identity Center, and the account cannot change it",
            ),
            Self::OnlyReported => f.write_str("the charter has it told and nothing done"),
            Self::HoldsStill => f.write_str("the guard only reports for now"),
            Self::NotOfInstances => f.write_str(
                "neither EC2 nor Systems Manager may assume it, so it needs no successor",
            ),
            Self::TrustUnknown { why } => f.write_str(why),
            Self::LogLost { lost } => log_lost(lost, f),
            Self::ServiceLost { service } => write!(f, "it uses {service}, {NOTHING_LEFT}"),
            Self::SuccessorUnfit { policy, why } => {
                write!(f, "successor `{policy}` is not attached: {why}")
            }
            Self::NoSuccessor { purpose } => write!(f, "{NO_SUCCESSOR} {purpose}; {COMPOSE}"),
            Self::AtQuota { policy } => write!(
                f,
                "successor `{policy}` finds no place: it carries as many managed policies as IAM lets it, so \
                 detach one that it does not need"
            ),
            Self::Copied { statement, on } => {
                write!(
                    f,
                    "statement {} grants what the forbidden policy does",
                    statement + 1
                )?;
                if on.is_empty() {
                    Ok(())
                } else {
                    write!(f, " (given {})", on.join(", "))
                }
            }
            Self::Unreadable { why } => write!(f, "it cannot be read: {why}"),
            Self::NotCopied => {
                f.write_str("it grants nothing of what the forbidden policy is forbidden for")
            }
        }
    }
}

/// The first two calls, and how many there are besides.
fn log_lost(lost: &[Lost], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let told: Vec<_> = lost.iter().take(2).map(ToString::to_string).collect();
    let told = told.join("; ");
    write!(
        f,
        "without the policy sessions would be recorded worse: {told}"
    )?;
    match lost.len().saturating_sub(2) {
        0 => Ok(()),
        more => write!(f, "; and {more} more"),
    }
}
