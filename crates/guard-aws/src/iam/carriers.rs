//! Those who carry policies, as an operator's program reads and changes them.

use guard_reconcile::error::PortError;
use guard_reconcile::ports::{
    Advice, AskAdvisor, Details, InstanceProfile, Page, ReadDetails, ReadProfiles,
};

use super::{Advisor, Attachments, Principals};
use crate::clock::SystemClock;
use crate::config::Aws;
use crate::sight::changes_attachments;

/// Every port that finds out who carries a forbidden policy, and takes it off, on AWS.
#[derive(Debug)]
pub struct Carriers {
    principals: Principals,
    attachments: Attachments,
    advisor: Advisor,
    clock: SystemClock,
}

impl Carriers {
    /// IAM of the account that `aws` gives access to.
    pub fn new(aws: &Aws) -> Self {
        Self {
            principals: Principals::new(aws),
            attachments: Attachments::new(aws),
            advisor: Advisor::new(aws),
            clock: SystemClock,
        }
    }
}

changes_attachments!(Carriers);

impl ReadDetails for Carriers {
    async fn details(&self, after: Option<&str>) -> Result<Details, PortError> {
        self.principals.details(after).await
    }
}

impl AskAdvisor for Carriers {
    async fn ask(&self, arn: &str) -> Result<String, PortError> {
        self.advisor.ask(arn).await
    }

    async fn answer(&self, job: &str, after: Option<&str>) -> Result<Advice, PortError> {
        self.advisor.answer(job, after).await
    }
}

impl ReadProfiles for Carriers {
    async fn profiles(&self, after: Option<&str>) -> Result<Page<InstanceProfile>, PortError> {
        self.principals.profiles(after).await
    }
}
