//! A rule on roles, users and groups at one time.

use guard_core::inventory::{Bearer, BearerKind, Entity, Need};
use guard_core::roles::Mandate;
use guard_core::rules::{CarrierRule, Evaluation, JudgeBearer, RuleId, Terms};
use jiff::Timestamp;

use super::{BearersRule, Grounds};

/// A rule on roles, users and groups at one time.
pub(super) struct Judge<'a> {
    id: RuleId,
    by: By<'a>,
}

enum By<'a> {
    Terms(JudgeBearer, Terms<'a>),
    Mandate(CarrierRule, &'a Mandate, Timestamp),
}

impl<'a> Judge<'a> {
    /// `None` where the charter says nothing of what the rule is about.
    pub(super) fn new(rule: &'a BearersRule, now: Timestamp) -> Option<Self> {
        let by = match &rule.grounds {
            Grounds::Charter {
                judge,
                charter,
                scope,
            } => By::Terms(*judge, Terms::of(charter, scope, now)?),
            Grounds::Mandate { rule, mandate } => By::Mandate(*rule, mandate, now),
        };
        Some(Self { id: rule.id, by })
    }

    /// What AWS Config is told of somebody.
    pub(super) fn evaluation(&self, bearer: &Bearer) -> Evaluation {
        match &self.by {
            By::Terms(judge, terms) => Evaluation::of_bearer(self.id, *judge, bearer, terms),
            By::Mandate(rule, mandate, now) => {
                Evaluation::of_carrier(self.id, rule.judge, bearer, mandate, *now)
            }
        }
    }

    /// Whether somebody of this kind is the rule's business.
    pub(super) fn is_about(&self, kind: BearerKind) -> bool {
        match &self.by {
            By::Terms(..) => true,
            By::Mandate(rule, ..) => rule.kinds.contains(&kind),
        }
    }

    /// Whether a user is judged by what its groups have.
    pub(super) fn counts_groups(&self) -> bool {
        match &self.by {
            By::Terms(..) => true,
            By::Mandate(..) => false,
        }
    }

    /// Whether what a name stands for has to be known before somebody is judged.
    pub(super) fn asks(&self, entity: &Entity, need: &Need) -> bool {
        match &self.by {
            By::Terms(..) => true,
            By::Mandate(rule, mandate, _) => (rule.asks)(entity, need, mandate),
        }
    }

    /// Whether the rule goes by the packed texts of AWS's own policies, where there are any.
    pub(super) fn trusts_packed_texts(&self) -> bool {
        match &self.by {
            // What lets sessions be opened counts as it is today.
            By::Terms(..) => false,
            By::Mandate(..) => true,
        }
    }
}
