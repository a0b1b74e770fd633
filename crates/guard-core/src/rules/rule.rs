//! The table of rules.

use jiff::Timestamp;

use super::{
    Finding, RuleId, Terms, forbidden_policy, preferences_access, role_logging, session_access,
};
use crate::inventory::{Bearer, BearerKind, Entity, Need};
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
    /// Every role, user and group of the account, each by itself and with what its groups give it.
    Bearers(JudgeBearer),
    /// Everybody who carries policies, under a mandate over policies.
    Carriers(CarrierRule),
}

/// Says everything that is wrong with one role, user or group.
pub type JudgeBearer = fn(&Bearer, &Terms<'_>) -> Vec<Finding>;

/// The same under a mandate over policies, which also knows where sessions are recorded; `None` when somebody is none of
/// the rule's business.
pub type JudgeCarrier = fn(&Bearer, &Mandate, Timestamp) -> Option<Vec<Finding>>;

/// Says whether what is found of somebody rests on what a name stands for; what no question is about need not be known.
pub type AsksForName = fn(&Entity, &Need, &Mandate) -> bool;

/// How a rule judges roles, users and groups under such a mandate.
#[derive(Debug, Clone, Copy)]
pub struct CarrierRule {
    /// Whom it is about; others are none of its business.
    pub kinds: &'static [BearerKind],
    /// How it judges one of them.
    pub judge: JudgeCarrier,
    /// What it has to know of one of them.
    pub asks: AsksForName,
}

/// All rules.
pub const RULES: [Rule; 5] = [
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
    Rule {
        id: RuleId::ForbiddenPolicy,
        subject: Subject::Carriers(CarrierRule {
            kinds: &[BearerKind::Role, BearerKind::User, BearerKind::Group],
            judge: forbidden_policy::judge,
            asks: forbidden_policy::asks,
        }),
    },
    Rule {
        id: RuleId::RoleLogging,
        subject: Subject::Carriers(CarrierRule {
            kinds: &[BearerKind::Role],
            judge: role_logging::judge,
            asks: role_logging::asks,
        }),
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
    }
}
