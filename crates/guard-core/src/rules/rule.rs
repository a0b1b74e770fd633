//! The table of rules.

use jiff::Timestamp;

use super::{
    Finding, RuleId, Terms, forbidden_policy, preferences_access, role_logging, session_access,
};
use crate::inventory::Bearer;
use crate::roles::Mandate;

/// A rule: one line in the table, one file beside this one, one heading in `docs/rules.md`, one folder of cases.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its name.
    pub id: RuleId,
    /// What it looks at, and how it judges that.
    pub subject: Subject,
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub enum Subject {
    /// The preferences document of the function's Region, judged by the same core as the guard.
    Preferences,
    /// Every role, user and group of the account, each by itself.
    Bearers(JudgeBearer),
}

/// Says everything that is wrong with one role, user or group.
pub type JudgeBearer = fn(&Bearer, &Terms<'_>) -> Vec<Finding>;

/// The same under a mandate over policies, which also knows where sessions are recorded; `None` when somebody is none of
/// the rule's business.
pub type JudgeCarrier = fn(&Bearer, &Mandate, Timestamp) -> Option<Vec<Finding>>;

/// A rule on roles, users and groups that judges under such a mandate.
#[derive(Debug, Clone, Copy)]
pub struct CarrierRule {
    /// Its name.
    pub id: RuleId,
    /// How it judges one of them.
    pub judge: JudgeCarrier,
}

/// The rules of which no function answers AWS Config yet.
pub const CARRIER_RULES: [CarrierRule; 2] = [
    CarrierRule {
        id: RuleId::ForbiddenPolicy,
        judge: forbidden_policy::judge,
    },
    CarrierRule {
        id: RuleId::RoleLogging,
        judge: role_logging::judge,
    },
];

/// All rules that functions answer for.
pub const RULES: [Rule; 3] = [
    Rule {
        id: RuleId::Preferences,
        subject: Subject::Preferences,
    },
    Rule {
        id: RuleId::SessionAccess,
        subject: Subject::Bearers(session_access::judge),
    },
    Rule {
        id: RuleId::PreferencesAccess,
        subject: Subject::Bearers(preferences_access::judge),
    },
];

impl Rule {
    /// The rule that a function of this name answers for.
    pub fn of_function(name: &str) -> Option<Self> {
        let id = RuleId::of_function(name)?;
        RULES.into_iter().find(|rule| rule.id == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_one_line_in_the_table() {
        let ids = RULES.map(|rule| rule.id);
        assert_eq!(ids, RuleId::ALL);
        assert!(CARRIER_RULES.iter().all(|rule| !ids.contains(&rule.id)));
    }
}
