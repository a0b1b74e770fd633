//! What the access advisor says, from files.

use std::path::Path;

use guard_core::inventory::Bearer;
use guard_core::migration::{Accessed, Service};
use jiff::Timestamp;
use serde::Deserialize;

use super::printed;
use crate::error::Error;

const COMMAND: &str = "aws iam get-service-last-accessed-details";

/// What it says of somebody, or why nobody knows.
pub(super) type Advice = Result<Accessed, String>;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    job_status: String,
    job_completion_date: Option<Timestamp>,
    #[serde(default)]
    services_last_accessed: Vec<Told>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Told {
    service_namespace: String,
    last_authenticated: Option<Timestamp>,
}

/// What it says of each of them.
pub(super) fn of_all(folder: &Path, bearers: &[&Bearer]) -> Result<Vec<Advice>, Error> {
    // A wrong name would pass for an advisor that said nothing of anybody.
    std::fs::read_dir(folder).map_err(|source| Error::Read {
        file: folder.to_owned(),
        source,
    })?;
    bearers.iter().map(|bearer| of(folder, bearer)).collect()
}

/// The file of somebody is called `role-NAME.json`, `user-NAME.json` or `group-NAME.json`.
fn of(folder: &Path, bearer: &Bearer) -> Result<Advice, Error> {
    let file = folder.join(format!("{}-{}.json", bearer.kind, bearer.name));
    if !file.exists() {
        return Ok(Err(format!("there is no `{}`", file.display())));
    }
    Ok(advice(printed::read(&file, COMMAND)?))
}

fn advice(answers: Vec<Answer>) -> Advice {
    let mut services = Vec::new();
    let mut completed_at = None;
    for answer in answers {
        if answer.job_status != "COMPLETED" {
            return Err(format!(
                "its job is {}: fetch the answer again once it is COMPLETED",
                answer.job_status
            ));
        }
        completed_at = completed_at.or(answer.job_completion_date);
        services.extend(
            answer
                .services_last_accessed
                .into_iter()
                .map(|told| Service {
                    namespace: told.service_namespace,
                    last: told.last_authenticated,
                }),
        );
    }
    let at = completed_at.ok_or("its answer lacks `JobCompletionDate`")?;
    Ok(Accessed::told_at(at, services))
}
