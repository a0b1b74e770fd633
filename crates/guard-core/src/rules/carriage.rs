//! What can be wrong with the policies that somebody carries, beside what they let him do to sessions.

/// How a forbidden policy, or what it grants, is there; the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ForbiddenFault {
    /// It is attached.
    Attached,
    /// A policy of the account's own grants what it is forbidden for.
    GrantsCopied,
    /// It is the permissions boundary.
    Boundary,
}

impl ForbiddenFault {
    /// The code that a finding bears.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Attached => "forbidden-policy-attached",
            Self::GrantsCopied => "forbidden-grants-copied",
            Self::Boundary => "forbidden-policy-boundary",
        }
    }

    /// What it means, in a few words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Attached => "carries a forbidden policy",
            Self::GrantsCopied => "grants an instance every bucket, to read and to write",
            Self::Boundary => "has a forbidden policy as its boundary",
        }
    }
}

/// What becomes of sessions on instances whose role cannot write where sessions are recorded; the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LoggingFault {
    /// They go on, and no record is kept.
    Unrecorded,
    /// They are refused.
    Refused,
    /// They are refused, unless one of the keys that the role may use is the one that an alias means.
    KeyUnsettled,
}

impl LoggingFault {
    /// The code that a finding bears.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unrecorded => "sessions-unrecorded",
            Self::Refused => "sessions-refused",
            Self::KeyUnsettled => "session-key-unsettled",
        }
    }

    /// What it means, in a few words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Unrecorded => "sessions go on unrecorded",
            Self::Refused => "sessions are refused",
            Self::KeyUnsettled => {
                "may use certain keys, and which one the alias means is not known"
            }
        }
    }
}
