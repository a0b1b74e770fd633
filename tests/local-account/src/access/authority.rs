//! Decides calls by the identity policies that moto keeps.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use super::context::Context;
use super::need::Need;
use super::policy::{Asker, Decision, Request, decide_all};
use crate::ACCOUNT;
use crate::iam::boundaries::UserBoundaries;
use crate::locked::Locked;
use crate::moto::{IAM, Moto};
use crate::principals::Principal;
use crate::wire::answer::Refusal;
use crate::wire::call::{ApiCall, Protocol};
use crate::wire::rest::decode;

/// Identity policies and permissions boundaries, gathered once and forgotten when IAM changes.
#[derive(Debug, Default)]
pub(crate) struct Authority {
    gathered: Locked<HashMap<String, Arc<Policies>>>,
    pub(crate) user_boundaries: UserBoundaries,
}

#[derive(Debug, Default)]
struct Policies {
    identity: Vec<Value>,
    boundary: Option<Value>,
}

impl Authority {
    /// Forgets everything: IAM, or something that IAM answers for, was changed.
    pub(crate) fn forget(&self) {
        self.gathered.lock().clear();
    }

    /// Refuses what the caller's policies do not allow.
    pub(crate) async fn check(
        &self,
        moto: &Moto,
        caller: &Principal,
        call: &ApiCall,
        needs: &[Need],
    ) -> Result<(), Refusal> {
        let context = context_of(caller, call);
        for need in needs {
            self.check_need(moto, caller, need, &context)
                .await
                .map_err(|refusal| spelled(refusal, call))?;
        }
        Ok(())
    }

    /// Refuses one action on one resource.
    pub(crate) async fn check_need(
        &self,
        moto: &Moto,
        caller: &Principal,
        need: &Need,
        context: &Context,
    ) -> Result<(), Refusal> {
        let policies = self.policies(moto, caller).await;
        let request = Request {
            action: &need.action,
            resource: &need.resource,
            asker: Asker::Bearer,
            context,
        };
        let identity = decide_all(&policies.identity, &request);
        let boundary = policies
            .boundary
            .as_ref()
            .map_or(Decision::Allowed, |boundary| {
                decide_all(std::slice::from_ref(boundary), &request)
            });
        let reason = match (identity, boundary) {
            (Decision::Denied, _) => "with an explicit deny in an identity-based policy".to_owned(),
            (_, Decision::Denied) => "with an explicit deny in a permissions boundary".to_owned(),
            (Decision::NotAllowed, _) => format!(
                "because no identity-based policy allows the {} action",
                need.action
            ),
            (_, Decision::NotAllowed) => format!(
                "because no permissions boundary allows the {} action",
                need.action
            ),
            (Decision::Allowed, Decision::Allowed) => return Ok(()),
        };
        let message = format!(
            "User: {} is not authorized to perform: {} on resource: {} {reason}",
            caller.arn(),
            need.action,
            need.resource
        );
        Err(Refusal::new("AccessDeniedException", message))
    }

    async fn policies(&self, moto: &Moto, caller: &Principal) -> Arc<Policies> {
        let bearer = caller.bearer_arn().to_owned();
        if let Some(policies) = self.gathered.lock().get(&bearer) {
            return Arc::clone(policies);
        }
        let policies = Arc::new(gather(moto, caller, &self.user_boundaries).await);
        self.gathered.lock().insert(bearer, Arc::clone(&policies));
        policies
    }
}

/// Query services and S3 say `AccessDenied` and HTTP 403 where JSON services say `AccessDeniedException` and 400.
fn spelled(refusal: Refusal, call: &ApiCall) -> Refusal {
    match call.protocol {
        Protocol::Json => refusal,
        Protocol::RestJson => refusal.with_status(403),
        Protocol::Query | Protocol::RestXml => Refusal {
            code: "AccessDenied".into(),
            ..refusal
        }
        .with_status(403),
    }
}

/// The condition keys that this account knows for a call.
pub(crate) fn context_of(caller: &Principal, call: &ApiCall) -> Context {
    let entries = |member: &str| -> Vec<String> {
        let entries = call.parameters.get("Entries").and_then(Value::as_array);
        entries
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.get(member)?.as_str().map(str::to_owned))
            .collect()
    };
    caller_context(caller, &call.region)
        .with_all(
            "events:source",
            if call.service == "events" {
                entries("Source")
            } else {
                Vec::new()
            },
        )
        .with_all(
            "events:detail-type",
            if call.service == "events" {
                entries("DetailType")
            } else {
                Vec::new()
            },
        )
        .with("ssm:DocumentType", call.text("DocumentType"))
        .with(
            "ssm:Overwrite",
            call.parameters
                .get("Overwrite")
                .map(Value::to_string)
                .as_deref(),
        )
        .with("iam:PolicyARN", call.text("PolicyArn"))
}

