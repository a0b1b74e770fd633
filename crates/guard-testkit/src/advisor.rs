//! The access advisor of the account, and what a test turns on it.

use std::collections::BTreeMap;

use guard_core::migration::Service;
use guard_reconcile::ports::Advice;
use jiff::Timestamp;

use crate::FakeAccount;
use crate::document::Refusal;
use crate::iam;

/// What the access advisor knows, and what it was asked.
#[derive(Debug, Default)]
pub(crate) struct Advisor {
    /// By the ARN of whoever used them.
    used: BTreeMap<String, Vec<Service>>,
    /// Whose jobs fail, and why.
    failing: BTreeMap<String, String>,
    n_looks: usize,
    jobs: Vec<Job>,
}

#[derive(Debug)]
struct Job {
    arn: String,
    n_looks: usize,
}

impl Advisor {
    /// Begins a job; answers its id.
    pub(crate) fn ask(&mut self, arn: &str) -> String {
        self.jobs.push(Job {
            arn: arn.to_owned(),
            n_looks: self.n_looks,
        });
        format!("job-{}", self.jobs.len())
    }

    /// A page of a job's answer.
    pub(crate) fn answer(
        &mut self,
        id: &str,
        after: Option<&str>,
        page_size: usize,
        now: Timestamp,
    ) -> Result<Advice, Refusal> {
        let number = id.strip_prefix("job-").and_then(|it| it.parse().ok());
        let place = number.and_then(|number: usize| number.checked_sub(1));
        let job = place.and_then(|place| self.jobs.get_mut(place));
        let job = job.ok_or_else(|| Refusal::new("NoSuchEntity", "there is no such job"))?;
        if job.n_looks > 0 {
            job.n_looks -= 1;
            return Ok(Advice::InProgress);
        }
        if let Some(why) = self.failing.get(&job.arn) {
            return Ok(Advice::Failed { why: why.clone() });
        }
        let services = self.used.get(&job.arn).cloned().unwrap_or_default();
        Ok(Advice::Completed {
            at: now,
            services: iam::page(services, after, page_size),
        })
    }
}

impl FakeAccount {
    /// What the access advisor knows of somebody: the services that the policies allow, and when each was used.
    pub fn set_used(&self, arn: &str, services: Vec<Service>) {
        self.state().advisor.used.insert(arn.to_owned(), services);
    }

    /// How often a job that begins from now on is looked at in vain; never at first.
    pub fn set_advisor_looks(&self, times: usize) {
        self.state().advisor.n_looks = times;
    }

    /// Lets every job about somebody fail.
    pub fn fail_advice(&self, arn: &str, why: &str) {
        let why = why.to_owned();
        self.state().advisor.failing.insert(arn.to_owned(), why);
    }
}
