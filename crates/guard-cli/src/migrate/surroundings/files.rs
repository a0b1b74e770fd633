//! The same from files that the AWS command line prints.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use guard_core::charter::Forbidden;
use guard_core::migration::{Names, Reference, ReferenceKind, What, names};

use super::answers::{Instances, Profiles, Stacks, Template, Templates};
use super::{Known, Owner, owner};
use crate::error::Error;
use crate::migrate::printed;

/// The files that tell of it.
#[derive(Debug, clap::Args)]
pub(in crate::migrate) struct Files {
    /// What `aws ec2 describe-instances` prints, one Region behind the other
    #[arg(
        long,
        value_name = "FILE",
        requires = "instance_profiles",
        requires = "details"
    )]
    instances: Option<PathBuf>,
    /// What `aws iam list-instance-profiles` prints: which role an instance has
    #[arg(long, value_name = "FILE", requires = "details")]
    instance_profiles: Option<PathBuf>,
    /// What `aws ec2 describe-launch-template-versions` prints
    #[arg(
        long,
        value_name = "FILE",
        requires = "instance_profiles",
        requires = "details"
    )]
    launch_templates: Option<PathBuf>,
    /// What `aws cloudformation describe-stack-resources` prints
    #[arg(long, value_name = "FILE", requires = "details")]
    stacks: Option<PathBuf>,
    /// The folder with what `aws cloudformation get-template` prints, as STACK.json
    #[arg(long, value_name = "DIR", requires = "details")]
    templates: Option<PathBuf>,
}

impl Files {
    /// Reads them.
    pub(in crate::migrate) fn read(&self, forbidden: &Forbidden) -> Result<Known, Error> {
        let mut known = Known::default();
        if let Some(file) = known.given(What::InstanceProfiles, self.instance_profiles.as_ref()) {
            for answer in printed::read::<Profiles>(file, "aws iam list-instance-profiles")? {
                known.profiles.extend(answer.into_profiles());
            }
        }
        if let Some(file) = known.given(What::Instances, self.instances.as_ref()) {
            for answer in printed::read::<Instances>(file, "aws ec2 describe-instances")? {
                known.add_instances(answer);
            }
        }
        if let Some(file) = known.given(What::LaunchTemplates, self.launch_templates.as_ref()) {
            let command = "aws ec2 describe-launch-template-versions";
            for answer in printed::read::<Templates>(file, command)? {
                for version in answer.launch_template_versions {
                    known.add_template(&version, forbidden, None);
                }
            }
        }
        let mut made = self.made(&mut known)?;
        if let Some(folder) = known.given(What::StackTemplates, self.templates.as_ref()) {
            for (stack, template) in templates(folder)? {
                if names(&template.text(), forbidden) {
                    let owners = made.remove(&stack).unwrap_or_default();
                    let reference = Reference {
                        kind: ReferenceKind::Stack,
                        name: stack,
                        names: Names::Policy,
                        new_version: None,
                    };
                    known.add_naming(reference, owners);
                }
            }
        }
        Ok(known)
    }

    /// Whom each stack made, by its name.
    fn made(&self, known: &mut Known) -> Result<BTreeMap<String, Vec<Owner>>, Error> {
        let mut made: BTreeMap<String, Vec<Owner>> = BTreeMap::new();
        let Some(file) = known.given(What::Stacks, self.stacks.as_ref()) else {
            return Ok(made);
        };
        let command = "aws cloudformation describe-stack-resources";
        for answer in printed::read::<Stacks>(file, command)? {
            for resource in answer.stack_resources {
                let name = resource.name();
                let (stack, kind) = (resource.stack_name, resource.kind);
                let Some(owner) = owner(&kind, resource.physical_resource_id) else {
                    continue;
                };
                known.add(ReferenceKind::Stack, &name, false, vec![owner.clone()]);
                made.entry(stack).or_default().push(owner);
            }
        }
        Ok(made)
    }
}

impl Known {
    /// A file that was given, and is then looked at.
    fn given<'a>(&mut self, what: What, file: Option<&'a PathBuf>) -> Option<&'a Path> {
        match file {
            Some(_) => self.looked.saw(what, None),
            None => self.looked.missed(what, None, "no file tells of them"),
        }
        file.map(PathBuf::as_path)
    }
}

/// The answers in a folder, by the names of their stacks, which the answers themselves do not tell.
fn templates(folder: &Path) -> Result<Vec<(String, Template)>, Error> {
    let failed = |source| Error::Read {
        file: folder.to_owned(),
        source,
    };
    let mut templates = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        let stack = file
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned());
        let is_json = file.extension().is_some_and(|it| it == "json");
        let Some(stack) = stack.filter(|_| is_json) else {
            continue;
        };
        for template in printed::read::<Template>(&file, "aws cloudformation get-template")? {
            templates.push((stack.clone(), template));
        }
    }
    templates.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(templates)
}
