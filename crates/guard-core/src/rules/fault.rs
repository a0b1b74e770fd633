//! What can be wrong with the preferences document, or is to be told of it.

/// What is wrong with the preferences document of a Region, the gravest first, or what is to be told of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PreferencesFault {
    /// There is none.
    Missing,
    /// It is of another type than `Session`.
    WrongType,
    /// A live version cannot be read.
    Unreadable,
    /// A live version is below the charter's floor.
    BelowFloor,
    /// It is shared with other accounts.
    Shared,
    /// A live version is not what was approved.
    Drifted,
    /// The default version is not the latest one, and holds something else.
    DefaultMoved,
    /// A newer version keeps the floor, and its author is not known yet.
    Waiting,
    /// Something in the guard's record of approved content does not count.
    ApprovalsIgnored,
}

impl PreferencesFault {
    /// The code that a finding bears.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "preferences-missing",
            Self::WrongType => "preferences-wrong-type",
            Self::Unreadable => "preferences-unreadable",
            Self::BelowFloor => "preferences-below-floor",
            Self::Shared => "preferences-shared",
            Self::Drifted => "preferences-drifted",
            Self::DefaultMoved => "preferences-default-moved",
            Self::Waiting => "preferences-waiting",
            Self::ApprovalsIgnored => "preferences-approvals-ignored",
        }
    }

    /// What it means, in a few words.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Missing => "there is no preferences document, so sessions run unrecorded",
            Self::WrongType => "the preferences document is of another type than Session",
            Self::Unreadable => "a live version cannot be read",
            Self::BelowFloor => "a live version is below the charter's floor",
            Self::Shared => "the document is shared with other accounts",
            Self::Drifted => "a live version is not what was approved",
            Self::DefaultMoved => {
                "the default version is not the latest one and holds something else"
            }
            Self::Waiting => "a newer version keeps the floor and its author is not known yet",
            Self::ApprovalsIgnored => "something in the record of approved content does not count",
        }
    }
}
