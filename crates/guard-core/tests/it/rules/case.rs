//! One case: somebody with policies, and what is found wrong with it.

use std::collections::BTreeMap;
use std::sync::Arc;

use guard_core::charter::Charter;
use guard_core::inventory::{Bearer, BearerKind, Carried, Document, Source, Unknown};
use guard_core::names::{AccountId, Partition, Region, Scope};
use guard_core::policy::PolicyDocument;
use guard_core::rules::{Finding, Terms, preferences_access, session_access};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

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
        }
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
            policies: policies.collect(),
            boundary: self.boundary.as_ref().map(|document| Carried {
                source: Source::Managed {
                    arn: format!("arn:aws:iam::{ACCOUNT}:policy/boundary"),
                },
                document: read(Some(document)),
            }),
            groups: Vec::new(),
        }
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
