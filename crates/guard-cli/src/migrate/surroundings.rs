//! What runs with a role, and what would bring the policy back, from files.

mod answers;

use std::collections::HashMap;
use std::path::PathBuf;

use base64::Engine;
use guard_core::inventory::{Bearer, BearerKind};
use guard_core::migration::{Names, Reference, ReferenceKind, Surroundings};

use super::printed;
use crate::error::Error;
use answers::{Instances, Profile, Profiles, Stacks, Templates, Version};

/// The files that tell of it.
#[derive(Debug, clap::Args)]
pub(super) struct Files {
    /// What `aws ec2 describe-instances` prints, one Region behind the other
    #[arg(long, value_name = "FILE", requires = "instance_profiles")]
    instances: Option<PathBuf>,
    /// What `aws iam list-instance-profiles` prints: which role an instance has
    #[arg(long, value_name = "FILE")]
    instance_profiles: Option<PathBuf>,
    /// What `aws ec2 describe-launch-template-versions` prints
    #[arg(long, value_name = "FILE", requires = "instance_profiles")]
    launch_templates: Option<PathBuf>,
    /// What `aws cloudformation describe-stack-resources` prints
    #[arg(long, value_name = "FILE")]
    stacks: Option<PathBuf>,
}

/// Everything that the files tell, by the names of roles.
#[derive(Debug, Default)]
pub(super) struct Known {
    by_role: HashMap<String, Surroundings>,
    /// What attaches the policy to a role that nobody can tell from the file.
    pub(super) unplaced: Vec<Reference>,
}

impl Files {
    /// Reads them; `policy` is the forbidden policy's name.
    pub(super) fn read(&self, policy: &str) -> Result<Known, Error> {
        let mut known = Known::default();
        let mut profiles = Vec::new();
        if let Some(file) = &self.instance_profiles {
            for answer in printed::read::<Profiles>(file, "aws iam list-instance-profiles")? {
                profiles.extend(answer.instance_profiles);
            }
        }
        if let Some(file) = &self.instances {
            for answer in printed::read::<Instances>(file, "aws ec2 describe-instances")? {
                known.add_instances(answer, &profiles);
            }
        }
        if let Some(file) = &self.launch_templates {
            let command = "aws ec2 describe-launch-template-versions";
            for answer in printed::read::<Templates>(file, command)? {
                for version in answer.launch_template_versions {
                    known.add_template(&version, &profiles, policy);
                }
            }
        }
        if let Some(file) = &self.stacks {
            let command = "aws cloudformation describe-stack-resources";
            for answer in printed::read::<Stacks>(file, command)? {
                known.add_stacks(answer);
            }
        }
        Ok(known)
    }
}

impl Known {
    /// What is known of somebody.
    pub(super) fn of(&self, bearer: &Bearer) -> Surroundings {
        let found = match bearer.kind {
            BearerKind::Role => self.by_role.get(&bearer.name).cloned(),
            BearerKind::User | BearerKind::Group => None,
        };
        found.unwrap_or_default()
    }

    fn add_instances(&mut self, answer: Instances, profiles: &[Profile]) {
        let instances = answer.reservations.into_iter().flat_map(|it| it.instances);
        for instance in instances.filter(|it| it.state.name != "terminated") {
            let profile = instance.iam_instance_profile.and_then(|it| it.arn);
            for role in roles(profiles, profile.as_deref(), None) {
                let ids = &mut self.by_role.entry(role).or_default().instances;
                ids.push(instance.id.clone());
            }
        }
    }

    fn add_template(&mut self, version: &Version, profiles: &[Profile], policy: &str) {
        let name = format!(
            "{} ({}), version {}",
            version.launch_template_name, version.launch_template_id, version.number
        );
        let data = &version.launch_template_data;
        let profile = data.iam_instance_profile.as_ref();
        let (arn, profile) = (
            profile.and_then(|it| it.arn.as_deref()),
            profile.and_then(|it| it.name.as_deref()),
        );
        let roles = roles(profiles, arn, profile);
        let reference = |names| Reference {
            kind: ReferenceKind::LaunchTemplate,
            name: name.clone(),
            names,
        };
        let attaches = data.user_data.as_deref().is_some_and(|it| says(it, policy));
        if attaches && roles.is_empty() {
            self.unplaced.push(reference(Names::Policy));
        }
        for role in roles {
            let references = &mut self.by_role.entry(role).or_default().references;
            references.push(reference(Names::Role));
            if attaches {
                references.push(reference(Names::Policy));
            }
        }
    }

    fn add_stacks(&mut self, answer: Stacks) {
        let resources = answer.stack_resources.into_iter();
        for resource in resources.filter(|it| it.kind == "AWS::IAM::Role") {
            let Some(role) = resource.physical_resource_id.clone() else {
                continue;
            };
            let references = &mut self.by_role.entry(role).or_default().references;
            references.push(Reference {
                kind: ReferenceKind::Stack,
                name: resource.name(),
                names: Names::Role,
            });
        }
    }
}

/// The roles in the instance profile that somebody names by its ARN or its name: one, or none yet.
fn roles(profiles: &[Profile], arn: Option<&str>, name: Option<&str>) -> Vec<String> {
    let is_named = |profile: &&Profile| {
        arn == Some(profile.arn.as_str()) || name == Some(profile.instance_profile_name.as_str())
    };
    let roles = profiles.iter().filter(is_named).flat_map(|it| &it.roles);
    roles.map(|role| role.role_name.clone()).collect()
}

/// Whether user data name the policy; what is no text names nothing that could be found.
fn says(user_data: &str, policy: &str) -> bool {
    let decoded = base64::engine::general_purpose::STANDARD.decode(user_data.trim());
    decoded.is_ok_and(|bytes| String::from_utf8_lossy(&bytes).contains(policy))
}
