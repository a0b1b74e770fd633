//! One case: somebody with policies, and what is found wrong with it.

use std::collections::BTreeMap;
use std::sync::Arc;

use guard_core::charter::Charter;
use guard_core::inventory::{Bearer, BearerKind, Carried, Document, Entity, Need, Source, Unknown};
use guard_core::managed;
use guard_core::mandate::Package;
use guard_core::names::{AccountId, Partition, Region, Scope};
use guard_core::policy::PolicyDocument;
use guard_core::roles::Mandate;
use guard_core::rules::{
    CarrierRule, Evaluation, Finding, RULES, RuleId, Subject, Terms, preferences_access,
    session_access,
};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

const ACCOUNT: &str = "123456789012";
const NOW: &str = "2026-01-15T02:03:04Z";

/// What a file says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Case {
    /// What the case is about, as a sentence.
    pub(crate) says: String,
    /// How the charter narrows sessions.
    #[serde(default)]
    pattern: Pattern,
    /// More that the charter says, as TOML.
    #[serde(default)]
    charter: String,
    #[serde(default)]
    kind: Kind,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    tags: Option<BTreeMap<String, String>>,
    /// Who may assume a role; EC2 where nothing is said.
    #[serde(default)]
    trust: Option<Value>,
    /// Inline policies by their names; `null` for one that is not known.
    policies: BTreeMap<String, Option<Value>>,
    /// Managed policies by their ARNs: AWS's own, or some that nobody knows.
    #[serde(default)]
    attached: Vec<String>,
    /// Where sessions are recorded, as `inputs` of the preferences.
    #[serde(default)]
    inputs: Option<Value>,
    /// Statements, the ARN of a managed policy, or `false` for one that nobody knows.
    #[serde(default)]
    boundary: Option<Value>,
    /// `CODE in POLICY[STATEMENT]`, with `given KEYS` behind it where the caller has to bring something about.
    pub(crate) finds: Vec<String>,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Pattern {
    Arn,
    #[default]
    Tag,
    Abac,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Kind {
    #[default]
    Role,
    User,
    Group,
}

/// The rule that a folder of cases is about.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Rule {
    SessionAccess,
    PreferencesAccess,
    ForbiddenPolicy,
    RoleLogging,
}

impl Case {
    /// What the rule finds.
    pub(crate) fn findings(&self, rule: Rule) -> Vec<Finding> {
        let scope = scope();
        let charter = Charter::parse_for(&self.charter(), &scope).unwrap();
        let terms = Terms::of(&charter, &scope, NOW.parse::<Timestamp>().unwrap()).unwrap();
        match rule {
            Rule::SessionAccess => session_access::judge(&self.bearer(), &terms),
            Rule::PreferencesAccess => preferences_access::judge(&self.bearer(), &terms),
            Rule::ForbiddenPolicy => self.carried(RuleId::ForbiddenPolicy),
            Rule::RoleLogging => self.carried(RuleId::RoleLogging),
        }
    }

    /// What a rule finds that judges under a mandate over policies.
    fn carried(&self, id: RuleId) -> Vec<Finding> {
        self.evaluation(id).findings
    }

    /// What AWS Config is told by such a rule.
    pub(crate) fn evaluation(&self, id: RuleId) -> Evaluation {
        let mandate = self.mandate();
        let judge = carrier_rule(id).judge;
        Evaluation::of_carrier(id, judge, &self.bearer(), &mandate, NOW.parse().unwrap())
    }

    /// The same when of managed policies nothing is known but what the rule asks for.
    pub(crate) fn evaluation_by_what_is_asked(&self, id: RuleId) -> Evaluation {
        let (rule, mandate) = (carrier_rule(id), self.mandate());
        let mut bearer = self.bearer();
        let entity = entity(&bearer);
        for carried in bearer.policies.iter_mut().chain(&mut bearer.boundary) {
            if let Source::Managed { arn } = &carried.source
                && !(rule.asks)(&entity, &Need::ManagedPolicy(arn.clone()), &mandate)
            {
                carried.document = Document::Unknown(Unknown::Unasked);
            }
        }
        Evaluation::of_carrier(id, rule.judge, &bearer, &mandate, NOW.parse().unwrap())
    }

    fn mandate(&self) -> Mandate {
        let logs = || json!({ "cloudWatchLogGroupName": "/sessions", "cloudWatchEncryptionEnabled": true });
        let inputs = self.inputs.clone().unwrap_or_else(logs);
        let baseline =
            json!({ "schemaVersion": "1.0", "sessionType": "Standard_Stream", "inputs": inputs });
        let charter =
            "mode = \"report\"\nregions = [\"eu-central-1\"]\nconfig-region = \"eu-central-1\"\n"
                .to_owned();
        let package = Package {
            charter: &(charter + &self.charter),
            baseline: &baseline.to_string(),
            packed_at: NOW.parse().unwrap(),
        };
        Mandate::new(package, scope()).unwrap()
    }

