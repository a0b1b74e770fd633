//! The access advisor: which services somebody may call, and when they were last called
//! (`GenerateServiceLastAccessedDetails` and `GetServiceLastAccessedDetails`, IAM API reference).

pub(crate) mod services;
pub(crate) mod subject;
pub(crate) mod uses;

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use self::subject::Subject;
use self::uses::{Use, Uses};
use super::page::Page;
use crate::locked::Locked;
use crate::state::State;
use crate::trail::time::to_second;
use crate::wire::answer::Refusal;
use crate::wire::call::ApiCall;

/// The only granularity that is answered, and the default one.
const SERVICE_LEVEL: &str = "SERVICE_LEVEL";

/// Reports by the ids of their jobs, and the uses that tests note.
#[derive(Debug, Default)]
pub(crate) struct AccessAdvisor {
    pub(crate) uses: Uses,
    jobs: Locked<HashMap<String, Job>>,
}

#[derive(Debug, Clone)]
struct Job {
    created: Timestamp,
    services: Vec<Value>,
    /// The first look finds the job at work.
    has_been_seen: bool,
}

/// `GenerateServiceLastAccessedDetails`: takes the report at once, and tells it at the second look.
pub(crate) async fn generate(state: &State, call: &ApiCall) -> Result<Value, Refusal> {
    if call
        .text("Granularity")
        .is_some_and(|wanted| wanted != SERVICE_LEVEL)
    {
        let message = "The local account reports services only, not actions.";
        return Err(Refusal::new("InvalidInput", message));
    }
    let arn = call.text("Arn").unwrap_or_default();
    let subject = Subject::find(state, arn).await?;
    let id = Uuid::new_v4().to_string();
    let job = Job {
        created: Timestamp::now(),
        services: report(state, &subject),
        has_been_seen: false,
    };
    state.access_advisor.jobs.lock().insert(id.clone(), job);
    Ok(json!({"JobId": id}))
}

/// `GetServiceLastAccessedDetails`.
pub(crate) fn get(state: &State, call: &ApiCall) -> Result<Value, Refusal> {
    let page = Page::read(call)?;
    let id = call.text("JobId").unwrap_or_default();
    let mut jobs = state.access_advisor.jobs.lock();
    let job = jobs.get_mut(id).ok_or_else(|| {
        Refusal::new("NoSuchEntity", format!("Job {id} does not exist.")).with_status(404)
    })?;
    let mut answer = Map::from_iter([
        ("JobType".to_owned(), json!(SERVICE_LEVEL)),
        ("JobCreationDate".to_owned(), json!(to_second(job.created))),
    ]);
    if !job.has_been_seen {
        job.has_been_seen = true;
        answer.insert("JobStatus".to_owned(), json!("IN_PROGRESS"));
        answer.insert("ServicesLastAccessed".to_owned(), json!([]));
        answer.insert("IsTruncated".to_owned(), json!(false));
        return Ok(Value::Object(answer));
    }
    let (services, more) = page.of(job.services.clone());
    answer.insert("JobStatus".to_owned(), json!("COMPLETED"));
    answer.insert(
        "JobCompletionDate".to_owned(),
        json!(to_second(job.created)),
    );
    answer.insert("ServicesLastAccessed".to_owned(), json!(services));
    answer.extend(more);
    Ok(Value::Object(answer))
}

/// `ServiceLastAccessed` of each service that the policies allow.
fn report(state: &State, subject: &Subject) -> Vec<Value> {
    let uses: Vec<(&str, Vec<Use>)> = subject
        .principals
        .iter()
        .map(|principal| (principal.as_str(), uses::of(state, principal)))
        .collect();
    services::allowed(&subject.documents)
        .iter()
        .map(|namespace| service(namespace, &uses))
        .collect()
}

fn service(namespace: &str, uses: &[(&str, Vec<Use>)]) -> Value {
    let mut total = 0;
    let mut last: Option<(&str, &Use)> = None;
    for (principal, uses) in uses {
        let latest = uses
            .iter()
            .filter(|one| one.namespace == namespace)
            .max_by_key(|one| one.at);
        let Some(latest) = latest else { continue };
        total += 1;
        if last.is_none_or(|(_, last)| last.at < latest.at) {
            last = Some((principal, latest));
        }
    }
    let mut service = Map::from_iter([
        ("ServiceName".to_owned(), json!(services::name(namespace))),
        ("ServiceNamespace".to_owned(), json!(namespace)),
        ("TotalAuthenticatedEntities".to_owned(), json!(total)),
    ]);
    if let Some((principal, last)) = last {
        service.extend([
            ("LastAuthenticated".to_owned(), json!(to_second(last.at))),
            ("LastAuthenticatedEntity".to_owned(), json!(principal)),
            ("LastAuthenticatedRegion".to_owned(), json!(last.region)),
        ]);
    }
    Value::Object(service)
}
