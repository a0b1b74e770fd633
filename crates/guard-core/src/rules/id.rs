//! The rules, by their names.

use std::fmt;

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
}

/// All rules.
pub const RULES: [RuleId; 3] = [
    RuleId::Preferences,
    RuleId::SessionAccess,
    RuleId::PreferencesAccess,
];

impl RuleId {
    /// The id.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Preferences => "preferences",
            Self::SessionAccess => "session-access",
            Self::PreferencesAccess => "preferences-access",
        }
    }

    /// The rule with this id.
    pub fn parse(text: &str) -> Option<Self> {
        RULES.into_iter().find(|rule| rule.as_str() == text)
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
