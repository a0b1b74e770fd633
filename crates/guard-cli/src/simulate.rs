//! `session-guard simulate`: requests against policies, a line of JSON each.

mod lines;
mod prose;

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use guard_core::simulate::{Answer, answer};

use crate::error::Error;
use crate::exit::Exit;
use crate::format::Format;
use crate::streams::Streams;
use lines::{Line, Lines};

const EXAMPLES: &str = r#"Examples:
  session-guard simulate docs/examples/requests.jsonl
  session-guard simulate requests.jsonl | jq -c 'select(.decision != "allowed")'
  aws iam get-role-policy --role-name web --policy-name sessions \
    | jq -c '{request: {action: "ssm:TerminateSession", resource: "*"}, identity: [.PolicyDocument]}' \
    | session-guard simulate

A line is an object; only request must be there, with action and resource:
  id              anything; it is given back, or null where there is none
  request         {"principal": ARN, "action": "ssm:StartSession", "resource": ARN or "*",
                  "context": {key: value or [values]}}; nothing is added to the context
  identity        [policies] of the caller and its groups
  boundary        [policies] of the permissions boundary; [] lets nothing through
  session         [policies] of the session; [] lets nothing through
  scp             [[policies] of each level, the root first]
  resourcePolicy  the policy of the resource
  unknown         [context keys] that may have any value or none; all others are absent
Policies are JSON objects, or strings of JSON, percent-encoded or not.

Its answer is one, too:
  {"id", "decision": "allowed", "explicitly-denied", "implicitly-denied" or "conditional",
   "because": [{"layer", "level" (of scp), "policy", "statement", "sid", "effect"}],
   "on": [context keys that a conditional decision depends on]}
  {"id", "error"} for a line that cannot be read, with its number where it has no id
All numbers of policies and statements count from 0. On a terminal answers are sentences.

Exit status: 0 each line was decided on, 1 something cannot be read, 64 wrong arguments."#;

/// Decide on requests by policies: lines of JSON in and out
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Simulate {
    /// The requests, or - for the standard input
    #[arg(value_name = "FILE", default_value = "-")]
    file: PathBuf,
    /// How to answer; text on a terminal, otherwise lines of JSON
    #[arg(long, value_enum)]
    format: Option<Format>,
}

impl Simulate {
    pub(crate) fn run(&self, streams: &mut Streams<'_>) -> Result<Exit, Error> {
        let format = match (self.format, streams.width) {
            (Some(format), _) => format,
            (None, Some(_)) => Format::Text,
            (None, None) => Format::Json,
        };
        let mut lines = Lines::of(self.open()?);
        let mut out = BufWriter::with_capacity(lines::AT_A_TIME, &mut *streams.out);
        let mut exit = Exit::Success;
        loop {
            if lines.may_wait() {
                // Somebody may wait for these answers before asking on.
                out.flush()?;
            }
            let Some((number, line)) = lines.next().map_err(|source| self.failed(source))? else {
                break;
            };
            let answer = match line {
                Line::Text(text) => answer(text, number),
                Line::Unreadable(found) => Answer::unreadable(number, found),
            };
            if answer.ruling.is_err() {
                exit = Exit::Failure;
            }
            match format {
                Format::Text => prose::write(&answer, &mut out)?,
                Format::Json => write_json(&answer, &mut out)?,
            }
        }
        out.flush()?;
        Ok(exit)
    }

    fn open(&self) -> Result<Box<dyn Read>, Error> {
        if self.file == Path::new("-") {
            return Ok(Box::new(io::stdin().lock()));
        }
        match File::open(&self.file) {
            Ok(file) => Ok(Box::new(file)),
            Err(source) => Err(self.failed(source)),
        }
    }

    fn failed(&self, source: io::Error) -> Error {
        let file = self.file.clone();
        Error::Read { file, source }
    }
}

fn write_json(answer: &Answer<'_>, out: &mut dyn Write) -> io::Result<()> {
    let json = serde_json::to_string(answer)?;
    writeln!(out, "{}", tame(json))
}

/// The same JSON without characters that do something to a terminal or end a line for some reader. JSON has those below
/// space only between its tokens, and all others only in texts.
fn tame(json: String) -> String {
    let is_wild = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    if !json.contains(is_wild) {
        return json;
    }
    json.chars().fold(String::new(), |mut tame, character| {
        match character {
            '\0'..' ' => tame.push(' '),
            wild if is_wild(wild) => {
                let escape = format!("\\u{:04x}", u32::from(wild));
                tame.push_str(&escape);
            }
            _ => tame.push(character),
        }
        tame
    })
}

#[cfg(test)]
mod tests {
    use super::tame;

    #[test]
    fn wild_characters_are_escaped_and_mean_the_same() {
        let json = "[\"ä\u{7f}\u{9b}31m\u{2028}\\u001b\",\t\r1.50]";
        let tamed = tame(json.to_owned());
        assert_eq!(tamed, r#"["ä\u007f\u009b31m\u2028\u001b",  1.50]"#);
        let [one, other] = [json, &tamed].map(serde_json::from_str::<serde_json::Value>);
        assert_eq!(one.unwrap(), other.unwrap());
    }
}
