//! The account behind the ports of rules.

use guard_core::config_item::Item;
use guard_core::inventory::{BearerKind, Document, Entity, Problem};
use guard_core::rules::Resource;
use guard_reconcile::error::{FailureClass, PortError};
use guard_reconcile::ports::{
    Answer, AnswerConfig, Details, Holder, Page, ReadDetails, ReadEntities, ReadHolders, ReadItems,
    ReadPrincipals, ReadVersions, Reported,
};
use jiff::Timestamp;

use super::ports::port_error;
use super::{FakeAccount, State};
use crate::calls::Call;
use crate::document::Refusal;
use crate::iam;

impl AnswerConfig for FakeAccount {
    async fn put_evaluations(&self, answer: Answer<'_>) -> Result<Vec<Resource>, PortError> {
        let on = answer.evaluations.len().to_string();
        let take = |state: &mut State| state.config.take(answer, state.now);
        let taken = self.call(Call::PutEvaluations, on, take);
        taken
            .await?
            .map_err(|refusal| port_error(FailureClass::Malformed, refusal))
    }

    async fn reported(
        &self,
        rule_name: &str,
        after: Option<&str>,
    ) -> Result<Page<Reported>, PortError> {
        self.call(Call::Reported, rule_name.to_owned(), |state| {
            iam::page(state.config.reported(rule_name), after, state.iam.page_size)
        })
        .await
    }
}

impl ReadItems for FakeAccount {
    async fn item(&self, resource: &Resource, at: Timestamp) -> Result<Option<Item>, PortError> {
        self.call(Call::Item, resource.id.clone(), |state| {
            state.config.item(resource, at)
        })
        .await
    }
}

impl ReadEntities for FakeAccount {
    async fn entity(&self, kind: BearerKind, name: &str) -> Result<Option<Entity>, PortError> {
        let on = format!("{kind} {name}");
        let answer = self.call(Call::Entity, on, |state| state.iam.entity(kind, name));
        answer.await?.map_err(|problem| malformed(&problem))
    }

    async fn policy(&self, arn: &str) -> Result<Option<Document>, PortError> {
        self.call(Call::Policy, arn.to_owned(), |state| {
            state.iam.document(arn)
        })
        .await
    }
}

impl ReadVersions for FakeAccount {
    async fn version(
        &self,
        policy_arn: &str,
        version_id: &str,
    ) -> Result<Option<Document>, PortError> {
        let key = (policy_arn.to_owned(), version_id.to_owned());
        let on = format!("{policy_arn} {version_id}");
        self.call(Call::Version, on, |state| {
            let text = state.iam.versions.get(&key);
            text.map(|text| Document::read(text))
        })
        .await
    }
}

impl ReadHolders for FakeAccount {
    async fn holders(
        &self,
        policy_arn: &str,
        after: Option<&str>,
    ) -> Result<Page<Holder>, PortError> {
        self.call(Call::Holders, policy_arn.to_owned(), |state| {
            state.iam.holders(policy_arn, after)
        })
        .await
    }
}

impl ReadDetails for FakeAccount {
    async fn details(&self, after: Option<&str>) -> Result<Details, PortError> {
        let on = after.unwrap_or_default().to_owned();
        let answer = self.call(Call::Details, on, |state| state.iam.details(after));
        answer.await?.map_err(|problem| malformed(&problem))
    }
}

impl ReadPrincipals for FakeAccount {
    async fn members(&self, group: &str, after: Option<&str>) -> Result<Page<String>, PortError> {
        self.call(Call::Members, group.to_owned(), |state| {
            state.iam.members(group, after)
        })
        .await
    }
}

fn malformed(problem: &Problem) -> PortError {
    let refusal = Refusal::new("Problem", &problem.to_string());
    port_error(FailureClass::Malformed, refusal)
}
