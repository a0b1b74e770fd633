//! What the policies that were composed decide, by the policy engine.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Accounts, Paper, Place};
use crate::access::{Attached, Context, Outcome, Policies, Request, decide};
use crate::charter::Charter;
use crate::inventory::{Bearer, BearerKind, Carried, Document, Source};
use crate::names::{AccountId, Partition, Region, Scope};
use crate::policy::{Kind, PolicyDocument};

pub(super) const ACCOUNT: &str = "123456789012";
/// The preferences document of a Region.
pub(super) const DOCUMENT: &str =
    "arn:aws:ssm:eu-central-1:123456789012:document/SSM-SessionManagerRunShell";

pub(super) fn place(regions: &[&str]) -> Place {
    Place {
        partition: Partition::parse("aws").unwrap(),
        accounts: Accounts::These(vec![AccountId::parse(ACCOUNT).unwrap()]),
        regions: regions
            .iter()
            .map(|it| Region::parse(it).unwrap())
            .collect(),
    }
}

pub(super) fn scope(region: &str) -> Scope {
    Scope {
        partition: Partition::parse("aws").unwrap(),
        account: AccountId::parse(ACCOUNT).unwrap(),
        region: Region::parse(region).unwrap(),
    }
}

pub(super) fn charter(lines: &str) -> Charter {
    let head =
        "mode = \"revert\"\nregions = [\"eu-central-1\"]\nconfig-region = \"eu-central-1\"\n";
    Charter::parse(&format!("{head}{lines}")).unwrap()
}

/// A policy that allows everything.
pub(super) fn everything() -> Value {
    json!({
        "Version": "2012-10-17",
        "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" }
    })
}

/// Somebody of the account with these policies; `name` as it ends an ARN.
pub(super) fn bearer(kind: BearerKind, name: &str, policies: &[&Value]) -> Bearer {
    let read = |value| Document::Known(Arc::new(PolicyDocument::from_value(value).unwrap()));
    let carried = policies.iter().enumerate().map(|(index, value)| Carried {
        source: Source::Inline {
            name: format!("policy{index}"),
        },
        document: read(value),
    });
    let trust = json!({
        "Version": "2012-10-17",
        "Statement": {
            "Effect": "Allow",
            "Principal": { "AWS": format!("arn:aws:iam::{ACCOUNT}:root") },
            "Action": "sts:AssumeRole"
        }
    });
    Bearer {
        kind,
        id: "AROADBQP57FF2AEXAMPLE".to_owned(),
        arn: format!("arn:aws:iam::{ACCOUNT}:{name}"),
        name: name.rsplit('/').next().unwrap_or_default().to_owned(),
        path: "/".to_owned(),
        tags: None,
        trust: (kind == BearerKind::Role).then(|| read(&trust)),
        policies: carried.collect(),
        boundary: None,
        groups: Vec::new(),
    }
}

/// What holds of somebody's calls.
pub(super) fn context(keys: &[(&str, &str)]) -> Context {
    let mut context = Context::new();
    context.set("aws:PrincipalAccount", ACCOUNT);
    for (key, value) in keys {
        context.set(*key, *value);
    }
    context
}

/// A call of somebody whom nothing else holds back.
pub(super) struct Trial {
    paper: PolicyDocument,
    everything: PolicyDocument,
}

impl Trial {
    /// Reads the policy as it is printed.
    pub(super) fn of(paper: &Paper, kind: Kind) -> Self {
        let document = PolicyDocument::read(&paper.text()).unwrap();
        document.check(kind).unwrap();
        assert_eq!(document.to_value(), paper.value);
        Self {
            paper: document,
            everything: PolicyDocument::from_value(&everything()).unwrap(),
        }
    }

    /// Added to the policy that AWS gives a key: it leaves everything to the account's own policies.
    pub(super) fn of_key(paper: &Paper) -> Self {
        let mut trial = Self::of(paper, Kind::Resource);
        let mut value = paper.value.clone();
        let statements = value["Statement"].as_array_mut().unwrap();
        statements.push(json!({
            "Effect": "Allow",
            "Principal": { "AWS": format!("arn:aws:iam::{ACCOUNT}:root") },
            "Action": "kms:*",
            "Resource": "*"
        }));
        trial.paper = PolicyDocument::from_value(&value).unwrap();
        trial
    }

    /// The policy alone, as one that allows.
    pub(super) fn alone(&self, action: &str, resource: &str, context: &Context) -> Outcome {
        let policies = Policies {
            identity: vec![self.attached()],
            ..Policies::default()
        };
        outcome(&policies, action, resource, context)
    }

    /// Beside one that allows everything.
    pub(super) fn beside_everything(
        &self,
        action: &str,
        resource: &str,
        context: &Context,
    ) -> Outcome {
        let policies = Policies {
            identity: vec![self.everything(), self.attached()],
            ..Policies::default()
        };
        outcome(&policies, action, resource, context)
    }

    /// As a service control policy, on the organization's root or below it.
    pub(super) fn in_organization(
        &self,
        action: &str,
        resource: &str,
        context: &Context,
    ) -> Outcome {
        let policies = Policies {
            identity: vec![self.everything()],
            scp: vec![
                vec![self.everything()],
                vec![self.everything(), self.attached()],
            ],
            ..Policies::default()
        };
        outcome(&policies, action, resource, context)
    }

    /// As the policy of the resource.
    pub(super) fn on_resource(&self, action: &str, resource: &str, context: &Context) -> Outcome {
        let policies = Policies {
            identity: vec![self.everything()],
            resource: Some(self.attached()),
            ..Policies::default()
        };
        outcome(&policies, action, resource, context)
    }

    fn attached(&self) -> Attached<'_> {
        Attached {
            name: "composed",
            document: &self.paper,
        }
    }

    fn everything(&self) -> Attached<'_> {
        Attached {
            name: "everything",
            document: &self.everything,
        }
    }
}

fn outcome(policies: &Policies<'_>, action: &str, resource: &str, context: &Context) -> Outcome {
    let request = Request {
        action,
        resource,
        principal: Some("arn:aws:iam::123456789012:role/somebody"),
        context,
    };
    decide(policies, &request).outcome
}
