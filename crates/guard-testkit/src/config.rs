//! AWS Config: what it recorded, the events that it sends to rules, and what they told it.

use std::collections::{BTreeMap, BTreeSet};

use guard_core::config_item::{Item, Spelling};
use guard_core::inventory::BearerKind;
use guard_core::names::PREFERENCES_DOCUMENT;
use guard_core::rule_event::Weight;
use guard_core::rules::{Compliance, Resource};
use guard_reconcile::ports::{Answer, MOST_EVALUATIONS, Reported};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::document::Refusal;
use crate::iam::Bearer;
use crate::person::{ACCOUNT, REGION};

/// What AWS Config keeps of one resource for one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// What it was told.
    pub compliance: Compliance,
    /// Why.
    pub annotation: Option<String>,
    /// The time that the rule said.
    pub at: Timestamp,
}

/// Everything that AWS Config keeps of the account.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// Items in the API's spelling, oldest first.
    pub(crate) items: Vec<Value>,
    /// Which rule each token was given to.
    tokens: BTreeMap<String, String>,
    pub(crate) results: BTreeMap<(String, Resource), Kept>,
    /// When each result came; of those that are not here, long ago.
    recorded: BTreeMap<(String, Resource), Timestamp>,
    /// How often what is told of a resource is refused yet.
    pub(crate) refusals: BTreeMap<Resource, usize>,
    /// What is refused besides, whether or not it was told.
    pub(crate) strange_refusal: Option<Resource>,
    /// Of what the history's items say that they are, whatever was asked for.
    pub(crate) misfiled_as: Option<Resource>,
}

impl Config {
    /// A new token for an event of a rule.
    pub(crate) fn token(&mut self, rule: &str) -> String {
        let token = format!("token-{}", self.tokens.len() + 1);
        self.accept(&token, rule);
        token
    }

    pub(crate) fn accept(&mut self, token: &str, rule: &str) {
        self.tokens.insert(token.to_owned(), rule.to_owned());
    }

    /// Takes an answer as the service does (API reference, `PutEvaluations`); says what of it was refused.
    pub(crate) fn take(
        &mut self,
        answer: Answer<'_>,
        now: Timestamp,
    ) -> Result<Vec<Resource>, Refusal> {
        let is_test = match answer.token.weight {
            Weight::Test => true,
            Weight::Real => false,
        };
        let rule = self.tokens.get(&answer.token.value).cloned();
        if rule.is_none() && !is_test {
            return Err(Refusal::new("InvalidResultToken", "the token is not valid"));
        }
        if answer.evaluations.len() > MOST_EVALUATIONS {
            return Err(Refusal::new(
                "ValidationException",
                "Member must have length less than or equal to 100",
            ));
        }
        let mut seen = BTreeSet::new();
        for evaluation in answer.evaluations {
            let length = evaluation.annotation.as_ref().map(|it| it.chars().count());
            let is_fit = length.is_none_or(|length| (1..=256).contains(&length));
            if !is_fit || !seen.insert(&evaluation.resource) {
                return Err(Refusal::new(
                    "ValidationException",
                    "an evaluation does not fit",
                ));
            }
        }
        let mut refused: Vec<Resource> = self.strange_refusal.iter().cloned().collect();
        for evaluation in answer.evaluations {
            let resource = &evaluation.resource;
            if let Some(times) = self.refusals.get_mut(resource).filter(|times| **times > 0) {
                *times -= 1;
                refused.push(resource.clone());
                continue;
            }
            let Some(rule) = rule.as_ref().filter(|_| !is_test) else {
                continue;
            };
            let key = (rule.clone(), resource.clone());
            // What is told of an earlier time does not replace what was told of a later.
            let is_late = self
                .results
                .get(&key)
                .is_some_and(|kept| kept.at > answer.at);
            if !is_late {
                let kept = Kept {
                    compliance: evaluation.compliance,
                    annotation: evaluation.annotation.clone(),
                    at: answer.at,
                };
                self.recorded.insert(key.clone(), now);
                self.results.insert(key, kept);
            }
        }
        Ok(refused)
    }

    /// The results that apply.
    pub(crate) fn reported(&self, rule: &str) -> Vec<Reported> {
        let results = self.results.iter();
        let reported = results
            .filter(|((of, _), kept)| of == rule && kept.compliance != Compliance::NotApplicable);
        reported
            .map(|(key, _)| Reported {
                resource: key.1.clone(),
                recorded: self.recorded.get(key).copied().unwrap_or_default(),
            })
            .collect()
    }

