//! An execution begins: its runbook, its parameters and its role are looked at before anything is run.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::execution::{Entry, Execution, Listed, Status, StepExecution, listed};
use super::expression::{Values, plain};
use super::run::{self, Work};
use super::runbook::Runbook;
use super::{parameter, refusals};
use crate::ACCOUNT;
use crate::access::authority::caller_context;
use crate::access::context::Context;
use crate::access::need::Need;
use crate::access::policy::{Asker, Decision, Request, decide_all};
use crate::documents::document::Document;
use crate::principals::{self, Principal, role_name};
use crate::state::State;
use crate::wire::answer::Refusal;

const SERVICE: &str = "ssm.amazonaws.com";
/// What AWS takes with a call and this account does not.
const UNSUPPORTED: [&str; 5] = [
    "Targets",
    "TargetMaps",
    "TargetLocations",
    "TargetParameterName",
    "AlarmConfiguration",
];

/// Who starts an execution.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Starter<'a> {
    /// Somebody who must be allowed to pass the role.
    Caller(&'a Principal),
    /// A service by its own role, which may pass every role.
    Service(&'a Principal),
}

impl<'a> Starter<'a> {
    pub(crate) const fn principal(self) -> &'a Principal {
        match self {
            Self::Caller(principal) | Self::Service(principal) => principal,
        }
    }
}

/// An execution under way.
#[derive(Debug)]
pub(crate) struct Begun {
    pub(crate) entry: Entry,
    pub(crate) task: JoinHandle<()>,
}

/// `StartAutomationExecution` (Systems Manager API reference); `request` is its input. That the starter may call it has
/// been looked at before.
pub(crate) async fn begin(
    state: &Arc<State>,
    starter: Starter<'_>,
    region: &str,
    request: &Value,
) -> Result<Begun, Refusal> {
    let found = Found::find(state, region, request)?;
    let parameters = parameter::values(&found.runbook.parameters, request.get("Parameters"))?;
    let id = Uuid::new_v4().to_string();
    let values = Values::new(&parameters, region, &id);
    let role = found.runbook.assume_role.as_ref();
    let role = role.map(|role| values.fill(role)).transpose();
    let role = role.map_err(|name| refusals::parameters(format!("{name} is not defined.")))?;
    let role = role.as_ref().map(plain).unwrap_or_default();
    let actor = actor(state, starter, region, &id, &role).await?;
    let steps = found.runbook.steps.iter().map(StepExecution::of).collect();
    let entry = state.automation.open(Execution {
        id,
        region: region.to_owned(),
        document: found.name,
        version: found.version,
        parameters: listed(&parameters),
        executed_by: starter.principal().arn(),
        started: Timestamp::now(),
        ended: None,
        status: Status::InProgress,
        steps,
        outputs: Listed::new(),
        failure: None,
    });
    let work = Work {
        entry: Arc::clone(&entry),
        runbook: found.runbook,
        values,
        actor,
        region: region.to_owned(),
    };
    let (state, busy) = (Arc::clone(state), state.activity.begin());
    let task = tokio::spawn(async move {
        run::run(&state, work).await;
        drop(busy);
    });
    Ok(Begun { entry, task })
}

/// The runbook that a request names.
struct Found {
    name: String,
    version: u64,
    runbook: Runbook,
}

impl Found {
    fn find(state: &State, region: &str, request: &Value) -> Result<Self, Refusal> {
        let text = |member: &str| request.get(member).and_then(Value::as_str);
        if let Some(member) = UNSUPPORTED.iter().find(|it| request.get(it).is_some()) {
            return Err(refusals::not_here(&format!("`{member}` of an execution")));
        }
        if text("Mode").is_some_and(|mode| mode != "Auto") {
            return Err(refusals::not_here("executions step by step"));
        }
        let named = text("DocumentName").unwrap_or_default();
        let name = named.rsplit('/').next().unwrap_or(named);
        if ["AWS-", "AWSConfigRemediation-", "AWSSupport-"]
            .iter()
            .any(|prefix| name.starts_with(prefix))
        {
            return Err(refusals::not_here(&format!("AWS's own runbook {name}")));
        }
        let wanted = text("DocumentVersion");
        let look = |document: &Document| {
            if document.kind == "Automation" {
                Self::of(document, wanted)
            } else {
                Err(refusals::no_such_runbook(name))
            }
        };
        let found = state.documents.find(region, name, look);
        found.unwrap_or_else(|| Err(refusals::no_such_runbook(name)))
    }

    fn of(document: &Document, wanted: Option<&str>) -> Result<Self, Refusal> {
        let version = match wanted {
            None | Some("$DEFAULT") => document.default,
            Some("$LATEST") => document.latest(),
            Some(number) => number.parse().unwrap_or_default(),
        };
        let content = &document
            .version(version)
            .map_err(|_| refusals::no_such_version(&document.name, wanted.unwrap_or_default()))?
            .content;
        let runbook = Runbook::read(&content.meaning).map_err(refusals::parameters)?;
        let unsupported = runbook.steps.iter().find_map(|it| it.unsupported.as_ref());
        if let Some(unsupported) = unsupported {
            return Err(refusals::not_here(unsupported));
        }
        Ok(Self {
            name: document.name.clone(),
            version,
            runbook,
        })
    }
}

/// Who calls in the steps: a session of the role, or, without a role, whoever starts the execution (Systems Manager
/// user guide, "Setting up Automation").
async fn actor(
    state: &State,
    starter: Starter<'_>,
    region: &str,
    execution_id: &str,
    role_arn: &str,
) -> Result<Principal, Refusal> {
    if role_arn.is_empty() {
        return Ok(starter.principal().clone());
    }
    if !(role_arn.starts_with("arn:") && role_arn.contains(":role/")) {
        return Err(refusals::malformed_role());
    }
    if let Starter::Caller(caller) = starter {
        let need = Need {
            action: "iam:PassRole".into(),
            resource: role_arn.to_owned(),
        };
        let context = caller_context(caller, region).with("iam:PassedToService", Some(SERVICE));
        state
            .authority
            .check_need(&state.moto, caller, &need, &context)
            .await?;
    }
    let role = principals::role(&state.moto, role_name(role_arn))
        .await
        .map_err(|_| refusals::not_assumable())?;
    let source = format!("arn:aws:ssm:{region}:{ACCOUNT}:automation-execution/{execution_id}");
    if role.arn != role_arn || !trusts_service(&role.trust, &role.arn, &source) {
        return Err(refusals::not_assumable());
    }
    let session = format!("Automation-{execution_id}");
    let (session, _) = state.principals.open_session(role, &session, None);
    Ok(Principal::Session(session))
}

/// The keys are those of "Setting up Automation", "Create a service role for Automation".
fn trusts_service(trust: &Value, role_arn: &str, source_arn: &str) -> bool {
    let context = Context::default()
        .with("aws:SourceAccount", Some(ACCOUNT))
        .with("aws:SourceArn", Some(source_arn))
        .with("aws:SecureTransport", Some("true"))
        .with("aws:PrincipalIsAWSService", Some("true"));
    let request = Request {
        action: "sts:AssumeRole",
        resource: role_arn,
        asker: Asker::Service(SERVICE),
        context: &context,
    };
    decide_all(std::slice::from_ref(trust), &request) == Decision::Allowed
}
