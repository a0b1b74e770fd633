//! Who has been writing the document.

use std::io::{self, Write};

use guard_core::change::Change;
use guard_core::explain::plain;
use guard_core::facts::{Trail, Window};
use jiff::{SignedDuration, Timestamp};

use crate::paint::{FAINT, HEAD, Painted, counted};

/// CloudTrail's event history holds as much (CloudTrail API reference, `LookupEvents`).
const HISTORY: SignedDuration = SignedDuration::from_hours(90 * 24);

/// What CloudFormation's calls in a caller's name carry as `invokedBy`.
const CLOUDFORMATION: &str = "cloudformation.amazonaws.com";

/// One principal, and what it has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Writer {
    /// The ARN that decides, or whatever names the principal.
    pub(super) name: String,
    /// The service that made the calls for it.
    pub(super) via: Option<String>,
    /// How many calls.
    pub(super) calls: usize,
    /// When the last one was.
    pub(super) last: Timestamp,
}

/// All of the history, up to now.
pub(super) fn history(now: Timestamp) -> Window {
    Window {
        from: now.saturating_sub(HISTORY).unwrap_or(now),
        to: now,
    }
}

/// The writers that the history names, the latest first.
pub(super) fn writers(changes: &[Change]) -> Vec<Writer> {
    let mut writers: Vec<Writer> = Vec::new();
    for change in changes {
        let principal = &change.principal;
        let name = principal.deciding_arn().unwrap_or(&principal.label);
        let known = writers
            .iter_mut()
            .find(|writer| writer.name == name && writer.via == principal.via);
        match known {
            Some(writer) => {
                writer.calls += 1;
                writer.last = writer.last.max(change.at);
            }
            None => writers.push(Writer {
                name: name.to_owned(),
                via: principal.via.clone(),
                calls: 1,
                last: change.at,
            }),
        }
    }
    writers.sort_by(|one, other| other.last.cmp(&one.last).then(one.name.cmp(&other.name)));
    writers
}

impl Writer {
    /// Whether CloudFormation made the calls, as a stack's own document is written.
    pub(super) fn is_cloudformation(&self) -> bool {
        self.via.as_deref() == Some(CLOUDFORMATION)
    }
}

/// Who wrote, or why that is not known.
pub(super) fn write(trail: &Trail, since: Timestamp, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", Painted(HEAD, "Written by"))?;
    match trail {
        Trail::Failed { why } => {
            writeln!(
                out,
                "  nobody knows: CloudTrail did not answer: {}",
                plain(why, 500)
            )
        }
        Trail::Answered {
            changes,
            complete_from,
        } => {
            let writers = writers(changes);
            for writer in &writers {
                write_one(writer, out)?;
            }
            if writers.is_empty() {
                writeln!(
                    out,
                    "  nobody since {since:.0}, as far as CloudTrail's event history reaches"
                )?;
            }
            if *complete_from > since {
                let note =
                    format!("  only counted since {complete_from:.0}: there was too much before");
                writeln!(out, "{}", Painted(FAINT, &note))?;
            }
            Ok(())
        }
    }
}

fn write_one(writer: &Writer, out: &mut dyn Write) -> io::Result<()> {
    let calls = counted(writer.calls, "time");
    let via = writer
        .via
        .as_ref()
        .map_or_else(String::new, |via| format!(", through {}", plain(via, 100)));
    let name = plain(&writer.name, 300);
    writeln!(out, "  {name}: {calls}{via}, last {:.0}", writer.last)
}

#[cfg(test)]
mod tests {
    use guard_core::change::{Reading, read_record};
    use guard_core::names::{AccountId, Region};
    use insta::assert_snapshot;
    use serde_json::json;

    use super::*;

    fn change(minute: u8, user: &str, via: Option<&str>) -> Change {
        let region = Region::parse("eu-central-1").unwrap();
        let account = AccountId::parse("123456789012").unwrap();
        let record = json!({
            "eventID": format!("b1c2d3e4-1111-4222-8333-4444555566{minute:02}"),
            "eventTime": format!("2026-01-15T02:{minute:02}:04Z"),
            "eventSource": "ssm.amazonaws.com",
            "eventName": "UpdateDocument",
            "awsRegion": "eu-central-1",
            "recipientAccountId": "123456789012",
            "userIdentity": {
                "type": "IAMUser",
                "arn": format!("arn:aws:iam::123456789012:user/{user}"),
                "invokedBy": via,
            },
            "requestParameters": { "name": "SSM-SessionManagerRunShell" },
        });
        match read_record(&record, &crate::scope::of(&account, &region).unwrap()) {
            Ok(Reading::Change(change)) => *change,
            other => panic!("{other:?}"),
        }
    }

    fn told(trail: &Trail) -> String {
        let mut out = Vec::new();
        write(trail, "2026-01-01T00:00:00Z".parse().unwrap(), &mut out).unwrap();
        anstream::adapter::strip_str(&String::from_utf8(out).unwrap()).to_string()
    }

    #[test]
    fn writers_are_counted_and_the_latest_comes_first() {
        let stack = Some("cloudformation.amazonaws.com");
        let changes = vec![
            change(1, "alice", None),
            change(9, "bob", stack),
            change(5, "alice", None),
            change(3, "alice", stack),
        ];
        assert!(writers(&changes).first().unwrap().is_cloudformation());
        let trail = Trail::Answered {
            changes,
            complete_from: "2026-01-10T00:00:00Z".parse().unwrap(),
        };
        assert_snapshot!(told(&trail).trim_start(), @r"
        Written by
          arn:aws:iam::123456789012:user/bob: 1 time, through cloudformation.amazonaws.com, last 2026-01-15T02:09:04Z
          arn:aws:iam::123456789012:user/alice: 2 times, last 2026-01-15T02:05:04Z
          arn:aws:iam::123456789012:user/alice: 1 time, through cloudformation.amazonaws.com, last 2026-01-15T02:03:04Z
          only counted since 2026-01-10T00:00:00Z: there was too much before
        ");
    }

    #[test]
    fn an_error_is_not_nobody() {
        let trail = Trail::Failed {
            why: "denied".to_owned(),
        };
        assert!(told(&trail).contains("nobody knows: CloudTrail did not answer: denied"));
    }

    #[test]
    fn the_history_reaches_back_ninety_days() {
        let window = history("2026-04-01T00:00:00Z".parse().unwrap());
        assert_eq!(window.from.to_string(), "2026-01-01T00:00:00Z");
    }
}
