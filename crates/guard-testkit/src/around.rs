//! Instance profiles and stacks of the account.

use guard_reconcile::ports::{InstanceProfile, Stack, StackResource};

use crate::FakeAccount;

/// What runs with roles, and what made them.
#[derive(Debug, Default)]
pub(crate) struct Around {
    pub(crate) profiles: Vec<InstanceProfile>,
    pub(crate) stacks: Vec<Made>,
}

/// A stack and all that is known of it.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) stack: Stack,
    pub(crate) template: String,
    pub(crate) resources: Vec<StackResource>,
}

impl Around {
    /// The stack with an id.
    pub(crate) fn stack(&self, id: &str) -> Option<&Made> {
        self.stacks.iter().find(|made| made.stack.id == id)
    }
}

impl FakeAccount {
    /// Makes an instance profile with a role.
    pub fn add_profile(&self, name: &str, role: &str) {
        let arn = format!("arn:aws:iam::123456789012:instance-profile/{name}");
        self.state().around.profiles.push(InstanceProfile {
            name: name.to_owned(),
            arn,
            roles: vec![role.to_owned()],
        });
    }

    /// Makes a stack of this template; what it makes is told by type and name.
    pub fn add_stack(&self, name: &str, template: &str, resources: &[(&str, &str)]) {
        let resources = resources.iter().map(|(kind, id)| StackResource {
            kind: (*kind).to_owned(),
            id: Some((*id).to_owned()),
        });
        self.state().around.stacks.push(Made {
            stack: Stack {
                id: format!("arn:aws:cloudformation:eu-central-1:123456789012:stack/{name}/1"),
                name: name.to_owned(),
            },
            template: template.to_owned(),
            resources: resources.collect(),
        });
    }

    /// Deletes a stack.
    pub fn delete_stack(&self, name: &str) {
        let stacks = &mut self.state().around.stacks;
        stacks.retain(|made| made.stack.name != name);
    }
}
