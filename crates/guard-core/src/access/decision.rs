//! What was decided, and by which statements.

/// An answer with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whether the call goes through.
    pub outcome: Outcome,
    /// The statements that decided, by layer, policy and place: those that allow, or all that deny; for a conditional
    /// answer those that may. None where nothing allows, and where the root user is allowed by nothing but itself.
    pub because: Vec<StatementRef>,
    /// The context keys that the answer depends on, in alphabetical order; none unless it is conditional.
    pub on: Vec<String>,
}

/// Whether a call goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// Something allows it everywhere where it must be allowed, and nothing denies it.
    Allowed,
    /// A statement denies it.
    ExplicitlyDenied,
    /// It is not allowed where it would have to be, whatever the unknown keys are. They may still decide whether it is
    /// denied explicitly as well.
    ImplicitlyDenied,
    /// It is allowed for some values of the unknown keys and denied for others, as far as three-valued logic can tell:
    /// each statement is looked at by itself, so two conditions that exclude each other are not noticed.
    Conditional,
}

impl Outcome {
    /// Its name for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::ExplicitlyDenied => "explicitly-denied",
            Self::ImplicitlyDenied => "implicitly-denied",
            Self::Conditional => "conditional",
        }
    }
}

/// The kinds of policies, in the order in which statements are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// Of the caller and its groups.
    Identity,
    /// The permissions boundary.
    Boundary,
    /// The session policy.
    Session,
    /// A service control policy.
    Scp {
        /// Its level; 0 is the organization's root.
        level: usize,
    },
    /// Of the resource.
    Resource,
}

/// One statement of one of the policies that were given. All numbers count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StatementRef {
    /// The kind of policy.
    pub layer: Layer,
    /// Which of that kind, and of that level.
    pub policy: usize,
    /// Which statement.
    pub statement: usize,
}
