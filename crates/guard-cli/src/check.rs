//! `session-guard charter check`: says what is wrong with a charter, before a deployment does.

mod complaint;
mod examination;
mod place;
mod summary;

use std::io::Write;
use std::path::{Path, PathBuf};

use guard_core::charter::{CharterErrors, Warning};
use guard_core::mandate::MandateError;
use guard_core::names::{AccountId, Region};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::error::Error;
use crate::exit::Exit;
use crate::format::Format;
use crate::paint::{FAINT, GOOD, HEAD, ODD, Painted, counted, one_line};
use crate::papers::Paper;
use crate::scope::EXAMPLE_ACCOUNT;
use crate::streams::Streams;
use complaint::Complaint;
pub(crate) use examination::{Examination, mandate};
use summary::Summary;

const EXAMPLES: &str = "\
Examples:
  session-guard charter check charter.toml
  session-guard charter check charter.toml --account 111122223333 --strict
  session-guard charter check charter.toml --baseline live.json --format json

Exit status: 0 valid, 1 errors (with --strict also warnings), 64 wrong arguments.";

/// Check a charter and the baseline beside it, in every Region that it names.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Check {
    /// The charter
    file: PathBuf,
    /// The baseline, instead of the file beside the charter that it names
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// The account for which `${account}` is filled in
    #[arg(long, value_name = "ID", default_value = EXAMPLE_ACCOUNT, value_parser = AccountId::parse)]
    account: AccountId,
    /// The time, instead of now: entries that have ended by then are warned of
    #[arg(long, value_name = "TIME")]
    now: Option<Timestamp>,
    /// How to say it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Take warnings for errors
    #[arg(long)]
    strict: bool,
}

impl Check {
    pub(crate) fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Error> {
        let mut found = Examination::of(&self.file, self.baseline.as_deref(), &self.account)?;
        if let Some(charter) = &found.written {
            let lapsed = charter.lapsed(self.now.unwrap_or_else(Timestamp::now));
            found.warnings.extend(lapsed);
        }
        match self.format {
            Format::Text => self.write_text(&found, streams.out)?,
            Format::Json => writeln!(streams.out, "{:#}", self.json(&found))?,
        }
        let is_passed = found.is_valid() && (found.warnings.is_empty() || !self.strict);
        Ok(if is_passed {
            Exit::Success
        } else {
            Exit::Failure
        })
    }

    fn json(&self, found: &Examination) -> Value {
        let warnings = found.warnings.iter();
        json!({
            "charter": self.file.display().to_string(),
            "baseline": found.baseline.as_ref().map(|paper| paper.file.display().to_string()),
            "account": self.account,
            "valid": found.is_valid(),
            "errors": found.complaints,
            "warnings": warnings.map(|warning| json!({ "warning": warning, "text": warning.to_string() })).collect::<Vec<_>>(),
            "summary": found.written.as_ref().map(|charter| Summary(charter).json()),
        })
    }

    fn write_text(&self, found: &Examination, out: &mut dyn Write) -> Result<(), Error> {
        write_findings(found, out)?;
        let file = self.file.display();
        if found.is_valid() {
            writeln!(
                out,
                "{} {}",
                Painted(HEAD, &format!("{file}:")),
                Painted(GOOD, "valid")
            )?;
            if let Some(charter) = &found.written {
                write!(out, "{}", Summary(charter))?;
            }
            return Ok(());
        }
        let errors = counted(found.complaints.len(), "error");
        let warnings = match found.warnings.len() {
            0 => String::new(),
            number => format!(", {}", counted(number, "warning")),
        };
        writeln!(out, "{file}: {errors}{warnings}")?;
        let note = match (&found.written, &found.baseline) {
            (None, _) => "the baseline is checked once the charter is sound".to_owned(),
            (Some(_), None) => return Ok(()),
            (Some(_), Some(_)) => {
                format!(
                    "checked for account {}; --account names another",
                    self.account
                )
            }
        };
        Ok(writeln!(out, "{}", Painted(FAINT, &note))?)
    }
}

/// One line for each thing that is wrong or hardly meant.
pub(crate) fn write_findings(found: &Examination, out: &mut dyn Write) -> Result<(), Error> {
    for complaint in &found.complaints {
        writeln!(out, "{complaint}")?;
    }
    for warning in &found.warnings {
        write_warning(&found.charter.file.display().to_string(), warning, out)?;
    }
    Ok(())
}

/// One line for each thing that is wrong with a charter.
pub(crate) fn write_charter_errors(
    charter: &Path,
    errors: &CharterErrors,
    err: &mut dyn Write,
) -> Result<(), Error> {
    for complaint in Complaint::of_charter(charter, errors) {
        writeln!(err, "{complaint}")?;
    }
    Ok(())
}

/// One line for each thing for which charter and baseline say nothing in a Region.
pub(crate) fn write_mandate_errors(
    charter: &Paper,
    baseline: &Paper,
    region: &Region,
    error: &MandateError,
    err: &mut dyn Write,
) -> Result<(), Error> {
    for mut complaint in Complaint::of_mandate(charter, baseline, error) {
        complaint.regions.push(region.clone());
        writeln!(err, "{complaint}")?;
    }
    Ok(())
}

fn write_warning(file: &str, warning: &Warning, out: &mut dyn Write) -> Result<(), Error> {
    let place = format!("{file}:");
    let text = one_line(&warning.to_string());
    Ok(writeln!(
        out,
        "{} {} {text}",
        Painted(HEAD, &place),
        Painted(ODD, "warning:")
    )?)
}
