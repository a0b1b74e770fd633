//! An account with AWS Config, and the functions of its rules.

use std::collections::BTreeMap;

use config_rules::{bearers, preferences};
use guard_core::charter::Charter;
use guard_core::inventory::BearerKind;
use guard_core::mandate::{Mandate, Package};
use guard_core::names::Scope;
use guard_core::roles;
use guard_core::rules::{Compliance, Resource, Rule, RuleId, Subject};
use guard_lambda::event::Payload;
use guard_lambda::failure::Failure;
use guard_lambda::run::Answer;
use guard_reconcile::evaluate::{BearersRule, Grounds};
use guard_testkit::charter::mandate;
use guard_testkit::{Call, FakeAccount, Kept, content, person};
use serde_json::Value;

pub(crate) const ROLE: BearerKind = BearerKind::Role;
pub(crate) const USER: BearerKind = BearerKind::User;
pub(crate) const GROUP: BearerKind = BearerKind::Group;

/// Lets sessions be opened on everything.
pub(crate) const WIDE: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Sid":"Sessions","Effect":"Allow","Action":"ssm:StartSession","Resource":"*"}]}"#;

/// Lets sessions be opened as the charter wants it.
pub(crate) const NARROW: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":"ssm:StartSession","Resource":"arn:aws:ec2:eu-central-1:123456789012:instance/*",
     "Condition":{"StringLike":{"ssm:resourceTag/SessionAccess":["web","batch-*"]}}},
    {"Effect":"Allow","Action":"ssm:StartSession",
     "Resource":"arn:aws:ssm:eu-central-1:123456789012:document/SSM-SessionManagerRunShell"}]}"#;

/// Forbids sessions.
pub(crate) const NONE: &str = r#"{"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;

pub(crate) const CHARTER: &str = r#"
mode = "report"
regions = ["eu-central-1"]
config-region = "eu-central-1"

[sessions]
tag = { key = "SessionAccess", values = ["web", "batch-*"] }
documents = ["SSM-SessionManagerRunShell"]

[[exemption]]
role = "arn:aws:iam::123456789012:role/break-glass"
rules = ["session-access"]
until = 2026-06-01T00:00:00Z
reason = "for emergencies"

[[exemption]]
role = "arn:aws:iam::123456789012:role/old-servers"
rules = ["forbidden-policy"]
until = 2026-06-01T00:00:00Z
reason = "to be shut down"
"#;

/// AWS's policy that the charter forbids where it names none, and the one that succeeds it, which writes no records.
pub(crate) const OLD: &str = "arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM";
pub(crate) const CORE: &str = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";

/// An account, and by what it is judged.
pub(crate) struct Scene {
    pub(crate) account: FakeAccount,
    pub(crate) mandate: Mandate,
    charter: Charter,
    scope: Scope,
    /// The baseline, which says where sessions are recorded.
    baseline: String,
}

impl Scene {
    /// An account whose document is in order, and known to be.
    pub(crate) fn new() -> Self {
        Self::with(mandate(), FakeAccount::holding(&content::baseline()))
    }

    pub(crate) fn with(mandate: Mandate, account: FakeAccount) -> Self {
        let scope = person::scope();
        Self {
            account,
            mandate,
            charter: Charter::parse_for(CHARTER, &scope).unwrap(),
            scope,
            baseline: content::baseline(),
        }
    }

    /// The same with another baseline for the rules on policies.
    pub(crate) fn recording(mut self, baseline: String) -> Self {
        self.baseline = baseline;
        self
    }

    /// Hands an event to the function of a rule.
    pub(crate) async fn tried(&self, rule: RuleId, event: &Value) -> Result<Answer, Failure> {
        self.hand_over(rule, Payload::from(event.clone())).await
    }

    /// Hands whatever it is to the function of a rule.
    pub(crate) async fn hand_over(
        &self,
        rule: RuleId,
        payload: Payload,
    ) -> Result<Answer, Failure> {
        let grounds = match Rule::of_function(&rule.function_name()).unwrap().subject {
            Subject::Preferences => {
                return preferences(&self.mandate, payload, &self.account).await;
            }
            Subject::Bearers(judge) => Grounds::Charter {
                judge,
                charter: Box::new(self.charter.clone()),
                scope: self.scope.clone(),
            },
            Subject::Carriers(rule) => Grounds::Mandate {
                rule,
                mandate: Box::new(self.mandate_over_policies()),
            },
        };
        let rule = BearersRule { id: rule, grounds };
        bearers(&rule, payload, &self.account).await
    }

    fn mandate_over_policies(&self) -> roles::Mandate {
        let package = Package {
            charter: CHARTER,
            baseline: &self.baseline,
            packed_at: self.account.time(),
        };
        roles::Mandate::new(package, self.scope.clone()).unwrap()
    }

    /// The same, for an event that must be answered.
    pub(crate) async fn deliver(&self, rule: RuleId, event: &Value) -> Answer {
        let answer = self.tried(rule, event).await.unwrap();
        assert_eq!(answer.failure, None, "{}", answer.body);
        answer
    }

    /// What AWS Config shows of a role, user or group for `session-access`.
    pub(crate) fn shown(&self, resource: &Resource) -> Kept {
        let results = self.account.results(RuleId::SessionAccess);
        let shown = results.get(resource).cloned();
        shown.unwrap_or_else(|| panic!("nothing of {resource:?} in {results:?}"))
    }

    /// AWS Config's word for it.
    pub(crate) fn compliance(&self, resource: &Resource) -> Compliance {
        self.shown(resource).compliance
    }

    /// All words, by type and id.
    pub(crate) fn words(&self, rule: RuleId) -> BTreeMap<Resource, Compliance> {
        let results = self.account.results(rule).into_iter();
        results
            .map(|(resource, kept)| (resource, kept.compliance))
            .collect()
    }

    /// How many evaluations went into each call.
    pub(crate) fn batches(&self) -> Vec<usize> {
        let calls = self.account.calls().into_iter();
        calls
            .filter(|called| called.call == Call::PutEvaluations)
            .map(|called| called.on.parse().unwrap())
            .collect()
    }

    /// A role with a policy of its own.
    pub(crate) fn role(&self, name: &str, policy: &str) -> Resource {
        let principals = self.account.principals();
        let role = principals.create(ROLE, name);
        principals.put_inline(ROLE, name, "sessions", policy);
        role
    }

    /// A role that EC2 hands to instances, with these managed policies.
    pub(crate) fn instance_role(&self, name: &str, attached: &[&str]) -> Resource {
        let principals = self.account.principals();
        let role = principals.create(ROLE, name);
        principals.hand_to_instances(name);
        for arn in attached {
            principals.attach(ROLE, name, arn);
        }
        role
    }

    /// A change of a role, as AWS Config tells the rule `session-access`.
    pub(crate) fn change(&self, name: &str) -> Value {
        self.account
            .recorder(RuleId::SessionAccess)
            .change(ROLE, name)
    }

    /// It is time for everything.
    pub(crate) fn schedule(&self) -> Value {
        self.account.recorder(RuleId::SessionAccess).schedule()
    }
}
