//! What documents come wrapped in.

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::PolicyDocument;
use super::error::{PolicyError, Problem, shown};
use super::json::{DEPTH, Json};
use super::place::Place;
use super::reader::document;

/// IAM's largest documents have some ten thousand characters, not counting white space; encoded they may be ten times
/// as long.
const BYTES: usize = 1 << 20;

/// Percent-encoded JSON in a JSON string in a list, and one to spare. Each layer is at most as long as the one around
/// it, so this also bounds the work.
const WRAPPINGS: usize = 6;

const EXPECTED: &str =
    "a policy: an object, its text or percent-encoded text, or a list with one of these";

pub(super) fn read(text: &str) -> Result<PolicyDocument, PolicyError> {
    of_text(text, WRAPPINGS)
}

pub(super) fn from_value(value: &Value) -> Result<PolicyDocument, PolicyError> {
    let json = Json::borrow(value).ok_or_else(|| unfit(format!("more than {DEPTH} levels")))?;
    of_json(json, WRAPPINGS)
}

fn of_text(text: &str, wrappings: usize) -> Result<PolicyDocument, PolicyError> {
    if text.len() > BYTES {
        return Err(unfit(format!("{} bytes", text.len())));
    }
    let start = text.trim_start();
    if start.starts_with('%') {
        let decoded = percent_decode_str(start.trim_end()).decode_utf8();
        let decoded =
            decoded.map_err(|_| unfit("percent-encoded bytes that are no text".to_owned()))?;
        // A text that decodes to itself has no encoding that could be taken off.
        if decoded == start.trim_end() || wrappings == 0 {
            return Err(unfit(format!("`{}`", shown(start))));
        }
        return of_text(&decoded, wrappings - 1);
    }
    if !start.starts_with(['{', '[', '"']) {
        return Err(unfit(format!("`{}`", shown(start))));
    }
    let json = Json::parse(start).map_err(|error| {
        let detail = shown(&error.to_string());
        Place::Document.error(Problem::Syntax { detail })
    })?;
    of_json(json, wrappings)
}

fn of_json(json: Json<'_>, wrappings: usize) -> Result<PolicyDocument, PolicyError> {
    let Some(below) = wrappings.checked_sub(1) else {
        return Err(unfit("too many wrappings".to_owned()));
    };
    match json {
        Json::Object(members) => document(&members),
        Json::Text(text) => of_text(&text, below),
        Json::List(items) => match <[Json<'_>; 1]>::try_from(items) {
            Ok([item]) => of_json(item, below),
            Err(items) => Err(unfit(format!("a list of {}", items.len()))),
        },
        Json::Null | Json::Bool(_) | Json::Number(_) => Err(unfit(json.shown())),
    }
}

fn unfit(found: String) -> PolicyError {
    Place::Document.error(Problem::Unfit {
        found,
        expected: EXPECTED,
    })
}
