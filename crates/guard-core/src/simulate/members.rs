//! Values of a line as they were written. Nothing is lost on the way: neither equal keys nor the digits of a number.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::policy::{Place, PolicyError, Problem, shown, unknown};

/// An id may be as deep as this.
const DEPTH: usize = 32;

/// The members of one object in their order, equal keys too.
#[derive(Debug)]
pub(super) struct Members<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Members<'a> {
    /// Those of the object that a line is.
    pub(super) fn of_line(line: &'a str) -> Result<Self, PolicyError> {
        let root = Place::Document;
        let value: &RawValue = parse(line, &root)?;
        Self::of(value, "an object with the member `request`", &root)
    }

    pub(super) fn of(
        value: &'a RawValue,
        expected: &'static str,
        at: &Place<'_>,
    ) -> Result<Self, PolicyError> {
        if is_object(value) {
            parse(value.get(), at)
        } else {
            Err(unfit(value, expected, at))
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().map(|(key, value)| (key.as_ref(), *value))
    }

    /// The first member of this name.
    pub(super) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.iter()
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    /// The only member of this name. JSON leaves open which of two would count.
    pub(super) fn alone(
        &self,
        name: &str,
        above: &Place<'_>,
    ) -> Result<Option<&'a RawValue>, PolicyError> {
        if self.iter().filter(|(key, _)| *key == name).count() > 1 {
            return Err(again(&above.member(name)));
        }
        Ok(self.get(name))
    }

    /// Refuses a member that comes again, and one that no such object has.
    pub(super) fn check(
        &self,
        names: &[&'static str],
        known: &'static str,
        above: &Place<'_>,
    ) -> Result<(), PolicyError> {
        for (key, _) in self.iter() {
            if !names.contains(&key) {
                return Err(unknown(key, names, known, &above.member(key)));
            }
            self.alone(key, above)?;
        }
        Ok(())
    }
}

/// Refuses equal keys in whatever objects a value holds.
pub(super) fn check_keys(value: &RawValue, at: &Place<'_>) -> Result<(), PolicyError> {
    check_keys_within(value, at, DEPTH)
}

fn check_keys_within(value: &RawValue, at: &Place<'_>, depth: usize) -> Result<(), PolicyError> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(unfit(value, "an id of fewer levels", at));
    };
    if is_object(value) {
        let members: Members<'_> = parse(value.get(), at)?;
        let mut keys = HashSet::new();
        for (key, value) in members.iter() {
            let at = at.member(key);
            if !keys.insert(key) {
                return Err(again(&at));
            }
            check_keys_within(value, &at, depth)?;
        }
    } else if is_list(value) {
        for (index, value) in items(value, "a list", at)?.into_iter().enumerate() {
            check_keys_within(value, &at.item(index), depth)?;
        }
    } else if is_text(value) {
        text(value, "a text", at)?;
    }
    Ok(())
}

/// The values of a list.
pub(super) fn items<'a>(
    value: &'a RawValue,
    expected: &'static str,
    at: &Place<'_>,
) -> Result<Vec<&'a RawValue>, PolicyError> {
    if is_list(value) {
        parse(value.get(), at)
    } else {
        Err(unfit(value, expected, at))
    }
}

/// What a text says.
pub(super) fn text<'a>(
    value: &'a RawValue,
    expected: &'static str,
    at: &Place<'_>,
) -> Result<Cow<'a, str>, PolicyError> {
    if is_text(value) {
        let Text(text) = parse(value.get(), at)?;
        Ok(text)
    } else {
        Err(unfit(value, expected, at))
    }
}

pub(super) fn is_list(value: &RawValue) -> bool {
    value.get().starts_with('[')
}

pub(super) fn is_text(value: &RawValue) -> bool {
    value.get().starts_with('"')
}

fn is_object(value: &RawValue) -> bool {
    value.get().starts_with('{')
}

/// The error about a value that does not belong where it stands.
pub(super) fn unfit(value: &RawValue, expected: &'static str, at: &Place<'_>) -> PolicyError {
    let found = if is_object(value) {
        "an object".to_owned()
    } else if is_list(value) {
        "a list".to_owned()
    } else if let Ok(Text(text)) = serde_json::from_str(value.get()) {
        format!("`{}`", shown(&text))
    } else {
        shown(value.get())
    };
    at.error(Problem::Unfit { found, expected })
}

fn again(at: &Place<'_>) -> PolicyError {
    let found = "the member".to_owned();
    at.error(Problem::Duplicate { found })
}

fn parse<'a, T: Deserialize<'a>>(text: &'a str, at: &Place<'_>) -> Result<T, PolicyError> {
    serde_json::from_str(text).map_err(|error| {
        let told = error.to_string();
        let what = told
            .rsplit_once(" at line ")
            .map_or(told.as_str(), |(what, _)| what);
        // What is parsed is never more than a line, so its lines are not worth a word.
        let detail = format!("{} at column {}", shown(what), error.column());
        at.error(Problem::Syntax { detail })
    })
}

/// A text, borrowed unless it was written with escapes.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some((Text(key), value)) = map.next_entry()? {
            members.push((key, value));
        }
        Ok(Members(members))
    }
}
