//! What a line says of context keys.

use std::collections::HashSet;

use serde_json::value::RawValue;

use super::limit;
use super::members::{Members, is_list, is_text, items, text, unfit};
use crate::access::Context;
use crate::policy::{Place, PolicyError, Problem, folded, shown};

const VALUE: &str = "a text, a number, true or false";

/// Reads `request.context`, and `unknown` with the keys of which nothing is known.
pub(super) fn read(
    known: Option<&RawValue>,
    unknown: Option<&RawValue>,
) -> Result<Context, PolicyError> {
    let mut context = Context::new();
    let mut keys = HashSet::new();
    let root = Place::Document;
    let request = root.member("request");
    let above = request.member("context");
    if let Some(known) = known {
        let members = Members::of(known, "an object with context keys", &above)?;
        for (key, value) in members.iter() {
            let at = above.member(key);
            once(key, &mut keys, &at)?;
            context.set_all(key, values(value, &at)?);
        }
    }
    let above = root.member("unknown");
    let unknown = unknown.map(|unknown| items(unknown, "a list of context keys", &above));
    for (index, value) in unknown.transpose()?.into_iter().flatten().enumerate() {
        let at = above.item(index);
        let key = text(value, "a context key", &at)?;
        once(&key, &mut keys, &at)?;
        context.set_unknown(key);
    }
    Ok(context)
}

/// Refuses a key that is none, and one that was there already in whatever spelling, known or not.
fn once(key: &str, keys: &mut HashSet<Box<str>>, at: &Place<'_>) -> Result<(), PolicyError> {
    if key.is_empty() {
        let expected = "the name of a context key";
        return Err(at.error(Problem::Missing { expected }));
    }
    limit::KEY.check(key, at)?;
    if keys.insert(folded(key)) {
        return Ok(());
    }
    let found = format!("`{}`", shown(key));
    Err(at.error(Problem::Duplicate { found }))
}

fn values(value: &RawValue, at: &Place<'_>) -> Result<Vec<String>, PolicyError> {
    if !is_list(value) {
        return Ok(vec![one(value, at)?]);
    }
    let items = items(value, VALUE, at)?.into_iter().enumerate();
    items
        .map(|(index, item)| one(item, &at.item(index)))
        .collect()
}

/// The text that is compared: numbers keep the digits that they were written with.
fn one(value: &RawValue, at: &Place<'_>) -> Result<String, PolicyError> {
    let compared = written(value, at)?;
    limit::VALUE.check(&compared, at)?;
    Ok(compared)
}

fn written(value: &RawValue, at: &Place<'_>) -> Result<String, PolicyError> {
    let written = value.get();
    if is_text(value) {
        return text(value, VALUE, at).map(Into::into);
    }
    match written.as_bytes() {
        [b'-' | b'0'..=b'9', ..] if written.contains(['e', 'E']) => {
            let expected = "the number without an exponent, or in quotation marks";
            Err(unfit(value, expected, at))
        }
        [b't' | b'f' | b'-' | b'0'..=b'9', ..] => Ok(written.to_owned()),
        _ => Err(unfit(value, VALUE, at)),
    }
}
