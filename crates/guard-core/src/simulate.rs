//! Requests against policies: one line of JSON asks, another answers.
//!
//! A line is decided on or refused. It is refused for the first thing in it that is not understood, so that no answer
//! rests on less than what was written. `docs/simulate.md` lists the members of both.

mod answer;
mod context;
mod documents;
mod limit;
mod members;
mod request;

use serde_json::value::RawValue;

pub use self::answer::{Answer, Reason, Ruling};
use self::documents::Documents;
use self::members::Members;
use self::request::Asked;
use crate::access::decide;
use crate::policy::{Place, PolicyError};

const MEMBERS: [&str; 8] = [
    "id",
    "request",
    "identity",
    "boundary",
    "session",
    "scp",
    "resourcePolicy",
    "unknown",
];

const KNOWN: &str = "id, request, identity, boundary, session, scp, resourcePolicy or unknown";

/// Answers one line. Its number is what an answer is known by where the line has no id.
pub fn answer(line: &str, number: u64) -> Answer<'_> {
    let members = match Members::of_line(line) {
        Ok(members) => members,
        Err(error) => return Answer::refused(number, error),
    };
    match id(&members) {
        Ok(id) => Answer {
            id,
            number,
            ruling: rule(&members),
        },
        Err(error) => Answer::refused(number, error),
    }
}

/// The id as it was written; `null` is none.
fn id<'a>(members: &Members<'a>) -> Result<Option<&'a RawValue>, PolicyError> {
    let root = Place::Document;
    let at = root.member("id");
    let Some(id) = members.alone("id", &root)? else {
        return Ok(None);
    };
    members::check_keys(id, &at)?;
    Ok(Some(id).filter(|id| id.get() != "null"))
}

fn rule(members: &Members<'_>) -> Result<Ruling, PolicyError> {
    members.check(&MEMBERS, KNOWN, &Place::Document)?;
    let asked = Asked::read(members)?;
    let documents = Documents::read(members)?;
    let policies = documents.policies();
    let decision = decide(&policies, &asked.request());
    Ok(Ruling::new(decision, &policies))
}
