//! One case: somebody who carries a forbidden policy, and what comes of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use guard_core::inventory::{Bearer, BearerKind, Carried, Document, Source, Unknown};
use guard_core::managed;
use guard_core::mandate::Package;
use guard_core::names::{AccountId, Partition, Region, Scope};
use guard_core::policy::PolicyDocument;
use guard_core::roles::{Mandate, Observed, Ruling, judge};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

pub(crate) const FORBIDDEN: &str = "arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM";
pub(crate) const CORE: &str = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";
pub(crate) const AGENT: &str = "arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy";
pub(crate) const LOGGING: &str = "arn:aws:iam::123456789012:policy/session-logging";
const NOW: &str = "2026-01-15T02:03:04Z";

/// What a file says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Case {
    /// What the case is about, as a sentence.
    pub(crate) says: String,
    #[serde(default = "replace")]
    enforcement: String,
    /// Which successors the charter names beside Core: `logging`, `agent`.
    #[serde(default)]
    successors: Vec<String>,
    /// More that the charter says, as TOML, and its mode.
    #[serde(default)]
    charter: String,
    #[serde(default = "revert")]
    mode: String,
    /// Where sessions are recorded, as `inputs` of the preferences.
    #[serde(default = "log_group")]
    inputs: Value,
    #[serde(default = "role")]
    kind: String,
    #[serde(default = "slash")]
    path: String,
    /// The statements of the trust policy; EC2 where nothing is said.
    #[serde(default)]
    trust: Option<Value>,
    /// `forbidden`, `core`, `agent`, `logging`, or an ARN whose document nobody knows.
    attached: Vec<String>,
    /// Inline policies: their statements, or `null` for one that nobody knows.
    #[serde(default)]
    inline: BTreeMap<String, Option<Value>>,
    /// `forbidden`, or the statements of a boundary.
    #[serde(default)]
    boundary: Option<Value>,
    /// What the logging policy says now, where it is not what the charter pins; `null` where it is not there.
    #[serde(default = "as_pinned")]
    logging_says: Value,
    /// `act`, `report` or `settled`.
    pub(crate) comes_to: String,
    /// What is done, or would be.
    #[serde(default)]
    pub(crate) steps: Vec<String>,
    /// Every reason in words.
    pub(crate) because: Vec<String>,
}

fn replace() -> String {
    "replace".to_owned()
}

fn revert() -> String {
    "revert".to_owned()
}

fn role() -> String {
    "role".to_owned()
}

fn slash() -> String {
    "/".to_owned()
}

fn as_pinned() -> Value {
    json!("as pinned")
}

fn log_group() -> Value {
    json!({ "cloudWatchLogGroupName": "/sessions", "cloudWatchEncryptionEnabled": true })
}

pub(crate) fn scope() -> Scope {
    Scope {
        partition: Partition::parse("aws").unwrap(),
        account: AccountId::parse("123456789012").unwrap(),
        region: Region::parse("us-east-1").unwrap(),
    }
}

pub(crate) fn now() -> Timestamp {
    NOW.parse().unwrap()
}

pub(crate) fn document(statements: &Value) -> PolicyDocument {
    PolicyDocument::from_value(&json!({ "Version": "2012-10-17", "Statement": statements }))
        .unwrap()
}

/// The policy that writes the records, and nothing else.
pub(crate) fn logging_policy() -> PolicyDocument {
    document(&json!([
        { "Effect": "Allow", "Action": ["logs:DescribeLogGroups", "logs:DescribeLogStreams"], "Resource": "*" },
        {
            "Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": "arn:aws:logs:*:123456789012:log-group:/sessions:*"
        }
    ]))
}

pub(crate) fn mandate(text: &str, inputs: &Value) -> Mandate {
    let baseline =
        json!({ "schemaVersion": "1.0", "sessionType": "Standard_Stream", "inputs": inputs })
            .to_string();
    let package = Package {
        charter: text,
        baseline: &baseline,
        packed_at: now(),
    };
    Mandate::new(package, scope()).unwrap()
}

