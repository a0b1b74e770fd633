//! One account, with everything that a remediation asks of it.

use guard_reconcile::error::PortError;
use guard_reconcile::ports::{Advice, AskAdvisor, Holder, Page, ReadHolders};

use crate::clock::SystemClock;
use crate::config::Aws;
use crate::eventbridge::Bus;
use crate::iam::{Advisor, Attachments, Principals};
use crate::sight::{changes_attachments, tells_programs};

/// Every port of a remediation, on AWS.
#[derive(Debug)]
pub struct Remediation {
    principals: Principals,
    attachments: Attachments,
    advisor: Advisor,
    bus: Bus,
    clock: SystemClock,
}

impl Remediation {
    /// The account that `aws` gives access to.
    pub fn new(aws: &Aws) -> Self {
        Self {
            principals: Principals::new(aws),
            attachments: Attachments::new(aws),
            advisor: Advisor::new(aws),
            bus: Bus::new(aws),
            clock: SystemClock,
        }
    }

    /// Every permission that any of the ports needs.
    pub fn actions() -> impl Iterator<Item = &'static str> {
        let lists = [
            Principals::READING,
            Principals::HOLDERS,
            Attachments::WRITING,
            Advisor::ACTIONS,
            Bus::ACTIONS,
        ];
        lists.into_iter().flatten().copied()
    }

    /// Opens the connection to IAM; see [`Attachments::warm_up`].
    pub async fn warm_up(&self, role: &str) {
        self.attachments.warm_up(role).await;
    }
}

impl ReadHolders for Remediation {
    async fn holders(
        &self,
        policy_arn: &str,
        after: Option<&str>,
    ) -> Result<Page<Holder>, PortError> {
        self.principals.holders(policy_arn, after).await
    }
}

impl AskAdvisor for Remediation {
    async fn ask(&self, arn: &str) -> Result<String, PortError> {
        self.advisor.ask(arn).await
    }

    async fn answer(&self, job: &str, after: Option<&str>) -> Result<Advice, PortError> {
        self.advisor.answer(job, after).await
    }
}

changes_attachments!(Remediation);
tells_programs!(Remediation);

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_is_changed_is_attached_to_roles_or_detached() {
        let actions: Vec<_> = Remediation::actions().collect();
        let different: BTreeSet<_> = actions.iter().collect();
        assert_eq!(actions.len(), different.len());
        let changing = actions.into_iter().filter(|action| {
            let (_, call) = action.split_once(':').unwrap();
            let reading = ["Get", "List", "GenerateServiceLastAccessedDetails"];
            !reading.iter().any(|verb| call.starts_with(verb))
        });
        let expected = [
            "iam:AttachRolePolicy",
            "iam:DetachGroupPolicy",
            "iam:DetachRolePolicy",
            "iam:DetachUserPolicy",
            "events:PutEvents",
        ];
        assert_eq!(changing.collect::<Vec<_>>(), expected);
    }
}
