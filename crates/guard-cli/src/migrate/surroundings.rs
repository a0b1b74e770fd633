//! What runs with a role, and what would bring the policy back.

pub(super) mod answers;
mod files;
mod regions;

use std::collections::HashMap;

use guard_core::charter::Forbidden;
use guard_core::inventory::{Bearer, BearerKind};
use guard_core::migration::{
    Looked, Names, Reference, ReferenceKind, Surroundings, UserData, made_by_stacks, names,
};
use guard_core::names::Region;
use guard_reconcile::ports::InstanceProfile;

use answers::{Instances, Version};
pub(super) use files::Files;
pub(super) use regions::Look;

/// Somebody, by name.
type Owner = (BearerKind, String);

/// Everything that was found, by whom it is about.
#[derive(Debug, Default)]
pub(super) struct Known {
    profiles: Vec<InstanceProfile>,
    by_owner: HashMap<Owner, Surroundings>,
    /// What names the policy, with those whom it is about.
    naming: Vec<(Vec<Owner>, Reference)>,
    /// What the latest versions of launch templates name it in.
    pub(super) user_data: Vec<UserData>,
    /// What was looked at, and what was not.
    pub(super) looked: Looked,
}

impl Known {
    /// What is known of somebody.
    pub(super) fn of(&self, bearer: &Bearer) -> Surroundings {
        let owner = (bearer.kind, bearer.name.clone());
        self.by_owner.get(&owner).cloned().unwrap_or_default()
    }

    /// What names the policy, and is about none of those who carry it.
    pub(super) fn elsewhere(&self, carriers: &[&Bearer]) -> Vec<Reference> {
        let is_one = |owner: &Owner| {
            let mut all = carriers.iter();
            all.any(|it| (it.kind, it.name.as_str()) == (owner.0, owner.1.as_str()))
        };
        let naming = self.naming.iter();
        let elsewhere = naming.filter(|(owners, _)| !owners.iter().any(is_one));
        elsewhere.map(|(_, reference)| reference.clone()).collect()
    }

    fn add_instances(&mut self, answer: Instances) {
        let instances = answer.reservations.into_iter().flat_map(|it| it.instances);
        for instance in instances.filter(|it| it.state.name != "terminated") {
            let profile = instance.iam_instance_profile.and_then(|it| it.arn);
            for role in self.roles(profile.as_deref(), None) {
                let ids = &mut self.by_owner.entry(role).or_default().instances;
                ids.push(instance.id.clone());
            }
        }
    }

    fn add_template(&mut self, version: &Version, forbidden: &Forbidden, region: Option<&Region>) {
        let name = version.name(region);
        let data = &version.launch_template_data;
        let profile = data.iam_instance_profile.as_ref();
        let roles = self.roles(
            profile.and_then(|it| it.arn.as_deref()),
            profile.and_then(|it| it.name.as_deref()),
        );
        let text = version.text().filter(|text| names(text, forbidden));
        let names_policy = text.is_some();
        self.add(ReferenceKind::LaunchTemplate, &name, names_policy, roles);
        if let (Some(text), Some(region)) = (text, region) {
            self.user_data.push(UserData {
                reference: name,
                region: region.clone(),
                template: version.launch_template_id.clone(),
                version: version.number,
                text,
            });
        }
    }

    /// Of every launch template the latest version stays: the one that a new one is made from.
    fn keep_latest(&mut self) {
        let latest = |all: &[UserData], one: &UserData| {
            let mut others = all.iter();
            !others.any(|it| it.template == one.template && it.version > one.version)
        };
        let all = self.user_data.clone();
        self.user_data.retain(|one| latest(&all, one));
    }

    /// A place that has to do with these, and perhaps names the policy.
    fn add(&mut self, kind: ReferenceKind, name: &str, names_policy: bool, owners: Vec<Owner>) {
        let reference = |names| Reference {
            kind,
            name: name.to_owned(),
            names,
            new_version: None,
        };
        for owner in &owners {
            let references = &mut self.by_owner.entry(owner.clone()).or_default().references;
            references.push(reference(Names::Role));
        }
        if names_policy {
            self.add_naming(reference(Names::Policy), owners);
        }
    }

    /// A place that names the policy, with those whom it is about.
    fn add_naming(&mut self, reference: Reference, owners: Vec<Owner>) {
        for owner in &owners {
            let references = &mut self.by_owner.entry(owner.clone()).or_default().references;
            references.push(reference.clone());
        }
        self.naming.push((owners, reference));
    }

    /// The roles in the instance profile that somebody names by its ARN or its name: one, or none yet.
    fn roles(&self, arn: Option<&str>, name: Option<&str>) -> Vec<Owner> {
        let is_named = |profile: &&InstanceProfile| {
            arn == Some(profile.arn.as_str()) || name == Some(profile.name.as_str())
        };
        let profiles = self.profiles.iter().filter(is_named);
        let roles = profiles.flat_map(|profile| &profile.roles);
        roles.map(|role| (BearerKind::Role, role.clone())).collect()
    }
}

/// Whom a resource of a stack is, if anybody.
fn owner(resource_type: &str, id: Option<String>) -> Option<Owner> {
    Some((made_by_stacks(resource_type)?, id?))
}