pub(crate) fn charter(mode: &str, enforcement: &str, successors: &[&str], rest: &str) -> String {
    let mut text = format!(
        "mode = \"{mode}\"\nregions = [\"eu-central-1\", \"eu-west-1\"]\nconfig-region = \"eu-central-1\"\n\
         [floor]\n[[forbidden]]\npolicy = \"service-role/AmazonEC2RoleforSSM\"\nenforcement = \"{enforcement}\"\n"
    );
    if successors.contains(&"agent") {
        text += "agent-uses = [\"cloudwatch-agent\"]\n";
    }
    text += "[[forbidden.successor]]\npolicy = \"AmazonSSMManagedInstanceCore\"\n";
    if successors.contains(&"logging") {
        let sha = logging_policy().fingerprint();
        text.extend([format!(
            "[[forbidden.successor]]\npolicy = \"{LOGGING}\"\npurpose = \"session-logging\"\nsha256 = \"{sha}\"\n"
        )]);
    }
    if successors.contains(&"agent") {
        text += "[[forbidden.successor]]\npolicy = \"CloudWatchAgentServerPolicy\"\n";
    }
    text + rest
}

/// The ARN that a short name stands for.
pub(crate) fn arn(short: &str) -> &str {
    match short {
        "forbidden" => FORBIDDEN,
        "core" => CORE,
        "agent" => AGENT,
        "logging" => LOGGING,
        other => other,
    }
}

/// A role, user or group with these managed policies and no others.
pub(crate) fn bearer(kind: BearerKind, attached: &[&str], logging: &Document) -> Bearer {
    let ec2 = json!([{ "Effect": "Allow", "Principal": { "Service": "ec2.amazonaws.com" }, "Action": "sts:AssumeRole" }]);
    let policies = attached.iter().map(|short| carried(arn(short), logging));
    Bearer {
        kind,
        id: "AROAEXAMPLE".to_owned(),
        arn: format!("arn:aws:iam::123456789012:{kind}/web"),
        name: "web".to_owned(),
        path: "/".to_owned(),
        tags: None,
        trust: (kind == BearerKind::Role).then(|| Document::Known(Arc::new(document(&ec2)))),
        policies: policies.collect(),
        boundary: None,
        groups: Vec::new(),
    }
}

pub(crate) fn carried(arn: &str, logging: &Document) -> Carried {
    let document = match managed::document(arn) {
        Some(document) => Document::Known(Arc::new(document)),
        None if arn == LOGGING => logging.clone(),
        None => Document::Unknown(Unknown::NotListed),
    };
    Carried {
        source: Source::Managed {
            arn: arn.to_owned(),
        },
        document,
    }
}

impl Case {
    /// What comes of it.
    pub(crate) fn ruling(&self) -> Ruling {
        let successors: Vec<&str> = self.successors.iter().map(String::as_str).collect();
        let charter = charter(&self.mode, &self.enforcement, &successors, &self.charter);
        let mandate = mandate(&charter, &self.inputs);
        let logging = self.logging();
        let bearer = self.bearer(&logging);
        let successors = BTreeMap::from([(LOGGING.to_owned(), logging)]);
        let observed = Observed {
            bearer: &bearer,
            successors: &successors,
        };
        judge(&mandate, &mandate.charter().forbidden()[0], observed, now())
    }

    fn logging(&self) -> Document {
        match &self.logging_says {
            Value::Null => Document::Unknown(Unknown::NotListed),
            Value::String(_) => Document::Known(Arc::new(logging_policy())),
            statements => Document::Known(Arc::new(document(statements))),
        }
    }

    fn bearer(&self, logging: &Document) -> Bearer {
        let kind = match self.kind.as_str() {
            "role" => BearerKind::Role,
            "user" => BearerKind::User,
            "group" => BearerKind::Group,
            other => panic!("{other}"),
        };
        let attached: Vec<&str> = self.attached.iter().map(String::as_str).collect();
        let mut bearer = bearer(kind, &attached, logging);
        bearer.path.clone_from(&self.path);
        bearer.arn = format!("arn:aws:iam::123456789012:{kind}{}web", self.path);
        let read = |statements: &Value| Document::Known(Arc::new(document(statements)));
        if let Some(trust) = &self.trust {
            bearer.trust = Some(read(trust));
        }
        for (name, statements) in &self.inline {
            let document = match statements {
                Some(statements) => read(statements),
                None => Document::Unknown(Unknown::NotGiven),
            };
            let source = Source::Inline { name: name.clone() };
            bearer.policies.push(Carried { source, document });
        }
        bearer.boundary = self.boundary.as_ref().map(|boundary| match boundary {
            Value::String(short) => carried(arn(short), logging),
            statements => Carried {
                source: Source::Managed {
                    arn: "arn:aws:iam::123456789012:policy/boundary".to_owned(),
                },
                document: read(statements),
            },
        });
        bearer
    }
}
