//! `session-guard migrate apply --launch-templates`: versions of launch templates that attach the successors.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use guard_core::charter::Forbidden;
use guard_core::migration::{Entry, NewVersion, attaching, names};
use guard_core::roles::Plan;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::surroundings::answers::Templates;
use super::text::{Result as Became, write_result};
use crate::error::{Error, chain};
use crate::exit::Exit;
use crate::live::{Access, ask};
use crate::paint::one_line;

const DESCRIBE: &str = "aws ec2 describe-launch-template-versions";
const CREATE: &str = "aws ec2 create-launch-template-version";

/// What makes them.
#[derive(Debug)]
pub(super) struct Launcher<'a> {
    pub(super) access: &'a Access,
    pub(super) forbidden: &'a Forbidden,
}

/// What became of one.
enum Made {
    Already,
    Version(u64),
    Surprise(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Created {
    launch_template_version: Number,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Number {
    version_number: u64,
}

/// The versions that a plan has for one role.
pub(super) fn planned(entry: &Entry) -> impl Iterator<Item = (&Plan, &NewVersion)> {
    let references = entry.surroundings.references.iter();
    let versions = references.filter_map(|reference| reference.new_version.as_ref());
    entry
        .plan
        .iter()
        .flat_map(move |plan| versions.clone().map(move |new| (plan, new)))
}

impl Launcher<'_> {
    /// Makes one after the other, up to the first that is not as the plan has it.
    pub(super) fn make_all<'p>(
        &self,
        planned: impl Iterator<Item = (&'p Plan, &'p NewVersion)>,
        out: &mut dyn Write,
    ) -> Result<Exit, Error> {
        for (plan, new) in planned {
            let whom = format!("launch template {}/{}", new.region, new.template);
            let (exit, became, more) = match self.make(plan, new) {
                Ok(Made::Already) => (Exit::Success, Became::Already("already done"), vec![]),
                Ok(Made::Version(number)) => (
                    Exit::Success,
                    Became::Done("new version"),
                    told(new, number),
                ),
                Ok(Made::Surprise(why)) => (Exit::Differs, Became::Stopped, vec![why]),
                Err(error) => (Exit::Failure, Became::Stopped, vec![said(&error)]),
            };
            write_result(became, &whom, &more, out)?;
            match exit {
                Exit::Success => {}
                Exit::Failure | Exit::Findings | Exit::Differs | Exit::Usage => return Ok(exit),
            }
        }
        Ok(Exit::Success)
    }

    /// A plan is a file that somebody may have changed: only what follows from the charter and from the template as it is
    /// now is written.
    fn make(&self, plan: &Plan, new: &NewVersion) -> Result<Made, Error> {
        let question = [
            "ec2",
            "describe-launch-template-versions",
            "--launch-template-id",
        ];
        let latest = [new.template.as_str(), "--versions", "$Latest"];
        let answer: Templates = self.asked(new, DESCRIBE, &[&question[..], &latest].concat())?;
        let Some(version) = answer.launch_template_versions.into_iter().next() else {
            return Ok(Made::Surprise("it is not there any more".to_owned()));
        };
        let text = version.text().unwrap_or_default();
        if !names(&text, self.forbidden) {
            return Ok(Made::Already);
        }
        if version.number != new.source_version {
            return Ok(Made::Surprise(format!(
                "its latest version is {} by now, and the plan was made from version {}: plan again",
                version.number, new.source_version
            )));
        }
        let successors = &self.forbidden.successors;
        let is_successor = |arn: &String| successors.iter().any(|it| it.is(arn));
        let follows = attaching(&text, &plan.name, self.forbidden, &new.attach);
        if !new.attach.iter().all(is_successor) || follows.as_ref() != Some(&new.user_data) {
            return Ok(Made::Surprise(
                "the plan's user data do not follow from it and the charter: plan again".to_owned(),
            ));
        }
        self.create(new).map(Made::Version)
    }

    /// The user data go by a file that nobody else can read: the arguments of programs are seen by everybody.
    fn create(&self, new: &NewVersion) -> Result<u64, Error> {
        let data = json!({ "UserData": STANDARD.encode(&new.user_data) });
        let failed = |source| Error::Write {
            file: std::env::temp_dir(),
            source,
        };
        let mut file = tempfile::NamedTempFile::new().map_err(failed)?;
        file.write_all(data.to_string().as_bytes())
            .map_err(failed)?;
        let data = format!("file://{}", file.path().display());
        let (version, token) = (new.source_version.to_string(), new.token());
        let question = [
            "ec2",
            "create-launch-template-version",
            "--launch-template-id",
            &new.template,
            "--source-version",
            &version,
            "--client-token",
            &token,
            "--launch-template-data",
            &data,
        ];
        let created: Created = self.asked(new, CREATE, &question)?;
        Ok(created.launch_template_version.version_number)
    }

    fn asked<T: DeserializeOwned>(
        &self,
        new: &NewVersion,
        command: &'static str,
        question: &[&str],
    ) -> Result<T, Error> {
        let said = ask(self.access, &new.region, question)?;
        serde_json::from_str(&said).map_err(|source| Error::Answer { command, source })
    }
}

fn told(new: &NewVersion, number: u64) -> Vec<String> {
    let NewVersion {
        region, template, ..
    } = new;
    vec![
        format!(
            "version {number} attaches the successors; what started with another one goes on with that"
        ),
        format!(
            "to make it the default one: aws ec2 modify-launch-template --launch-template-id {template} \
             --default-version {number} --region {region}"
        ),
    ]
}

fn said(error: &Error) -> String {
    let last = error.output().and_then(|output| output.lines().next_back());
    let last = last.map(|last| format!(": {}", one_line(last)));
    format!("{}{}", chain(error), last.unwrap_or_default())
}
