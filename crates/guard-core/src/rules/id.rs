//! The rules' names.

use std::fmt;

/// What the names of functions and of rules in AWS Config begin with.
const FUNCTIONS: &str = "session-guard-";

/// A rule. Its id is also the name of its heading in `docs/rules.md`; its function and its rule in AWS Config are called
/// `session-guard-` and the id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleId {
    /// The Region's preferences document.
    Preferences,
    /// Who may open which sessions.
    SessionAccess,
    /// Who may change the preferences.
    PreferencesAccess,
    /// Who carries a forbidden policy, or what it grants.
    ForbiddenPolicy,
    /// Which roles of instances cannot write the records of sessions.
    RoleLogging,
}

impl RuleId {
    /// The ids of all rules.
    pub const ALL: [Self; 5] = [
        Self::Preferences,
        Self::SessionAccess,
        Self::PreferencesAccess,
        Self::ForbiddenPolicy,
        Self::RoleLogging,
    ];

    /// The id.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Preferences => "preferences",
            Self::SessionAccess => "session-access",
            Self::PreferencesAccess => "preferences-access",
            Self::ForbiddenPolicy => "forbidden-policy",
            Self::RoleLogging => "role-logging",
        }
    }

    /// The rule with this id.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.as_str() == text)
    }

    /// The rule that a function of this name answers for.
    pub fn of_function(name: &str) -> Option<Self> {
        Self::parse(name.strip_prefix(FUNCTIONS)?)
    }

    /// The name of its function, and of the rule in AWS Config.
    pub fn function_name(self) -> String {
        format!("{FUNCTIONS}{self}")
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_functions_name_tells_its_rule() {
        for rule in RuleId::ALL {
            assert_eq!(RuleId::of_function(&rule.function_name()), Some(rule));
        }
        for other in [
            "session-guard-preferences-guard",
            "session-guard-",
            "preferences",
            "Session-Guard-preferences",
        ] {
            assert_eq!(RuleId::of_function(other), None, "{other}");
        }
    }
}
