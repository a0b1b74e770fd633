//! From JSON to a document. Every member of every object is taken or refused.

mod condition;
mod principal;
mod statement;

use std::borrow::Cow;

use super::error::{PolicyError, Problem, shown};
use super::json::Json;
use super::place::Place;
use super::{LanguageVersion, OneOrMany, PolicyDocument};

/// The members of one object.
type Members<'j> = [(Cow<'j, str>, Json<'j>)];

const ELEMENTS: [&str; 3] = ["Version", "Id", "Statement"];

pub(super) fn document(members: &Members<'_>) -> Result<PolicyDocument, PolicyError> {
    let root = Place::Document;
    let (mut version, mut id, mut statements) = (None, None, None);
    for (key, value) in members {
        let at = root.member(key);
        match key.as_ref() {
            "Version" => once(&mut version, language(value, &at)?, &at)?,
            "Id" => once(&mut id, text(value, &at)?.to_owned(), &at)?,
            // Read when the version is known, which may stand behind it.
            "Statement" => once(&mut statements, value, &at)?,
            _ => return Err(unknown(key, &ELEMENTS, "Version, Id or Statement", &at)),
        }
    }
    let at = root.member("Statement");
    let Some(statements) = statements else {
        let expected = "a statement or a list of statements";
        return Err(at.error(Problem::Missing { expected }));
    };
    let language = version.unwrap_or(LanguageVersion::V2008);
    let read = |value: &Json<'_>, at: &Place<'_>| statement::statement(value, language, at);
    Ok(PolicyDocument {
        version,
        id,
        statements: one_or_many(statements, &at, read)?,
    })
}

fn language(value: &Json<'_>, at: &Place<'_>) -> Result<LanguageVersion, PolicyError> {
    match value {
        Json::Text(text) if text == LanguageVersion::V2012.as_str() => Ok(LanguageVersion::V2012),
        Json::Text(text) if text == LanguageVersion::V2008.as_str() => Ok(LanguageVersion::V2008),
        _ => Err(unfit(value, "`2012-10-17` or `2008-10-17`", at)),
    }
}

/// Takes a member that may be there once. JSON leaves open which of two equal keys counts, and IAM refuses them.
fn once<T>(slot: &mut Option<T>, value: T, at: &Place<'_>) -> Result<(), PolicyError> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(again("the element", at)),
    }
}

fn one_or_many<T>(
    value: &Json<'_>,
    at: &Place<'_>,
    read: impl Fn(&Json<'_>, &Place<'_>) -> Result<T, PolicyError>,
) -> Result<OneOrMany<T>, PolicyError> {
    let Json::List(items) = value else {
        return read(value, at).map(OneOrMany::One);
    };
    let items = items.iter().enumerate();
    let items = items.map(|(index, item)| read(item, &at.item(index)));
    items.collect::<Result<_, _>>().map(OneOrMany::Many)
}

fn text<'j>(value: &'j Json<'_>, at: &Place<'_>) -> Result<&'j str, PolicyError> {
    match value {
        Json::Text(text) => Ok(text),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::List(_) | Json::Object(_) => {
            Err(unfit(value, "a text", at))
        }
    }
}

fn members<'j, 'v>(
    value: &'v Json<'j>,
    expected: &'static str,
    at: &Place<'_>,
) -> Result<&'v Members<'j>, PolicyError> {
    match value {
        Json::Object(members) => Ok(members),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Text(_) | Json::List(_) => {
            Err(unfit(value, expected, at))
        }
    }
}

fn unfit(found: &Json<'_>, expected: &'static str, at: &Place<'_>) -> PolicyError {
    at.error(Problem::Unfit {
        found: found.shown(),
        expected,
    })
}

fn again(what: &str, at: &Place<'_>) -> PolicyError {
    at.error(Problem::Duplicate {
        found: what.to_owned(),
    })
}

/// The error about a member that no object of its kind has.
pub(crate) fn unknown(
    key: &str,
    elements: &[&'static str],
    known: &'static str,
    at: &Place<'_>,
) -> PolicyError {
    let lower = key.to_lowercase();
    let likeness = |name: &str| strsim::jaro_winkler(&lower, &name.to_lowercase());
    let nearest = elements.iter().map(|name| (likeness(name), *name));
    at.error(Problem::Unknown {
        found: shown(key),
        nearest: nearest
            .filter(|(likeness, _)| *likeness > 0.9)
            .max_by(|one, other| one.0.total_cmp(&other.0))
            .map(|(_, name)| name),
        known,
    })
}
