//! Whose credentials these are.

use guard_core::names::{AccountId, Region};
use serde::Deserialize;

use super::Access;
use crate::error::Error;
use crate::program::Program;

/// `aws sts get-caller-identity`, as far as it is needed here.
///
/// No crate here calls STS: the account is asked of the AWS command line, which a deployment needs anyway.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Caller {
    /// The account.
    #[serde(rename = "Account")]
    pub(crate) account: AccountId,
    /// The user, or the role's session.
    #[serde(rename = "Arn")]
    pub(crate) arn: String,
}

impl Caller {
    /// Asks STS.
    pub(crate) fn of(access: &Access, region: &Region) -> Result<Self, Error> {
        let said = ask(access, region, &["sts", "get-caller-identity"])?;
        serde_json::from_str(&said).map_err(|source| Error::Answer {
            command: "aws sts get-caller-identity",
            source,
        })
    }
}

/// A question to the AWS command line, answered as JSON.
pub(crate) fn ask(access: &Access, region: &Region, question: &[&str]) -> Result<String, Error> {
    let program = Program::find(Program::AWS)?;
    let mut arguments = vec!["--region", region.as_str(), "--output", "json"];
    if let Some(url) = access.endpoint_url() {
        arguments.extend(["--endpoint-url", url]);
    }
    let arguments = question.iter().chain(&arguments);
    program.run(
        &arguments.map(|it| (*it).to_owned()).collect::<Vec<_>>(),
        None,
    )
}