    fn charter(&self) -> String {
        let sessions = match self.pattern {
            Pattern::Arn => {
                r#"instances = ["arn:aws:ec2:*:${account}:instance/i-0123456789abcdef0"]"#
            }
            Pattern::Tag => r#"tag = { key = "SessionAccess", values = ["web", "batch-*"] }"#,
            Pattern::Abac => r#"abac = { key = "Team", principal-key = "Team" }"#,
        };
        let head =
            "mode = \"report\"\nregions = [\"eu-central-1\"]\nconfig-region = \"eu-central-1\"\n";
        let floor = "[floor]\ncloudWatchEncryptionEnabled = { is = true }\n";
        let editor = "[[editor]]\nrole = \"arn:aws:iam::123456789012:role/session-editors\"\nreason = \"x\"\n";
        let more = &self.charter;
        let sessions = if more.contains("[sessions]") {
            more.replace("[sessions]", &format!("[sessions]\n{sessions}"))
        } else {
            format!("[sessions]\n{sessions}\n{more}")
        };
        format!("{head}{floor}{editor}{sessions}")
    }

    fn bearer(&self) -> Bearer {
        let (kind, id) = match self.kind {
            Kind::Role => (BearerKind::Role, "AROADBQP57FF2AEXAMPLE"),
            Kind::User => (BearerKind::User, "AIDACKCEVSQ6C2EXAMPLE"),
            Kind::Group => (BearerKind::Group, "AGPACKCEVSQ6C2EXAMPLE"),
        };
        let name = self.name.clone().unwrap_or_else(|| "dev".to_owned());
        let policies = self.policies.iter().map(|(name, document)| Carried {
            source: Source::Inline { name: name.clone() },
            document: read(document.as_ref()),
        });
        Bearer {
            kind,
            id: id.to_owned(),
            arn: format!("arn:aws:iam::{ACCOUNT}:{kind}/{name}"),
            name,
            path: "/".to_owned(),
            tags: self.tags.clone(),
            trust: (kind == BearerKind::Role)
                .then(|| read(Some(&self.trust.clone().unwrap_or_else(ec2)))),
            policies: policies
                .chain(self.attached.iter().map(|arn| managed_policy(arn)))
                .collect(),
            boundary: self.boundary.as_ref().map(|document| match document {
                Value::String(arn) => managed_policy(arn),
                statements => Carried {
                    source: Source::Managed {
                        arn: format!("arn:aws:iam::{ACCOUNT}:policy/boundary"),
                    },
                    document: read(Some(statements).filter(|it| !it.is_boolean())),
                },
            }),
            groups: Vec::new(),
        }
    }
}

fn carrier_rule(id: RuleId) -> CarrierRule {
    let rule = RULES.into_iter().find(|rule| rule.id == id).unwrap();
    match rule.subject {
        Subject::Carriers(rule) => rule,
        Subject::Bearers(_) | Subject::Preferences => panic!("{id} is no rule on carriers"),
    }
}

/// Somebody as IAM tells of him: managed policies by their names alone.
fn entity(bearer: &Bearer) -> Entity {
    let mut entity = Entity::new(bearer.kind, &bearer.id, &bearer.arn).unwrap();
    if let Some(trust) = &bearer.trust {
        entity.set_trust(trust.clone());
    }
    for carried in &bearer.policies {
        if let Source::Managed { arn } = &carried.source {
            entity.attach(arn).unwrap();
        }
    }
    if let Some(Source::Managed { arn }) = bearer.boundary.as_ref().map(|it| &it.source) {
        entity.set_boundary(arn).unwrap();
    }
    entity
}

fn managed_policy(arn: &str) -> Carried {
    let document = managed::document(arn).map(|it| Document::Known(Arc::new(it)));
    Carried {
        source: Source::Managed {
            arn: arn.to_owned(),
        },
        document: document.unwrap_or(Document::Unknown(Unknown::NotListed)),
    }
}

fn ec2() -> Value {
    serde_json::json!({
        "Version": "2012-10-17",
        "Statement": { "Effect": "Allow", "Principal": { "Service": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole" }
    })
}

fn read(document: Option<&Value>) -> Document {
    match document {
        Some(document) => Document::Known(Arc::new(PolicyDocument::from_value(document).unwrap())),
        None => Document::Unknown(Unknown::NotListed),
    }
}

pub(crate) fn scope() -> Scope {
    Scope {
        partition: Partition::parse("aws").unwrap(),
        account: AccountId::parse(ACCOUNT).unwrap(),
        region: Region::parse("eu-central-1").unwrap(),
    }
}
