//! `session-guard check`: who in an account may do more than the charter says, and which roles cannot write the records
//! of sessions, from a file and without asking AWS.

mod judging;
mod line;
mod report;
mod table;
mod terms;

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use guard_core::inventory::{Draft, Inventory};
use jiff::Timestamp;

use crate::error::Error;
use crate::exit::Exit;
use crate::progress::Progress;
use crate::streams::Streams;
use judging::judge;
use report::Report;
pub(crate) use terms::Papers;

const EXAMPLES: &str = "\
Examples:
  session-guard check details.json
  aws iam get-account-authorization-details | session-guard check - --charter charter.toml
  session-guard check details.json --format json-lines | jq -r 'select(.exempt == null) | .arn'

Make the file with `aws iam get-account-authorization-details > details.json`, without filters.
Judged by: session-access, preferences-access, forbidden-policy and role-logging (docs/rules.md), as AWS Config shows
them. role-logging asks whether roles of instances can write to the log group and bucket that the charter's baseline
names in each Region.
docs/check.md tells every member of --format json.
Exit status: 0 nothing found, 1 something cannot be read, 2 findings, 64 wrong arguments.";

/// Check who in an account may do more than the charter says, or carries what it forbids, from a file
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CheckDetails {
    /// What `aws iam get-account-authorization-details` wrote, or - for the standard input
    #[arg(value_name = "DETAILS")]
    file: PathBuf,
    /// The charter
    #[arg(long, value_name = "FILE", default_value = "charter.toml")]
    charter: PathBuf,
    /// The baseline, instead of the file beside the charter that it names
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// The time, instead of now: entries of the charter may have ended
    #[arg(long, value_name = "TIME")]
    now: Option<Timestamp>,
    /// How to say it
    #[arg(long, value_enum, default_value_t)]
    format: Layout,
}

/// How findings are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum Layout {
    /// For people: a line for each finding, then how many there are
    #[default]
    Table,
    /// For programs: one object with everything
    Json,
    /// For programs: one object a line for each finding
    JsonLines,
}

impl CheckDetails {
    pub(crate) fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Error> {
        // First what takes no time, so that a wrong charter is told at once.
        let baseline = self.baseline.as_deref();
        let Some(papers) = Papers::read(&self.charter, baseline, streams.err)? else {
            return Ok(Exit::Failure);
        };
        let inventory = inventory(&self.file)?;
        let Some(report) = self.report(&papers, &inventory, streams.err)? else {
            return Ok(Exit::Failure);
        };
        report.write_unjudged(streams.err)?;
        match self.write(&report, streams) {
            // Whoever reads the output has seen enough, and what was found is found all the same.
            Err(Error::Output(error)) if error.kind() == ErrorKind::BrokenPipe => {}
            written => written?,
        }
        Ok(match report.findings() {
            0 => Exit::Success,
            _ => Exit::Findings,
        })
    }

    fn write(&self, report: &Report, streams: &mut Streams<'_>) -> Result<(), Error> {
        match self.format {
            Layout::Table => report.write_table(streams),
            Layout::Json => report.write_json(streams.out),
            Layout::JsonLines => report.write_json_lines(streams.out),
        }
    }

    /// All findings; nothing if charter and baseline cannot be applied.
    fn report(
        &self,
        papers: &Papers,
        inventory: &Inventory,
        err: &mut dyn Write,
    ) -> Result<Option<Report>, Error> {
        // In every account there is somebody, be it a service's role: a file without anybody is a part of one.
        let account = inventory.account().ok_or_else(|| Error::Nobody {
            file: self.file.clone(),
        })?;
        let Some(grounds) = papers.grounds(account, err)? else {
            return Ok(None);
        };
        let now = self.now.unwrap_or_else(Timestamp::now);
        Ok(grounds.terms(now).map(|terms| {
            let lines = judge(inventory.bearers(), &terms, grounds.mandate());
            Report::new(inventory, lines, grounds.unjudged())
        }))
    }
}

/// Everybody of whom a file tells; `-` stands for the standard input.
pub(crate) fn inventory(file: &Path) -> Result<Inventory, Error> {
    if file == Path::new("-") {
        return read(file, io::stdin().lock(), None);
    }
    let failed = |source| Error::Read {
        file: file.to_owned(),
        source,
    };
    let open = File::open(file).map_err(failed)?;
    let length = open.metadata().map_err(failed)?.len();
    read(file, open, Some(length))
}

fn read(file: &Path, details: impl Read, length: Option<u64>) -> Result<Inventory, Error> {
    let progress = Progress::of_reading(length);
    let read = Draft::new()
        .read(progress.watch(details))
        .and_then(Draft::finish);
    read.map_err(|source| Error::Details {
        file: file.to_owned(),
        source: Box::new(source),
    })
}