    /// The newest item of a resource that is not later than `at`.
    pub(crate) fn item(&self, resource: &Resource, at: Timestamp) -> Option<Item> {
        let items = self.items.iter().rev();
        let mut items = items.filter_map(|value| Item::read(value, Spelling::Api).ok());
        let item = items.find(|item| item.resource == *resource && item.captured <= at)?;
        let resource = self.misfiled_as.clone().unwrap_or(item.resource);
        Some(Item { resource, ..item })
    }
}

/// An item in the API's spelling, of something that is there.
pub(crate) fn item(
    resource: &Resource,
    name: &str,
    arn: &str,
    at: Timestamp,
    configuration: &Value,
) -> Value {
    let region = if resource.kind.starts_with("AWS::IAM::") {
        "global"
    } else {
        REGION
    };
    json!({
        "version": "1.3",
        "accountId": ACCOUNT,
        "configurationItemCaptureTime": format!("{at:.3}"),
        "configurationItemStatus": "OK",
        "configurationStateId": "1768442584000",
        "configurationItemMD5Hash": "",
        "arn": arn,
        "resourceType": resource.kind,
        "resourceId": resource.id,
        "resourceName": name,
        "awsRegion": region,
        "availabilityZone": "Not Applicable",
        "tags": {},
        "relatedEvents": [],
        "relationships": [],
        "configuration": configuration.to_string(),
        "supplementaryConfiguration": {},
    })
}

/// The same in the spelling of an event.
pub(crate) fn as_in_event(item: &Value) -> Value {
    let mut item = item.clone();
    let Some(members) = item.as_object_mut() else {
        return item;
    };
    for (api, event) in [
        ("version", "configurationItemVersion"),
        ("accountId", "awsAccountId"),
        ("arn", "ARN"),
        ("configurationItemMD5Hash", "configurationStateMd5Hash"),
    ] {
        if let Some(value) = members.shift_remove(api) {
            members.insert(event.to_owned(), value);
        }
    }
    let configuration = members.get("configuration").and_then(Value::as_str);
    let configuration = configuration.and_then(|text| serde_json::from_str(text).ok());
    members.insert(
        "configuration".to_owned(),
        configuration.unwrap_or(Value::Null),
    );
    item
}

/// What AWS Config records of a role, user or group.
pub(crate) fn configuration(kind: BearerKind, name: &str, bearer: &Bearer) -> Value {
    let inline: Vec<_> = bearer
        .inline
        .iter()
        .map(|(name, text)| json!({ "policyName": name, "policyDocument": encoded(text) }))
        .collect();
    let attached: Vec<_> = bearer
        .attached
        .iter()
        .map(|arn| json!({ "policyName": last(arn), "policyArn": arn }))
        .collect();
    let boundary = bearer
        .boundary
        .as_ref()
        .map(|arn| json!({ "permissionsBoundaryArn": arn, "permissionsBoundaryType": "Policy" }));
    let tags: Vec<_> = bearer
        .tags
        .iter()
        .map(|(key, value)| json!({ "key": key, "value": value }))
        .collect();
    let mut configuration = json!({
        "path": "/",
        "arn": bearer.arn,
        "createDate": "2024-05-01T00:00:00.000Z",
        format!("{kind}Name"): name,
        format!("{kind}Id"): bearer.id,
        format!("{kind}PolicyList"): inline,
        "attachedManagedPolicies": attached,
    });
    let more = match kind {
        BearerKind::Role => json!({
            "assumeRolePolicyDocument": encoded(&bearer.trust), "instanceProfileList": [],
            "permissionsBoundary": boundary, "tags": tags, "roleLastUsed": null,
        }),
        BearerKind::User => json!({
            "groupList": bearer.groups, "permissionsBoundary": boundary, "tags": tags,
        }),
        BearerKind::Group => json!({}),
    };
    if let (Some(members), Some(more)) = (configuration.as_object_mut(), more.as_object()) {
        members.extend(more.clone());
    }
    configuration
}

/// What AWS Config records of a managed policy.
pub(crate) fn policy_configuration(arn: &str, document: &str) -> Value {
    json!({
        "policyName": last(arn),
        "policyId": "ANPAEXAMPLE",
        "arn": arn,
        "path": "/",
        "defaultVersionId": "v1",
        "policyVersionList": [{
            "document": encoded(document), "versionId": "v1", "isDefaultVersion": true,
        }],
    })
}

/// What AWS Config records of the preferences document: neither its content nor its versions.
pub(crate) fn document_configuration(kind: &str) -> Value {
    json!({ "Name": PREFERENCES_DOCUMENT, "DocumentType": kind, "DocumentFormat": "JSON" })
}

fn last(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

/// Percent-encoded as IAM does, all but the unreserved characters of RFC 3986.
fn encoded(text: &str) -> String {
    let encode = |byte| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    };
    text.bytes().map(encode).collect::<Vec<_>>().concat()
}
