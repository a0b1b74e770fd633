//! The account behind the ports that tell what runs with roles, and what made them.

use guard_reconcile::error::PortError;
use guard_reconcile::ports::{
    InstanceProfile, Page, ReadProfiles, ReadStacks, Stack, StackResource,
};

use super::FakeAccount;
use crate::calls::Call;
use crate::iam::page;

impl ReadProfiles for FakeAccount {
    async fn profiles(&self, after: Option<&str>) -> Result<Page<InstanceProfile>, PortError> {
        self.call(Call::Profiles, String::new(), |state| {
            page(state.around.profiles.clone(), after, state.iam.page_size)
        })
        .await
    }
}

impl ReadStacks for FakeAccount {
    async fn stacks(&self, after: Option<&str>) -> Result<Page<Stack>, PortError> {
        self.call(Call::Stacks, String::new(), |state| {
            let stacks = state.around.stacks.iter();
            let stacks = stacks.map(|made| made.stack.clone()).collect();
            page(stacks, after, state.iam.page_size)
        })
        .await
    }

    async fn template(&self, stack: &Stack) -> Result<Option<String>, PortError> {
        self.call(Call::Template, stack.name.clone(), |state| {
            let made = state.around.stack(&stack.id);
            made.map(|made| made.template.clone())
        })
        .await
    }

    async fn resources(
        &self,
        stack: &Stack,
        after: Option<&str>,
    ) -> Result<Page<StackResource>, PortError> {
        self.call(Call::Resources, stack.name.clone(), |state| {
            let made = state.around.stack(&stack.id);
            let resources = made.map(|made| made.resources.clone());
            page(resources.unwrap_or_default(), after, state.iam.page_size)
        })
        .await
    }
}
