//! `session-guard pack`: what a function's package holds beside the program.

use std::fs;
use std::path::{Path, PathBuf};

use guard_core::charter::Charter;
use guard_core::names::AccountId;
use jiff::Timestamp;

use crate::check::{Examination, write_findings};
use crate::error::Error;
use crate::exit::Exit;
use crate::paint::counted;
use crate::papers::{CHARTER_FILE, PACKED_AT_FILE};
use crate::scope::EXAMPLE_ACCOUNT;
use crate::streams::Streams;

const EXAMPLES: &str = "\
Examples:
  session-guard pack --charter charter.toml --out target/package
  session-guard pack --charter charter.toml --out target/package --now 2026-01-15T02:03:04Z

The time of packing matters: an editor's change made before it is never approved by the function.";

/// Write the files that the function's package takes: charter, baseline and the time of packing
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Pack {
    /// The charter; its baseline lies beside it
    #[arg(long, value_name = "FILE")]
    charter: PathBuf,
    /// The folder to write to; it is made if it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The time of packing, instead of now
    #[arg(long, value_name = "TIME")]
    now: Option<Timestamp>,
    /// The account for which the charter is checked
    #[arg(long, value_name = "ID", default_value = EXAMPLE_ACCOUNT, value_parser = AccountId::parse)]
    account: AccountId,
}

impl Pack {
    pub(crate) fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Error> {
        let found = Examination::of(&self.charter, None, &self.account)?;
        write_findings(&found, streams.err)?;
        let Some(package) = Package::of(&found) else {
            let number = counted(found.complaints.len(), "error");
            writeln!(streams.err, "nothing is packed: {number} in the charter")?;
            return Ok(Exit::Failure);
        };
        for file in package.write(&self.out, self.now.unwrap_or_else(Timestamp::now))? {
            writeln!(streams.out, "{}", self.out.join(file).display())?;
        }
        Ok(Exit::Success)
    }
}

/// A charter and a baseline without errors, to be packed.
#[derive(Debug)]
pub(crate) struct Package<'a> {
    charter: &'a str,
    baseline_file: &'a str,
    baseline: &'a str,
}

impl<'a> Package<'a> {
    /// `None` if anything is wrong with the charter or the baseline.
    pub(crate) fn of(found: &'a Examination) -> Option<Self> {
        match (&found.written, &found.baseline) {
            (Some(written), Some(baseline)) if found.is_valid() => Some(Self {
                charter: &found.charter.text,
                baseline_file: Charter::baseline_file(written),
                baseline: &baseline.text,
            }),
            _ => None,
        }
    }

    /// The names of the files.
    pub(crate) fn files(&self) -> [&'a str; 3] {
        [CHARTER_FILE, self.baseline_file, PACKED_AT_FILE]
    }

    /// Writes the files into `folder`; answers their names.
    pub(crate) fn write(&self, folder: &Path, now: Timestamp) -> Result<[&'a str; 3], Error> {
        let failed = |file: PathBuf| |source| Error::Write { file, source };
        fs::create_dir_all(folder).map_err(failed(folder.to_owned()))?;
        let packed_at = format!("{now:.3}\n");
        let texts = [self.charter, self.baseline, &packed_at];
        for (name, text) in self.files().into_iter().zip(texts) {
            let file = folder.join(name);
            fs::write(&file, text).map_err(failed(file))?;
        }
        Ok(self.files())
    }
}