/// The condition keys that hang on the caller alone.
pub(crate) fn caller_context(caller: &Principal, region: &str) -> Context {
    let (kind, function, user) = match caller {
        Principal::User { name, .. } => ("User", None, Some(name.as_str())),
        Principal::Session(session) => ("AssumedRole", session.function.as_deref(), None),
    };
    Context::default()
        .with("aws:PrincipalArn", Some(caller.bearer_arn()))
        .with("aws:PrincipalAccount", Some(ACCOUNT))
        .with("aws:PrincipalType", Some(kind))
        .with("aws:userid", Some(&caller.unique_id()))
        .with("aws:username", user)
        .with("aws:RequestedRegion", Some(region))
        // Loopback stands for TLS here; outside this machine nobody can reach it.
        .with("aws:SecureTransport", Some("true"))
        .with("aws:MultiFactorAuthPresent", None)
        .with("aws:ViaAWSService", Some("false"))
        .with("aws:SourceAccount", None)
        .with("aws:SourceArn", None)
        .with("lambda:SourceFunctionArn", function)
        .with("iam:PassedToService", Some("lambda.amazonaws.com"))
}

async fn gather(moto: &Moto, caller: &Principal, of_users: &UserBoundaries) -> Policies {
    let (kind, name) = match caller {
        Principal::User { name, .. } => ("User", name.as_str()),
        Principal::Session(session) => ("Role", session.role.name.as_str()),
    };
    let mut identity = of_bearer(moto, kind, name).await;
    if kind == "User" {
        let groups = ask(moto, "ListGroupsForUser", &[("UserName", name)]).await;
        for group in names(&groups, "Groups", "GroupName") {
            identity.extend(of_bearer(moto, "Group", &group).await);
        }
    }
    let boundary = match caller {
        Principal::User { id, .. } => of_users.of(id),
        Principal::Session(_) => role_boundary(moto, name).await,
    };
    let boundary = match boundary {
        Some(arn) => Some(managed(moto, &arn).await.unwrap_or(Value::Null)),
        None => None,
    };
    Policies { identity, boundary }
}

async fn role_boundary(moto: &Moto, name: &str) -> Option<String> {
    let answer = ask(moto, "GetRole", &[("RoleName", name)]).await;
    let boundary = answer.get("Role")?.get("PermissionsBoundary")?;
    boundary
        .get("PermissionsBoundaryArn")?
        .as_str()
        .map(str::to_owned)
}

/// Attached and inline policies of a user, group or role.
pub(crate) async fn of_bearer(moto: &Moto, kind: &str, name: &str) -> Vec<Value> {
    let member = format!("{kind}Name");
    let bearer = (member.as_str(), name);
    let mut documents = Vec::new();
    let attached = ask(moto, &format!("ListAttached{kind}Policies"), &[bearer]).await;
    for arn in names(&attached, "AttachedPolicies", "PolicyArn") {
        documents.extend(managed(moto, &arn).await);
    }
    let inline = ask(moto, &format!("List{kind}Policies"), &[bearer]).await;
    for policy in inline
        .get("PolicyNames")
        .map(super::policy::texts)
        .unwrap_or_default()
    {
        let answer = ask(
            moto,
            &format!("Get{kind}Policy"),
            &[bearer, ("PolicyName", &policy)],
        )
        .await;
        documents.extend(document(answer.get("PolicyDocument")));
    }
    documents
}

/// A managed policy's default version.
pub(crate) async fn managed(moto: &Moto, arn: &str) -> Option<Value> {
    let policy = ask(moto, "GetPolicy", &[("PolicyArn", arn)]).await;
    let version = policy.get("Policy")?.get("DefaultVersionId")?.as_str()?;
    let answer = ask(
        moto,
        "GetPolicyVersion",
        &[("PolicyArn", arn), ("VersionId", version)],
    )
    .await;
    document(answer.get("PolicyVersion")?.get("Document"))
}

/// IAM's answers carry documents percent-encoded (IAM API reference, `GetPolicyVersion`).
fn document(encoded: Option<&Value>) -> Option<Value> {
    let text = encoded?.as_str()?;
    serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(&decode(text)))
        .ok()
}

fn names(answer: &Value, list: &str, member: &str) -> Vec<String> {
    let items = answer.get(list).and_then(Value::as_array);
    items
        .into_iter()
        .flatten()
        .filter_map(|item| item.get(member)?.as_str().map(str::to_owned))
        .collect()
}

/// What IAM does not answer grants nothing.
async fn ask(moto: &Moto, action: &str, input: &[(&str, &str)]) -> Value {
    moto.query(IAM, action, input).await.unwrap_or(Value::Null)
}
