//! One thing that a rule finds wrong with one resource.

use std::fmt;

use super::FindingCode;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing.
    pub code: FindingCode,
    /// How sure that is.
    pub certainty: Certainty,
    /// The statement at fault; `None` where no statement is.
    pub place: Option<Place>,
    /// A resource on which it can be done, by its ARN.
    pub example: Option<String>,
    /// What is wrong, as a fragment that continues the place.
    pub what: String,
    /// What to do about it, as a fragment in the imperative.
    pub advice: String,
}

/// How sure a finding is. Whatever it is, the resource does not comply: what may be granted counts as granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Certainty {
    /// The policies that are known allow it.
    Certain,
    /// They allow it to a caller who brings something about.
    Conditional {
        /// What: the values of context keys, as the policies spell them; `sts:GetFederationToken`, to call as a federated
        /// user.
        on: Vec<String>,
    },
    /// It could not be found out.
    Unknown {
        /// Why, as a fragment.
        why: String,
    },
}

/// A statement as people find it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The policy: "policy `dev`", "inline policy `x` of group `y`".
    pub policy: String,
    /// Which of its statements, counted from 0.
    pub statement: usize,
    /// The name that the statement bears.
    pub sid: Option<String>,
}

/// As people count: "statement 1 (`AllowAll`) of policy `dev`".
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            policy,
            statement,
            sid,
        } = self;
        write!(f, "statement {}", statement + 1)?;
        if let Some(sid) = sid {
            write!(f, " (`{}`)", sid.escape_debug())?;
        }
        write!(f, " of {policy}")
    }
}

/// One sentence: where, what, how sure, what to do.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place} ")?;
        }
        f.write_str(&self.what)?;
        match &self.certainty {
            Certainty::Certain => {}
            Certainty::Conditional { on } => write!(f, " (given {})", on.join(", "))?,
            Certainty::Unknown { why } => write!(f, " ({why})")?,
        }
        write!(f, "; {}", self.advice)
    }
}
