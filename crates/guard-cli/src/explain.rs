//! `session-guard explain`: what the guard makes of one event, and why, without asking AWS anything.

mod aftermath;
mod answers;
mod event;
mod opinion;
mod text;

use std::io::Write;
use std::path::{Path, PathBuf};

use guard_core::change::{Change, NotOurs};
use guard_core::envelope::Arrival;
use guard_core::judge::{Decision, Trigger};
use guard_core::mandate::{Mandate, MandateError};
use guard_core::names::Scope;
use guard_core::report::{Done, report};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::check::{Examination, mandate, write_findings};
use crate::error::Error;
use crate::exit::Exit;
use crate::format::Format;
use crate::paint::{HEAD, Painted};
use crate::papers::Paper;
use crate::streams::Streams;
use answers::{Answers, NO_APPROVAL};
use event::Event;
pub use event::EventError;

const EXAMPLES: &str = "\
Examples:
  session-guard explain --charter charter.toml --event events/ssm/UpdateDocument/stranger-turns-logging-off.json
  aws ssm get-document --name SSM-SessionManagerRunShell --query Content --output text > live.json
  session-guard explain --charter charter.toml --event event.json --live live.json --format json

The event is EventBridge's envelope or CloudTrail's bare record; account and Region are taken from it.
Nothing is asked of AWS and nothing is changed: what no file tells is assumed, and said.";

/// Explain what the guard makes of one event, offline: verdict, reasons, differences and plan
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Explain {
    /// The charter
    #[arg(long, value_name = "FILE")]
    charter: PathBuf,
    /// The event
    #[arg(long, value_name = "FILE")]
    event: PathBuf,
    /// What the document says after the event; without it only the author is judged, unless the event deletes it
    #[arg(long, value_name = "FILE")]
    live: Option<PathBuf>,
    /// The approved content, when it is an editor's and not the baseline any more
    #[arg(long, value_name = "FILE")]
    approved: Option<PathBuf>,
    /// The baseline, instead of the file beside the charter that it names
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// How to say it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// A decision with everything that is shown of it.
#[derive(Debug)]
struct Explained<'a> {
    scope: &'a Scope,
    at: Timestamp,
    change: Option<&'a Change>,
    decision: &'a Decision,
    /// What decides, when nothing could be decided.
    open: Option<Vec<String>>,
    /// What no file told.
    assumed: Vec<String>,
}

impl Explain {
    pub(crate) fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Error> {
        let event = self.event()?;
        let trigger = match &event.arrival {
            Arrival::NotOurs(not_ours) => return self.write_not_ours(not_ours, streams.out),
            Arrival::Change(change) => Trigger::Change(change.clone()),
            Arrival::Sweep => Trigger::Sweep,
        };
        let baseline = self.baseline.as_deref();
        let account = &event.scope.account;
        let found = Examination::of(&self.charter, baseline, account)?;
        if !found.is_valid() {
            write_findings(&found, streams.err)?;
            return Ok(Exit::Failure);
        }
        let mandate = match (&self.approved, found.mandate(&event.scope.region)) {
            (Some(file), Some(_)) => Self::mandate_of_approved(&found, file, &event.scope)?,
            (None, Some(mandate)) => mandate.clone(),
            (_, None) => return Err(self.no_mandate(&found, &event.scope)),
        };
        self.explain(&event, &trigger, &mandate, streams.out)?;
        Ok(Exit::Success)
    }

    fn event(&self) -> Result<Event, Error> {
        let paper = Paper::read(&self.event)?;
        Event::parse(&paper.text).map_err(|source| Error::Event {
            file: paper.file,
            source,
        })
    }

    /// An approved content stands where the baseline stands, and has to keep the floor as the baseline has.
    fn mandate_of_approved(
        found: &Examination,
        file: &Path,
        scope: &Scope,
    ) -> Result<Mandate, Error> {
        let approved = Paper::read(file)?;
        let (charter, content) = (&found.charter.text, &approved.text);
        mandate(charter, content, &scope.account, &scope.region)?.map_err(|source| {
            Error::Approved {
                file: approved.file,
                source,
            }
        })
    }

    fn no_mandate(&self, found: &Examination, scope: &Scope) -> Error {
        let named = found.written.as_ref().map(|it| it.regions().to_vec());
        Error::Mandate {
            file: self.charter.clone(),
            source: MandateError::Region {
                region: scope.region.clone(),
                named: named.unwrap_or_default(),
            },
        }
    }

    fn explain(
        &self,
        event: &Event,
        trigger: &Trigger,
        mandate: &Mandate,
        out: &mut dyn Write,
    ) -> Result<(), Error> {
        let live = self.live.as_deref().map(Paper::read).transpose()?;
        let live = live.as_ref().map(|paper| paper.text.as_str());
        let (decision, open, assumed) = match Answers::new(event, live, mandate) {
            None => {
                let open = opinion::open_questions(mandate, trigger, event.at);
                (opinion::on(mandate, trigger), Some(open), Vec::new())
            }
            Some(answers) => {
                let mut outcome = answers.judge(mandate, trigger).ok_or(Error::Endless)?;
                if self.approved.is_some() {
                    outcome.assumed.remove(NO_APPROVAL);
                }
                let mut assumed = vec![
                    "the guard was deployed before the event, and judges at the event's time"
                        .to_owned(),
                ];
                assumed.extend(outcome.assumed.into_iter().map(str::to_owned));
                (outcome.decision, None, assumed)
            }
        };
        let explained = Explained {
            scope: &event.scope,
            at: event.at,
            change: match trigger {
                Trigger::Change(change) => Some(change),
                Trigger::Sweep => None,
            },
            decision: &decision,
            open,
            assumed,
        };
        match self.format {
            Format::Text => text::write(&explained, out)?,
            Format::Json => writeln!(out, "{:#}", body(&explained, trigger, mandate))?,
        }
        Ok(())
    }

    fn write_not_ours(&self, not_ours: &NotOurs, out: &mut dyn Write) -> Result<Exit, Error> {
        match self.format {
            Format::Text => writeln!(out, "{}: {not_ours}", Painted(HEAD, "not our business"))?,
            Format::Json => {
                let text = not_ours.to_string();
                let body = json!({ "verdict": "not-ours", "headline": text, "why": not_ours });
                writeln!(out, "{body:#}")?;
            }
        }
        Ok(Exit::Success)
    }
}

/// The very body that the guard logs and publishes, and what it rests on here.
fn body(explained: &Explained<'_>, trigger: &Trigger, mandate: &Mandate) -> Value {
    let done = Done {
        steps: &[],
        failed: None,
        began: explained.at,
        ended: explained.at,
    };
    let mut body = report(mandate, trigger, explained.decision, done).body;
    if let Some(members) = body.as_object_mut() {
        members.insert("assumed".to_owned(), json!(explained.assumed));
        if let Some(open) = &explained.open {
            members.insert("open".to_owned(), json!(open));
            // Nothing was compared and nothing planned, which is another thing than no difference and no plan.
            for undecided in ["drift", "driftFields", "plan"] {
                members.insert(undecided.to_owned(), Value::Null);
            }
        }
    }
    body
}
