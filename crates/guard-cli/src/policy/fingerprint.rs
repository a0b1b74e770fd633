//! `session-guard policy fingerprint`: by what `[[forbidden.successor]]` of the charter pins a policy.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use guard_core::policy::{Kind, PolicyDocument};

use crate::error::Error;
use crate::exit::Exit;
use crate::papers::Paper;
use crate::streams::Streams;

const EXAMPLES: &str = "\
Examples:
  session-guard policy fingerprint session-logging.json
  aws iam get-policy-version --policy-arn arn:aws:iam::123456789012:policy/session-logging --version-id v3 \\
    --query PolicyVersion.Document | session-guard policy fingerprint -

Neither layout nor the order of members changes the fingerprint; anything else does, a value by itself in place of a
list of one included. Take the default version: that is what the policy grants.";

/// Print the fingerprint of a policy's document, as `sha256` of `[[forbidden.successor]]` in the charter takes it
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Fingerprint {
    /// The policy's document, or - for the standard input
    file: PathBuf,
}

impl Fingerprint {
    pub(crate) fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Error> {
        let failed = |source| Error::Policy {
            file: self.file.clone(),
            source,
        };
        let document = PolicyDocument::read(&self.text()?).map_err(failed)?;
        // No role could carry any other policy.
        document.check(Kind::Identity).map_err(failed)?;
        writeln!(streams.out, "{}", document.fingerprint())?;
        Ok(Exit::Success)
    }

    fn text(&self) -> Result<String, Error> {
        if self.file != Path::new("-") {
            return Ok(Paper::read(&self.file)?.text);
        }
        let mut text = String::new();
        let read = io::stdin().lock().read_to_string(&mut text);
        let failed = |source| Error::Read {
            file: self.file.clone(),
            source,
        };
        read.map_err(failed)?;
        Ok(text)
    }
}
