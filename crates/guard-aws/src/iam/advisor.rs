//! The access advisor: which services somebody may use, and when each was used.

use aws_sdk_iam::Client;
use aws_sdk_iam::operation::get_service_last_accessed_details::GetServiceLastAccessedDetailsOutput;
use aws_sdk_iam::types::{JobStatusType, ServiceLastAccessed};
use guard_core::migration::Service;
use guard_reconcile::error::PortError;
use guard_reconcile::ports::{Advice, AskAdvisor, Page};

use super::details::next;
use crate::config::Aws;
use crate::failure::Attempt;
use crate::time::timestamp;

/// The most that IAM gives on a page (API reference, `GetServiceLastAccessedDetails`): more than there are services.
const SERVICES_PER_PAGE: i32 = 1000;

/// Asks the access advisor.
#[derive(Debug, Clone)]
pub struct Advisor {
    client: Client,
}

impl Advisor {
    /// The permissions that asking needs.
    pub const ACTIONS: &[&str] = &[
        "iam:GenerateServiceLastAccessedDetails",
        "iam:GetServiceLastAccessedDetails",
    ];

    /// IAM of the account that `aws` gives access to.
    pub fn new(aws: &Aws) -> Self {
        Self {
            client: super::client(aws),
        }
    }
}

impl AskAdvisor for Advisor {
    async fn ask(&self, arn: &str) -> Result<String, PortError> {
        let attempt = Attempt::to("ask the access advisor about", arn);
        let call = self
            .client
            .generate_service_last_accessed_details()
            .arn(arn);
        let answer = call.send().await.map_err(|error| attempt.failed(error))?;
        answer.job_id.ok_or_else(|| attempt.lacks("JobId"))
    }

    async fn answer(&self, job: &str, after: Option<&str>) -> Result<Advice, PortError> {
        let attempt = Attempt::to("read the access advisor's answer", job);
        let call = self
            .client
            .get_service_last_accessed_details()
            .job_id(job)
            .max_items(SERVICES_PER_PAGE)
            .set_marker(after.map(str::to_owned));
        let answer = call.send().await.map_err(|error| attempt.failed(error))?;
        match answer.job_status {
            JobStatusType::InProgress => Ok(Advice::InProgress),
            JobStatusType::Failed => {
                let said = answer
                    .error
                    .map(|it| format!("{}: {}", it.code, it.message));
                let why = said.unwrap_or_else(|| "without a reason".to_owned());
                Ok(Advice::Failed { why })
            }
            JobStatusType::Completed => completed(&attempt, answer),
            // What a later version of the API may say besides.
            _ => Err(attempt.lacks("JobStatus")),
        }
    }
}

fn completed(
    attempt: &Attempt,
    answer: GetServiceLastAccessedDetailsOutput,
) -> Result<Advice, PortError> {
    // The SDK puts the beginning of 1970 where there is no date.
    let at = timestamp(&answer.job_completion_date).filter(|at| at.as_second() > 0);
    let services = answer.services_last_accessed.into_iter();
    let services = services.map(|told| service(attempt, &told));
    Ok(Advice::Completed {
        at: at.ok_or_else(|| attempt.lacks("JobCompletionDate"))?,
        services: Page {
            items: services.collect::<Result<_, _>>()?,
            next: next(attempt, answer.is_truncated, answer.marker)?,
        },
    })
}

/// A time that cannot be read must not pass for "never".
fn service(attempt: &Attempt, told: &ServiceLastAccessed) -> Result<Service, PortError> {
    // The SDK puts an empty text where there is none.
    if told.service_namespace.is_empty() {
        return Err(attempt.lacks("ServiceNamespace"));
    }
    let last = told
        .last_authenticated
        .as_ref()
        .map(|time| timestamp(time).ok_or_else(|| attempt.lacks("LastAuthenticated")));
    Ok(Service {
        namespace: told.service_namespace.clone(),
        last: last.transpose()?,
    })
}

#[cfg(test)]
mod tests;
