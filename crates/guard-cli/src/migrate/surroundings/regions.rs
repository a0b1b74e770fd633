//! The same asked of AWS, in every Region. What cannot be read does not end the plan, which tells of it.

use guard_aws::cloudformation::Stacks;
use guard_core::charter::Forbidden;
use guard_core::migration::{ReferenceKind, What};
use guard_core::names::{AccountId, Region};
use guard_reconcile::around;
use guard_reconcile::ports::{Clock, ReadProfiles};
use serde::de::DeserializeOwned;

use super::answers::{Instances, Templates};
use super::{Known, Owner};
use crate::error::{Error, chain};
use crate::live::{Access, Caller, ask};
use crate::paint::one_line;
use crate::progress::Progress;

/// Where is looked, and for what.
#[derive(Debug)]
pub(in crate::migrate) struct Look<'a> {
    pub(in crate::migrate) access: &'a Access,
    pub(in crate::migrate) account: &'a AccountId,
    pub(in crate::migrate) regions: &'a [Region],
    pub(in crate::migrate) forbidden: &'a Forbidden,
}

impl Look<'_> {
    /// Looks everywhere.
    pub(in crate::migrate) async fn everywhere<P: ReadProfiles + Clock>(&self, iam: &P) -> Known {
        let progress = Progress::of_looking();
        let mut known = Known::default();
        progress.about("instance profiles");
        let profiles = match around::profiles(iam).await {
            Ok(profiles) => {
                known.profiles = profiles;
                known.looked.saw(What::InstanceProfiles, None);
                Ok(())
            }
            Err(error) => {
                known
                    .looked
                    .missed(What::InstanceProfiles, None, chain(&error));
                Err("without instance profiles nobody knows which role they have".to_owned())
            }
        };
        let program = self.program();
        for region in self.regions {
            progress.about(&format!("instances and launch templates in {region}"));
            let instances = program.clone().and(profiles.clone());
            let instances = instances.and_then(|()| self.instances(region));
            known.note(What::Instances, region, instances, |known, answer| {
                known.add_instances(answer);
            });
            let templates = program.clone().and_then(|()| self.templates(region));
            known.note(What::LaunchTemplates, region, templates, |known, answer| {
                for version in answer.launch_template_versions {
                    known.add_template(&version, self.forbidden, Some(region));
                }
                known.keep_latest();
            });
            self.stacks(region, &mut known, &progress).await;
        }
        known
    }

    /// Whether the AWS command line is there, and is of the same account.
    fn program(&self) -> Result<(), String> {
        let Some(region) = self.regions.first() else {
            return Ok(());
        };
        let caller = Caller::of(self.access, region).map_err(|error| why(&error))?;
        if caller.account == *self.account {
            return Ok(());
        }
        Err(format!(
            "the AWS command line has credentials of account {}",
            caller.account
        ))
    }

    fn instances(&self, region: &Region) -> Result<Instances, String> {
        self.asked(
            region,
            "aws ec2 describe-instances",
            &["ec2", "describe-instances"],
        )
    }

    /// The versions that instances start with, unless somebody names another one.
    fn templates(&self, region: &Region) -> Result<Templates, String> {
        let command = "aws ec2 describe-launch-template-versions";
        let (operation, versions) = ("describe-launch-template-versions", "--versions");
        self.asked(
            region,
            command,
            &["ec2", operation, versions, "$Latest", "$Default"],
        )
    }

    fn asked<T: DeserializeOwned>(
        &self,
        region: &Region,
        command: &'static str,
        question: &[&str],
    ) -> Result<T, String> {
        let said = ask(self.access, region, question).map_err(|error| why(&error))?;
        let read = serde_json::from_str(&said);
        read.map_err(|source| why(&Error::Answer { command, source }))
    }

    async fn stacks(&self, region: &Region, known: &mut Known, progress: &Progress) {
        let aws = match self.access.to(Some(region)).await {
            Ok(aws) => aws,
            Err(error) => {
                known.looked.missed(What::Stacks, Some(region), why(&error));
                return;
            }
        };
        let mut done = 0;
        let service = Stacks::new(&aws);
        let told = around::stacks(self.forbidden, &service, |number| {
            done += 1;
            progress.about(&format!("stacks in {region}, {done} of {number}"));
        });
        let stacks = match told.await {
            Ok(stacks) => stacks,
            Err(error) => {
                known
                    .looked
                    .missed(What::Stacks, Some(region), chain(&error));
                return;
            }
        };
        known.looked.saw(What::Stacks, Some(region));
        for related in stacks.related {
            let name = format!("{region}/{}", related.stack.name);
            let made = related.made.into_iter().map(|it| (it.kind, it.name));
            let made: Vec<Owner> = made.collect();
            known.add(ReferenceKind::Stack, &name, related.names_policy, made);
        }
        if let Some((stack, error)) = stacks.unread.first() {
            let (number, first) = (stacks.unread.len(), &stack.name);
            let why = format!("{number} of them, the first `{first}`: {}", chain(error));
            known.looked.missed(What::Stacks, Some(region), why);
        }
    }
}

impl Known {
    /// Takes an answer, or notes why there is none.
    fn note<T>(
        &mut self,
        what: What,
        region: &Region,
        answer: Result<T, String>,
        take: impl FnOnce(&mut Self, T),
    ) {
        match answer {
            Ok(answer) => {
                take(self, answer);
                self.looked.saw(what, Some(region));
            }
            Err(why) => self.looked.missed(what, Some(region), why),
        }
    }
}

/// Why, with what a program said last.
fn why(error: &Error) -> String {
    let last = error.output().and_then(|output| output.lines().next_back());
    match last {
        Some(last) => format!("{}: {}", error.chain(), one_line(last)),
        None => error.chain(),
    }
}
